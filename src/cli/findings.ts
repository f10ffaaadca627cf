import { type Diagnostic, formatLocation } from '../base/diagnostic.js'

/** Findings by file and line; those of no file come first. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const text = ({ at }: Diagnostic): string => at?.file ?? ''
  return [...diagnostics].sort(
    (a, b) =>
      compare(text(a), text(b)) ||
      compare(a.at?.line ?? 0, b.at?.line ?? 0) ||
      compare(a.at?.column ?? 0, b.at?.column ?? 0) ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  )
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** One finding for each cause: the same words at other places become places of the first. */
export function foldCauses(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byCause = new Map<string, Diagnostic>()
  for (const diagnostic of diagnostics) {
    const { severity, code, message, at, related = [] } = diagnostic
    const key = [severity, code, message, ...related.map((each) => formatLocation(each.at))].join('\n')
    const first = byCause.get(key)
    if (!first) byCause.set(key, diagnostic)
    else if (at) {
      const also = { message: 'and here', at }
      byCause.set(key, { ...first, related: [...(first.related ?? []), also] })
    }
  }
  return [...byCause.values()]
}
