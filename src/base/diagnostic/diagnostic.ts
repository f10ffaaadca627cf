import type { DiagnosticCode } from './code.js'

/**
 * @example
 * ```ts
 * const at: SourceLocation = { file: 'openapi.yaml', line: 12, column: 5 }
 * ```
 */
export interface SourceLocation {
  /** Path as the user gave it, or relative to the contract. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column?: number
}

export type Severity = 'error' | 'warning' | 'note'

/**
 * One finding about a contract, for the person who has to mend it.
 *
 * @example
 * ```ts
 * const { diagnostics } = await importWsdl('wsdl/banking/lending.wsdl')
 * const warnings: readonly Diagnostic[] = diagnostics.filter(({ severity }) => severity === 'warning')
 * ```
 */
export interface Diagnostic {
  /** Stable, kebab-case, listed in docs/diagnostics.md. */
  readonly code: DiagnosticCode
  readonly severity: Severity
  /** What was wrong, what was expected, what to do. */
  readonly message: string
  readonly at?: SourceLocation
  /** The other side of a disagreement between the two contracts. */
  readonly related?: readonly { readonly message: string; readonly at: SourceLocation }[]
}

/** Collects findings, so that all of them are reported at once. */
export class Diagnostics {
  readonly list: Diagnostic[] = []
  /** By what they say, where: a place takes long to find, and is asked for where two say the same. */
  readonly #seen = new Map<string, SourceLocation | undefined | Set<string>>()

  error(code: DiagnosticCode, message: string, at?: SourceLocation, related?: Diagnostic['related']): void {
    this.#add('error', { code, message, at, related })
  }

  warning(code: DiagnosticCode, message: string, at?: SourceLocation, related?: Diagnostic['related']): void {
    this.#add('warning', { code, message, at, related })
  }

  note(code: DiagnosticCode, message: string, at?: SourceLocation): void {
    this.#add('note', { code, message, at, related: undefined })
  }

  /** Says what others have found. */
  repeat({ list }: Pick<Diagnostics, 'list'>): void {
    for (const { severity, ...finding } of list) this.#add(severity, finding)
  }

  get hasErrors(): boolean {
    return this.list.some((diagnostic) => diagnostic.severity === 'error')
  }

  #add(
    severity: Severity,
    {
      code,
      message,
      at,
      related,
    }: {
      readonly code: DiagnosticCode
      readonly message: string
      readonly at?: SourceLocation | undefined
      readonly related?: Diagnostic['related'] | undefined
    },
  ): void {
    if (this.#isRepeated(`${code} ${message}`, at)) return
    this.list.push({ code, severity, message, ...(at && { at }), ...(related && { related }) })
  }

  #isRepeated(said: string, at: SourceLocation | undefined): boolean {
    if (!this.#seen.has(said)) {
      this.#seen.set(said, at)
      return false
    }
    const first = this.#seen.get(said)
    const lines = first instanceof Set ? first : new Set([lineOf(first)])
    this.#seen.set(said, lines)
    const { size } = lines
    return lines.add(lineOf(at)).size === size
  }
}

function lineOf(at: SourceLocation | undefined): string {
  return at ? `${at.file}:${at.line}` : ''
}

export function formatLocation(at: SourceLocation): string {
  return at.column === undefined ? `${at.file}:${at.line}` : `${at.file}:${at.line}:${at.column}`
}

/**
 * Writes a diagnostic the way compilers do: `file:line: severity code: message`.
 *
 * @example
 * ```ts
 * const { diagnostics } = await importWsdl('wsdl/banking/lending.wsdl')
 * console.log(diagnostics.map(formatDiagnostic).join('\n'))
 * ```
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return paintDiagnostic(diagnostic, (text) => text)
}

/** The same, with severity and code painted. */
export function paintDiagnostic(
  { severity, code, message, at, related = [] }: Diagnostic,
  paint: (text: string, severity: Severity) => string,
): string {
  const where = at ? `${formatLocation(at)}: ` : ''
  const others = related.map((each) => `\n  ${formatLocation(each.at)}: ${each.message}`)
  return `${where}${paint(`${severity} ${code}:`, severity)} ${message}${others.join('')}`
}
