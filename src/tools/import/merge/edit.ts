import { isObject } from '../../../openapi/document.js'

export type Path = readonly (string | number)[]

/** One change of a document. */
export type Edit =
  | { readonly kind: 'set'; readonly path: Path; readonly value: unknown }
  | { readonly kind: 'remove'; readonly path: Path }
  /** Adds to the end of an array. */
  | { readonly kind: 'append'; readonly path: Path; readonly value: unknown }
  /** Takes an item out of an array, by its value or by the identity of an object. */
  | { readonly kind: 'drop'; readonly path: Path; readonly isWanted: (item: unknown) => boolean }

/** Applies edits to a value of nothing but objects, arrays and scalars, in place. */
export function applyEdits(root: unknown, edits: readonly Edit[]): void {
  for (const edit of edits) applyEdit(root, edit)
}

function applyEdit(root: unknown, edit: Edit): void {
  if (edit.kind === 'append' || edit.kind === 'drop') {
    const items = edit.path.reduce(memberOf, root)
    if (!Array.isArray(items)) return
    if (edit.kind === 'append') items.push(structuredClone(edit.value))
    else items.splice(items.findIndex(edit.isWanted), 1)
    return
  }
  const parent = edit.path.slice(0, -1).reduce((value, step) => {
    const child = memberOf(value, step)
    if (child !== undefined || edit.kind === 'remove' || !isObject(value)) return child
    const made = {}
    Object.assign(value, { [step]: made })
    return made
  }, root)
  const last = edit.path.at(-1)
  if (last === undefined || typeof parent !== 'object' || parent === null) return
  if (edit.kind === 'remove') Reflect.deleteProperty(parent, last)
  else Reflect.set(parent, last, structuredClone(edit.value))
}

export function memberOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[])[Number(step)]
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** Where an edit is, for people: `GET /accounts/{accountId}: parameters/limit`, `Account/nickname`. */
export function placeOf(path: Path): string {
  const [first, second, third, ...rest] = path.map(String)
  const end = (steps: readonly string[]): string =>
    steps.filter((step) => !/^(?:properties|content|application\/json|schema)$/.test(step)).join('/')
  if (first === 'paths' && second !== undefined && third !== undefined) {
    const call = `${third.toUpperCase()} ${second}`
    return rest.length === 0 ? call : `${call}: ${end(rest)}`
  }
  if (first === 'components' && third !== undefined) return end([third, ...rest])
  return path.join('/')
}
