import { type Route } from './route.js'

/** What an import did, for the person who has to approve it. */
export interface ImportSummary {
  readonly operations: readonly ImportedOperation[]
  /** What was decided where names or shapes left a choice. */
  readonly decisions: readonly string[]
  /** What the importer cannot know and a person should look at. */
  readonly review: readonly string[]
}

export interface ImportedOperation {
  readonly backend: string
  readonly operation: string
  readonly operationId: string
  readonly method: string
  readonly path: string
}

/** Collects decisions and advice while a document is made. */
export class SummaryWriter {
  readonly #operations: ImportedOperation[] = []
  readonly #decisions: string[] = []
  readonly #review: string[] = []

  mapped(operation: ImportedOperation, chosen: Route, wanted: Route | undefined): void {
    this.#operations.push(operation)
    const call = `${operation.method.toUpperCase()} ${operation.path}`
    if (chosen.decision !== undefined) this.decide(`${operation.operation} is ${call}: ${chosen.decision}.`)
    if (wanted && chosen !== wanted) {
      this.decide(`${operation.operation} is ${call}: the path that its name suggests is taken.`)
    }
  }

  decide(text: string): void {
    this.#decisions.push(text)
  }

  advise(text: string): void {
    if (!this.#review.includes(text)) this.#review.push(text)
  }

  summary(): ImportSummary {
    return { operations: this.#operations, decisions: this.#decisions, review: this.#review }
  }
}

/** The summary as text for a terminal. */
export function formatSummary({ operations, decisions, review }: ImportSummary): string {
  const width = Math.max(0, ...operations.map(({ method, path }) => method.length + path.length + 1))
  const calls = operations.map(({ method, path, operation }) => {
    return `  ${`${method.toUpperCase()} ${path}`.padEnd(width)}  ${operation}`
  })
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)]
  return [
    `${operations.length} ${operations.length === 1 ? 'operation' : 'operations'}`,
    ...calls,
    ...section('Decisions', decisions),
    ...section('To review', review),
  ].join('\n')
}
