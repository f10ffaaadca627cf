import type { OpenApiObject } from '../../../openapi/document.js'
import { type Renames, withNames } from './component-renames.js'
import { applyEdits, memberOf } from './edit.js'
import {
  type JoinedOperation,
  joinedOperations,
  mappingsOf,
  members,
  type Route,
} from './joined-operations.js'
import { withMemberNames } from './member-renames.js'
import { withParameterNames } from './parameter-renames.js'
import { emptyMerge, equal, type Merge, mergeMembers, mergeValue, type Sides } from './three-way.js'

export interface Documents {
  /** What import wrote last time; without it only what is missing as a whole is added. */
  readonly base: OpenApiObject | undefined
  /** Names of its backends in the person's document, where they are others. */
  readonly renamed: ReadonlyMap<string, string>
  readonly mine: OpenApiObject
  /** What import writes now, with the names of the person's backends. */
  readonly theirs: OpenApiObject
  /** What else the person has renamed. */
  readonly renames: Renames
  /** Is an operation of the WSDL among those that were asked for? */
  readonly isWanted: (soapOperation: string) => boolean
}

/** Brings into a person's document what the WSDLs have changed; operations are known by what they are joined to. */
export function mergeDocuments(given: Documents): Merge {
  const { mine, renamed, renames } = given
  const base = given.base && withNames(given.base, renames)
  // Its schemas have the person's names already.
  const others = [...renames.components].filter(([name]) => !name.startsWith('schemas/'))
  const theirs = withNames(given.theirs, { ...renames, components: new Map(others) })
  const documents = { ...given, base, theirs }
  const merge = emptyMerge((reference) => ownComponent(mine, base, reference))
  if (base) {
    for (const part of ['info', 'servers', 'security', 'tags']) {
      mergeValue(merge, [part], { base: base[part], mine: mine[part], theirs: theirs[part] })
    }
  }
  const backends = Object.entries(members(base?.['x-soap-backends']))
  mergeBackends(
    merge,
    documents,
    Object.fromEntries(backends.map(([name, entry]) => [renamed.get(name) ?? name, entry])),
  )
  mergeOperations(merge, documents)
  if (base) {
    for (const kind of ['schemas', 'responses']) mergeComponents(merge, { kind, base, mine, theirs })
  }
  addReferenced(merge, mine, theirs)
  if (base) dropUnreferenced(merge, base, mine, theirs)
  return merge
}

/** A component that a person has made of what import wrote in place. */
function ownComponent(
  mine: OpenApiObject,
  base: OpenApiObject | undefined,
  reference: string,
): { readonly value: unknown; readonly path: readonly string[] } | undefined {
  const name = reference.replace(/^#\/components\//, '')
  if (name === reference || !base || componentAt(base, name) !== undefined) return undefined
  const value = componentAt(mine, name)
  return value === undefined ? undefined : { value, path: ['components', ...name.split('/')] }
}

function mergeBackends(merge: Merge, { base: record, mine, theirs }: Documents, base: OpenApiObject): void {
  const known = members(mine['x-soap-backends'])
  for (const [name, entry] of Object.entries(members(theirs['x-soap-backends']))) {
    if (record || known[name] === undefined) {
      mergeValue(merge, ['x-soap-backends', name], { base: base[name], mine: known[name], theirs: entry })
    }
  }
  const [only, ...others] = Object.keys(known)
  const grows = Object.keys(members(theirs['x-soap-backends'])).some((name) => !(name in known))
  if (only === undefined || others.length > 0 || !grows) return
  for (const { key, keys, method, path, operation } of joinedOperations(mine).values()) {
    if (key !== keys[0] || memberOf(operation['x-soap'], 'backend') !== undefined) continue
    merge.edits.push({ kind: 'set', path: ['paths', path, method, 'x-soap', 'backend'], value: only })
  }
}

function mergeOperations(merge: Merge, { base, mine, theirs, renamed, isWanted }: Documents): void {
  const before = base ? joinedOperations(base, renamed) : new Map<string, JoinedOperation>()
  const own = joinedOperations(mine, undefined, new Map<string, Route>(before))
  const now = joinedOperations(theirs)
  const backends = new Set([
    ...Object.keys(members(mine['x-soap-backends'])),
    ...Object.keys(members(theirs['x-soap-backends'])),
  ])
  const done = new Set<OpenApiObject>()
  const merged = new Set<OpenApiObject>()
  for (const designed of now.values()) {
    if (done.has(designed.operation)) continue
    done.add(designed.operation)
    const known = firstOf(own, designed.keys)
    const recorded = firstOf(before, designed.keys)
    // What was one operation and is several now: the first goes on, the others are new.
    const isParted = known !== undefined && merged.has(known.operation)
    if (known && recorded && !isParted) {
      mergeOperation(merge, recorded, known, designed)
      merged.add(known.operation)
    }
    if (!isParted && (known ?? recorded)) continue
    const { path, method } = designed
    const value = withBackend(designed, { isNeeded: backends.size > 1 })
    merge.edits.push({ kind: 'set', path: ['paths', path, method], value })
    const names = mappingsOf(designed.operation).map(({ operation }) => String(operation))
    merge.notes.added.push(`${method.toUpperCase()} ${path} for ${names.join(', ')}`)
  }
  const imported = new Set(Object.keys(members(theirs['x-soap-backends'])))
  for (const { keys, key, backend, soapOperation, method, path } of own.values()) {
    // Of several alternatives the one that is gone has been merged with the others.
    if (keys.some((each) => now.has(each)) || !imported.has(backend) || !isWanted(soapOperation)) continue
    if (key !== keys.find((each) => own.has(each))) continue
    merge.notes.conflicts.push(
      `${method.toUpperCase()} ${path}: the WSDL has no ${soapOperation} any more; remove the operation, or join it to another`,
    )
  }
}

function firstOf<T>(all: ReadonlyMap<string, T>, keys: readonly string[]): T | undefined {
  const key = keys.find((each) => all.has(each))
  return key === undefined ? undefined : all.get(key)
}

function mergeOperation(
  merge: Merge,
  before: JoinedOperation,
  own: JoinedOperation,
  now: JoinedOperation,
): void {
  const path = ['paths', own.path, own.method]
  const isSame = before.method === now.method && before.path === now.path
  if (!isSame) {
    merge.notes.conflicts.push(
      `${own.method.toUpperCase()} ${own.path}: the input of ${own.soapOperation} has changed so that it would be ` +
        `${now.method.toUpperCase()} ${now.path} now; see to its parameters, requestBody and x-soap.request`,
    )
  }
  const mine = plain(own.operation)
  const followed = {
    ...mine,
    parameters: itemsOf(mine.parameters).map((item) => merge.resolve(item)?.value ?? item),
  }
  const clashes: string[] = []
  const sides = mineNamed(merge, path, {
    base: withParameterNames(plain(before.operation), followed),
    mine,
    theirs: withParameterNames(plain(now.operation), followed, isSame ? clashes : []),
  })
  for (const clash of clashes) {
    merge.notes.conflicts.push(
      `${own.method.toUpperCase()} ${own.path}: the WSDL has a new member for the parameter ${clash}, whose place another has with you; add it under another name`,
    )
  }
  const except = isSame ? [] : ['parameters', 'requestBody', 'x-soap']
  mergeMembers(merge, path, sides, ['operationId', 'tags', ...except])
}

/** The sides with the names that the person has given to members of schemas. */
function mineNamed(merge: Merge, path: readonly string[], { base, mine, theirs }: Sides): Sides {
  const aligned = withMemberNames(base, mine, theirs)
  for (const clash of aligned.clashes) {
    merge.notes.conflicts.push(
      `${path.slice(-1).join('')}: the WSDL has a new member ${clash}, a name that you use for another; add it under another name`,
    )
  }
  return { base: aligned.base, mine, theirs: aligned.theirs }
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Without the name of the backend, which is the key and is not written where there is one alone. */
function plain(operation: OpenApiObject): OpenApiObject {
  const annotation = Object.entries(members(operation['x-soap'])).filter(([key]) => key !== 'backend')
  return { ...operation, 'x-soap': Object.fromEntries(annotation) }
}

function withBackend(
  { operation, backend }: JoinedOperation,
  { isNeeded }: { readonly isNeeded: boolean },
): OpenApiObject {
  const { 'x-soap': annotation, ...rest } = plain(operation)
  return { ...rest, 'x-soap': isNeeded ? { backend, ...members(annotation) } : annotation }
}

function mergeComponents(
  merge: Merge,
  {
    kind,
    base,
    mine,
    theirs,
  }: {
    readonly kind: string
    readonly base: OpenApiObject
    readonly mine: OpenApiObject
    readonly theirs: OpenApiObject
  },
): void {
  const [before, own, now] = [base, mine, theirs].map((document) =>
    members(members(document.components)[kind]),
  )
  for (const [name, component] of Object.entries(now ?? {})) {
    const recorded = before?.[name]
    if (recorded === undefined) continue
    const path = ['components', kind, name]
    mergeValue(merge, path, mineNamed(merge, path, { base: recorded, mine: own?.[name], theirs: component }))
  }
}

/** Components that what was added refers to, and those that they refer to. */
function addReferenced(merge: Merge, mine: OpenApiObject, theirs: OpenApiObject): void {
  for (;;) {
    const merged = withEdits(mine, merge)
    const missing = referencesIn(merged).filter(
      (reference) =>
        componentAt(merged, reference) === undefined && componentAt(theirs, reference) !== undefined,
    )
    if (missing.length === 0) return
    for (const reference of missing) {
      const path = ['components', ...reference.split('/')]
      merge.edits.push({ kind: 'set', path, value: componentAt(theirs, reference) })
      merge.notes.added.push(reference)
    }
  }
}

/** Components that import made, that nobody has touched and nothing needs any more. */
function dropUnreferenced(
  merge: Merge,
  base: OpenApiObject,
  mine: OpenApiObject,
  theirs: OpenApiObject,
): void {
  for (;;) {
    const merged = withEdits(mine, merge)
    const needed = new Set(referencesIn(merged))
    const unneeded = ['schemas', 'responses'].flatMap((kind) =>
      Object.entries(members(members(merged.components)[kind])).flatMap(([name, component]) => {
        const reference = `${kind}/${name}`
        const isOurs = equal(componentAt(base, reference), component)
        return isOurs && !needed.has(reference) && componentAt(theirs, reference) === undefined
          ? [reference]
          : []
      }),
    )
    if (unneeded.length === 0) return
    for (const reference of unneeded) {
      merge.edits.push({ kind: 'remove', path: ['components', ...reference.split('/')] })
      merge.notes.removed.push(reference)
    }
  }
}

function withEdits(mine: OpenApiObject, { edits }: Merge): OpenApiObject {
  const merged = structuredClone(mine)
  applyEdits(merged, edits)
  return merged
}

/** `schemas/Account` for each reference to a component. */
function referencesIn(document: OpenApiObject): string[] {
  const found = new Set<string>()
  const pending: unknown[] = [document]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value) as unknown[]) pending.push(inner)
    } else if (typeof value === 'string' && value.startsWith('#/components/')) {
      found.add(value.slice('#/components/'.length))
    }
  }
  return [...found].sort()
}

function componentAt(document: OpenApiObject, reference: string): unknown {
  return reference.split('/').reduce<unknown>(memberOf, members(document.components))
}
