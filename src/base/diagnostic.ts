import { type DiagnosticCode } from './diagnostic-code.js'

export interface SourceLocation {
  /** Path as the user gave it, or relative to the contract. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column?: number
}

export type Severity = 'error' | 'warning' | 'note'

/** One finding about a contract, for the person who has to mend it. */
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
    this.#add('error', code, message, at, related)
  }

  warning(code: DiagnosticCode, message: string, at?: SourceLocation, related?: Diagnostic['related']): void {
    this.#add('warning', code, message, at, related)
  }

  note(code: DiagnosticCode, message: string, at?: SourceLocation): void {
    this.#add('note', code, message, at, undefined)
  }

  get hasErrors(): boolean {
    return this.list.some((diagnostic) => diagnostic.severity === 'error')
  }

  #add(
    severity: Severity,
    code: DiagnosticCode,
    message: string,
    at: SourceLocation | undefined,
    related: Diagnostic['related'],
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

/** Writes a diagnostic the way compilers do: `file:line: severity code: message`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const where = diagnostic.at ? `${formatLocation(diagnostic.at)}: ` : ''
  const related = (diagnostic.related ?? []).map((r) => `\n  ${formatLocation(r.at)}: ${r.message}`)
  return `${where}${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}${related.join('')}`
}
