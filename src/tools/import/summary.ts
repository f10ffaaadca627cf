import { type Route } from './route.js'

/** What an import did, for the person who has to approve it. */
export interface ImportSummary {
  /** In the order of the WSDL. */
  readonly operations: readonly ImportedOperation[]
  /** What was decided where names or shapes left a choice, and for which operations. */
  readonly decisions: readonly string[]
  /** What the importer cannot know, and what to edit. */
  readonly review: readonly string[]
}

export interface ImportedOperation {
  readonly backend: string
  readonly operation: string
  /** Name of its wsdl:input, where the operation is overloaded. */
  readonly input?: string
  readonly operationId: string
  readonly method: string
  readonly path: string
}

/** Collects decisions and advice while a document is made; what is said of several operations is said once. */
export class SummaryWriter {
  readonly #decisions = new Map<string, Set<string>>()
  readonly #review = new Map<string, Set<string>>()

  /** @param wanted the route that its name suggests */
  mapped({ operation, method, path }: ImportedOperation, chosen: Route, wanted: Route | undefined): void {
    const call = `${operation} (${method.toUpperCase()} ${path})`
    if (chosen.decision !== undefined) this.decide(chosen.decision, call)
    else if (wanted && chosen !== wanted) {
      this.decide('The path that the name suggests is taken, so the next best', call)
    }
  }

  decide(reason: string, ...about: readonly string[]): void {
    add(this.#decisions, reason, about)
  }

  advise(what: string, ...about: readonly string[]): void {
    add(this.#review, what, about)
  }

  summary(operations: readonly ImportedOperation[]): ImportSummary {
    return { operations, decisions: linesOf(this.#decisions), review: linesOf(this.#review) }
  }
}

function add(lines: Map<string, Set<string>>, text: string, about: readonly string[]): void {
  const known = lines.get(text) ?? new Set()
  for (const each of about) known.add(each)
  lines.set(text, known)
}

const mostNamed = 6

function linesOf(lines: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...lines]
    .map(([text, about]) => {
      const named = [...about].slice(0, mostNamed).join(', ')
      const more = about.size > mostNamed ? ` and ${about.size - mostNamed} more` : ''
      return about.size === 0 ? `${text}.` : `${text}: ${named}${more}.`
    })
    .sort()
}

/** The summary as text for a terminal. */
export function formatSummary({ operations, decisions, review }: ImportSummary): string {
  const width = Math.max(0, ...operations.map(({ method, path }) => method.length + path.length + 1))
  const calls = operations.map(({ method, path, operation }) => {
    return `  ${`${method.toUpperCase()} ${path}`.padEnd(width)}  ${operation}`
  })
  return [
    `${operations.length} ${operations.length === 1 ? 'operation' : 'operations'}`,
    ...calls,
    ...section('Decisions', decisions),
    ...section('To review', review),
  ].join('\n')
}

/** A heading and its points, or nothing. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)]
}
