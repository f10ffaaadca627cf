import { counted } from '../../base/count.js'
import {
  type Diagnostic,
  formatLocation,
  paintDiagnostic,
  type Severity,
} from '../../base/diagnostic/diagnostic.js'
import { type Colours, colours } from './colours.js'

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

/** What `--json` writes of findings: docs/schemas/findings.schema.json. */
export interface FindingsJson {
  /** Numbers of causes. */
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  /** Sorted, one for each cause, with all of its places. */
  readonly diagnostics: readonly Diagnostic[]
}

export function findingsOf(diagnostics: readonly Diagnostic[]): FindingsJson {
  const causes = foldCauses(sortDiagnostics(diagnostics))
  const count = (severity: Severity): number => causes.filter((each) => each.severity === severity).length
  return {
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    diagnostics: causes,
  }
}

/** Findings as all commands show them: sorted, one for each cause, in the colours of their severity. */
export function findingsText(diagnostics: readonly Diagnostic[], { red, yellow, dim }: Colours): string {
  const paints = { error: red, warning: yellow, note: dim }
  return foldCauses(sortDiagnostics(diagnostics))
    .map((diagnostic) => {
      const { related = [] } = diagnostic
      const shown = paintDiagnostic(
        { ...diagnostic, related: related.slice(0, MOST_PLACES) },
        (text, severity) => paints[severity](text),
      )
      const more = related.length - MOST_PLACES
      return more > 0 ? `${shown}\n  … and at ${counted(more, 'more place')}; --json lists all` : shown
    })
    .join('\n')
}

/** Places of one finding that a person reads before the cause is clear. */
const MOST_PLACES = 6

/** Shows findings on a stream: as text if there are any, as JSON on one line in any case. */
export function showFindings(
  diagnostics: readonly Diagnostic[],
  stream: NodeJS.WriteStream,
  { json = false }: { readonly json?: boolean | undefined } = {},
): void {
  if (json) stream.write(`${JSON.stringify(findingsOf(diagnostics))}\n`)
  else if (diagnostics.length > 0) stream.write(`${findingsText(diagnostics, colours(stream))}\n`)
}
