import { formatLocation, type SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import type { Route } from '../routes/route.js'
import { type SettingsChange, settingsLines } from '../settings/text.js'
import { casePoints, type DesignCase } from './cases.js'

/** What an import did, for the person who has to approve it. */
export interface ImportSummary {
  /** In the order of the WSDL. */
  readonly operations: readonly ImportedOperation[]
  /** What was decided where names or shapes left a choice, and for which operations. */
  readonly decisions: readonly string[]
  /** Operations that are not in the document, and why. */
  readonly leftOut: readonly string[]
  /** At most ten operations whose design matters most, and how to have it otherwise. */
  readonly cases: readonly DesignCase[]
  /** What could be decided otherwise for a whole backend; "To review" has them as text. */
  readonly proposals: readonly DesignProposal[]
  /** What the importer cannot know, and what to edit. */
  readonly review: readonly string[]
}

/** A decision that no WSDL tells, on what many inputs of a backend have. */
export interface DesignProposal {
  /** What was seen, as a sentence without its full stop. */
  readonly seen: string
  /** What it depends on. */
  readonly where: string
  /** What is done without the settings. */
  readonly asItIs: string
  /** What is done with them. */
  readonly instead: string
  readonly settings: SettingsChange
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
  readonly #leftOut = new Set<string>()
  readonly #proposals: DesignProposal[] = []

  /** @param wanted the route that its name suggests */
  mapped({ operation, method, path }: ImportedOperation, chosen: Route, wanted: Route | undefined): void {
    const call = `${operation} (${method.toUpperCase()} ${path})`
    if (chosen.decision !== undefined) this.decide(chosen.decision, call)
    else if (wanted && chosen !== wanted) {
      this.decide('The path that the name suggests is taken, so the next best', call)
    }
  }

  /**
   * Several operations are one GET.
   *
   * @param apart a line of `import.yaml` that has one of them apart
   */
  folded(served: readonly ImportedOperation[], apart: string | undefined): void {
    const [first, ...others] = served
    if (!first) return
    const names = [first, ...others].map(({ operation }) => operation).join(', ')
    this.decide(
      'Reads that answer alike are one GET, whose query chooses among them; a path in import.yaml has one apart',
      `GET ${first.path} is ${names}${apart === undefined ? '' : ` (operations: { ${apart} })`}`,
    )
  }

  decide(reason: string, ...about: readonly string[]): void {
    add(this.#decisions, reason, about)
  }

  advise(what: string, ...about: readonly string[]): void {
    add(this.#review, what, about)
  }

  /** Advice that is lines of `import.yaml`. */
  propose(proposal: DesignProposal): void {
    this.#proposals.push(proposal)
  }

  /** @param at where the WSDL has it */
  leaveOut(operation: string, reason: string, at: SourceLocation | undefined): void {
    this.#leftOut.add(`${operation}${at ? ` (${formatLocation(at)})` : ''}: ${reason}`)
  }

  summary(operations: readonly ImportedOperation[], cases: readonly DesignCase[]): ImportSummary {
    return {
      operations,
      leftOut: [...this.#leftOut],
      decisions: linesOf(this.#decisions),
      cases,
      proposals: this.#proposals,
      review: [...this.#proposals.map(proposalText), ...linesOf(this.#review)],
    }
  }
}

function proposalText({ seen, where, settings }: DesignProposal): string {
  return [
    `${seen}: ${where}, write into import.yaml (--settings):`,
    ...settingsLines(settings).map((line) => `  ${line}`),
  ].join('\n')
}

function add(lines: Map<string, Set<string>>, text: string, about: readonly string[]): void {
  const known = lines.get(text) ?? new Set()
  for (const each of about) known.add(each)
  lines.set(text, known)
}

const MOST_NAMED = 6

function linesOf(lines: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...lines]
    .map(([text, about]) => {
      const named = [...about].slice(0, MOST_NAMED).join(', ')
      const more = about.size > MOST_NAMED ? ` and ${about.size - MOST_NAMED} more` : ''
      return about.size === 0 ? `${text}.` : `${text}: ${named}${more}.`
    })
    .sort()
}

/** The summary as text for a terminal. */
export function formatSummary({ operations, leftOut, decisions, cases, review }: ImportSummary): string {
  const width = Math.max(0, ...operations.map(({ method, path }) => method.length + path.length + 1))
  const calls = operations.map(({ method, path, operation }) => {
    return `  ${`${method.toUpperCase()} ${path}`.padEnd(width)}  ${operation}`
  })
  return [
    `${operations.length} ${operations.length === 1 ? 'operation' : 'operations'}`,
    ...calls,
    ...section('Left out', leftOut),
    ...section('Decisions', decisions),
    ...section('Worth a look; the last line of each is for import.yaml (--settings)', casePoints(cases)),
    ...section('To review', review),
  ].join('\n')
}

/** A heading and its points, or nothing. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : ['', title, ...lines.map((line) => `  - ${line.replaceAll('\n', '\n    ')}`)]
}
