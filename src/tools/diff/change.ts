import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { Direction, Judgement, Verdict } from './effect.js'

/** An operation that a change concerns. */
export interface ChangedOperation {
  /** The wsdl:operation. */
  readonly operation: string
  /** The operations of the contract that it serves. */
  readonly rest?: RestName
}

export interface RestName {
  readonly operationId: string
  readonly method: string
  readonly path: string
}

/** Where a change shows: an element path such as `GetAccount/AccountId`; empty for the operation itself. */
export interface Place extends ChangedOperation {
  readonly path: string
}

/** One change, with every place where it shows. */
export interface Change {
  readonly verdict: Verdict
  /** `service` for what is not in a message. */
  readonly direction: Direction | 'service'
  readonly what: string
  readonly meaning: string
  readonly advice: string
  readonly old?: SourceLocation
  readonly new?: SourceLocation
  readonly places: readonly Place[]
}

interface Found extends Judgement {
  readonly direction: Change['direction']
  readonly what: string
  readonly old?: SourceLocation | undefined
  readonly new?: SourceLocation | undefined
}

/** Gathers changes: one cause that shows at many places is one change. */
export class Changes {
  readonly #byCause = new Map<string, Change & { readonly places: Place[] }>()
  readonly #placed = new Set<string>()

  /** @param isEverywhere the cause is the same wherever it is written, a namespace for one */
  add(found: Found, place: Place, { isEverywhere = false }: { readonly isEverywhere?: boolean } = {}): void {
    const { verdict, direction, what, meaning, advice } = found
    const from = isEverywhere ? '' : `${where(found.old)} ${where(found.new)}`
    const key = [verdict, direction, what, meaning, from].join('\n')
    let change = this.#byCause.get(key)
    if (!change) {
      change = {
        ...{ verdict, direction, what, meaning, advice },
        ...(found.old && { old: found.old }),
        ...(found.new && { new: found.new }),
        places: [],
      }
      this.#byCause.set(key, change)
    }
    const placed = `${key}\n${place.operation} ${place.rest?.operationId ?? ''} ${place.path}`
    if (this.#placed.has(placed)) return
    this.#placed.add(placed)
    change.places.push(place)
  }

  /** What breaks first, then by place; the same for the same contracts. */
  sorted(): readonly Change[] {
    const order = (change: Change): string =>
      [
        change.verdict,
        String(directions.indexOf(change.direction)),
        change.places[0]?.path ?? '',
        change.what,
        where(change.old),
      ].join('\n')
    return [...this.#byCause.values()]
      .map((change) => ({ change, key: order(change) }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ change }) => change)
  }
}

const directions: readonly Change['direction'][] = ['service', 'request', 'response']

function where(at: SourceLocation | undefined): string {
  return at ? `${at.file}:${at.line}` : ''
}
