import { listed } from '../../base/listed.js'

/** Query parameters of the requests that one of several SOAP operations serves. */
export interface Choice {
  /** All of these. */
  readonly when: readonly string[]
  /** Perhaps these. */
  readonly optional: readonly string[]
}

export interface Selection extends Choice {
  /** None of these, which choose another. */
  readonly others: readonly string[]
}

/** Which requests each of several alternatives is for, in their order. */
export function selectionsOf(choices: readonly Choice[]): readonly Selection[] {
  const all = [...new Set(choices.flatMap(parametersOf))]
  return choices.map((choice) => {
    const own = parametersOf(choice)
    return { when: choice.when, optional: choice.optional, others: all.filter((name) => !own.includes(name)) }
  })
}

function parametersOf({ when, optional }: Choice): readonly string[] {
  return [...when, ...optional]
}

/** What is chosen from. */
export interface Selected {
  /** Absent where it serves all requests. */
  readonly selection?: Selection | undefined
}

/** @param isGiven whether the request has a query parameter */
export function isSelected({ when, others }: Selection, isGiven: (name: string) => boolean): boolean {
  return when.every(isGiven) && !others.some(isGiven)
}

/** Is there a set of parameters that fits both? There is just where each has room for all that the other needs. */
export function mayBothFit(a: Choice, b: Choice): boolean {
  const hasRoom = ({ when, optional }: Choice, needed: readonly string[]): boolean =>
    needed.every((name) => when.includes(name) || optional.includes(name))
  return hasRoom(a, b.when) && hasRoom(b, a.when)
}

/** Chooses by the query of a request. @returns undefined where it chooses none */
export function selectedBy<T extends Selected>(
  all: readonly T[],
  query: Readonly<Record<string, string | readonly string[]>>,
): T | undefined {
  return all.find(({ selection }) => !selection || isSelected(selection, (name) => isGiven(query, name)))
}

/** An empty list is how other protocols than HTTP say nothing. */
export function isGiven(query: Parameters<typeof selectedBy>[1], name: string): boolean {
  const given = Object.hasOwn(query, name) ? query[name] : undefined
  return given !== undefined && (typeof given === 'string' || given.length > 0)
}

/** What may be given together, for people: `give a; b and c, perhaps with d; or none of them`. */
export function combinations(all: readonly Selected[]): string {
  const selections = all.flatMap(({ selection }) => selection ?? [])
  const texts = selections.filter(({ when }) => when.length > 0).map(wordsOf)
  const none = selections.find(({ when }) => when.length === 0)
  if (none)
    texts.push(
      none.optional.length === 0 ? 'none of them' : `none of them but perhaps ${none.optional.join(', ')}`,
    )
  const last = texts.pop() ?? ''
  return texts.length === 0 ? `give ${last}` : `give ${texts.join('; ')}; or ${last}`
}

function wordsOf({ when, optional }: Selection): string {
  return listed(when) + (optional.length === 0 ? '' : `, perhaps with ${listed(optional)}`)
}
