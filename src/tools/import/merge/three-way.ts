import { isObject } from '../../../openapi/document.js'
import { type Edit, memberOf, type Path, placeOf } from './edit.js'

/** What a merge did, and what it left to people. */
export interface MergeNotes {
  readonly added: string[]
  readonly changed: string[]
  readonly removed: string[]
  /** Both sides changed it; the person's stays. */
  readonly conflicts: string[]
}

/** A value, and where it is written. */
export interface Written {
  readonly value: unknown
  readonly path: Path
}

export interface Merge {
  readonly edits: Edit[]
  readonly notes: MergeNotes
  /** What the person has put elsewhere and left a reference to. */
  readonly resolve: (value: unknown) => Written | undefined
}

/** @param component finds a component of the person's own by a reference */
export function emptyMerge(component: (reference: string) => Written | undefined = () => undefined): Merge {
  return {
    edits: [],
    notes: { added: [], changed: [], removed: [], conflicts: [] },
    resolve: (value) => {
      const reference = memberOf(value, '$ref')
      return typeof reference === 'string' ? component(reference) : undefined
    },
  }
}

/** The three sides of one place; `undefined` is absent. */
export interface Sides {
  /** What import wrote last time. */
  readonly base: unknown
  /** What the person has made of it. */
  readonly mine: unknown
  /** What import writes now. */
  readonly theirs: unknown
}

/**
 * Brings what changed between two imports into a person's document: where only one side changed, that side counts; where
 * both did, the person's stays and is noted.
 */
export function mergeValue(merge: Merge, path: Path, { base, mine, theirs }: Sides): void {
  const { edits } = merge
  if (equal(theirs, base) || equal(mine, theirs)) return
  const moved = memberOf(theirs, '$ref') === undefined ? merge.resolve(mine) : undefined
  if (moved) {
    mergeValue(merge, moved.path, { base, mine: moved.value, theirs })
    return
  }
  // Examples follow their schemas.
  const notes = path.includes('examples') ? emptyMerge().notes : merge.notes
  const place = placeOf(path)
  if (mine === undefined) {
    if (base === undefined) {
      edits.push({ kind: 'set', path, value: theirs })
      notes.added.push(place)
    } else notes.conflicts.push(`${place}: changed in the WSDL, but you have removed it`)
  } else if (theirs === undefined) {
    if (equal(mine, base)) {
      edits.push({ kind: 'remove', path })
      notes.removed.push(place)
    } else notes.conflicts.push(`${place}: the WSDL has it no more, but you have changed it`)
  } else if (isObject(mine) && isObject(theirs)) {
    mergeMembers(merge, path, { base, mine, theirs })
  } else if (Array.isArray(mine) && Array.isArray(theirs) && identityOf(path)) {
    mergeItems(merge, path, { base: Array.isArray(base) ? base : [], mine, theirs })
  } else if (equal(mine, base)) {
    edits.push({ kind: 'set', path, value: theirs })
    notes.changed.push(`${place}: ${shown(base)} → ${shown(theirs)}`)
  } else {
    notes.conflicts.push(`${place}: the WSDL says ${shown(theirs)} now, you say ${shown(mine)}`)
  }
}

/** The same for each member of objects. */
export function mergeMembers(
  merge: Merge,
  path: Path,
  { base, mine, theirs }: Sides,
  except: readonly string[] = [],
): void {
  const names = new Set([
    ...Object.keys(isObject(theirs) ? theirs : {}),
    ...Object.keys(isObject(base) ? base : {}),
  ])
  for (const name of names) {
    if (except.includes(name)) continue
    mergeValue(merge, [...path, name], {
      base: memberOf(base, name),
      mine: memberOf(mine, name),
      theirs: memberOf(theirs, name),
    })
  }
}

type Identity = (item: unknown) => string

/** How items of an array are told apart where their order says nothing: parameters, tags, names of required members. */
function identityOf(path: Path): Identity | undefined {
  if (path.includes('examples')) return undefined
  switch (String(path.at(-1))) {
    case 'required':
      return String
    case 'parameters':
      return (item) =>
        typeof memberOf(item, '$ref') === 'string'
          ? String(memberOf(item, '$ref'))
          : `${String(memberOf(item, 'in'))} ${String(memberOf(item, 'name'))}`
    case 'tags':
      return (item) => (isObject(item) ? String(item.name) : String(item))
    case 'oneOf':
      // Alternatives of an operation; those of a schema are in an order.
      return path.at(-2) === 'x-soap'
        ? (item) => [memberOf(item, 'operation'), memberOf(item, 'input') ?? ''].join(' ').trim()
        : undefined
    default:
      return undefined
  }
}

function mergeItems(
  merge: Merge,
  path: Path,
  sides: {
    readonly base: readonly unknown[]
    readonly mine: readonly unknown[]
    readonly theirs: readonly unknown[]
  },
): void {
  const identity = identityOf(path) ?? String
  const by = (items: readonly unknown[]): Map<string, unknown> =>
    new Map(items.map((item) => [identity(item), item]))
  const base = by(sides.base)
  const theirs = by(sides.theirs)
  const written = new Map(
    sides.mine.map((item, index) => {
      const own = merge.resolve(item) ?? { value: item, path: [...path, index] }
      return [identity(own.value), own]
    }),
  )
  for (const [key, item] of theirs) {
    const own = written.get(key)
    if (own) mergeValue(merge, own.path, { base: base.get(key), mine: own.value, theirs: item })
    else if (!base.has(key)) {
      merge.edits.push({ kind: 'append', path, value: item })
      merge.notes.added.push(`${placeOf(path)}: ${key}`)
    }
  }
  for (const [key, item] of base) {
    const own = written.get(key)
    if (theirs.has(key) || !own) continue
    if (equal(own.value, item)) {
      const isWanted = (candidate: unknown): boolean =>
        identity(merge.resolve(candidate)?.value ?? candidate) === key
      merge.edits.push({ kind: 'drop', path, isWanted })
      merge.notes.removed.push(`${placeOf(path)}: ${key}`)
    } else {
      merge.notes.conflicts.push(`${placeOf(path)}: the WSDL has ${key} no more, but you have changed it`)
    }
  }
}

/** Equal as JSON; the order of members says nothing. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equal(item, b[index]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equal(a[name], b[name]))
  )
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
