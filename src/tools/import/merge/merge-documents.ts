import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import { applyEdits, memberOf } from './edit.js'
import { type JoinedOperation, joinedOperations, members } from './joined-operations.js'
import { emptyMerge, equal, type Merge, mergeMembers, mergeValue } from './three-way.js'

export interface Documents {
  /** What import wrote last time; without it only what is missing as a whole is added. */
  readonly base: OpenApiObject | undefined
  /** Names of its backends in the person's document, where they are others. */
  readonly renamed: ReadonlyMap<string, string>
  readonly mine: OpenApiObject
  /** What import writes now, with the names of the person's backends. */
  readonly theirs: OpenApiObject
  /** Is an operation of the WSDL among those that were asked for? */
  readonly isWanted: (soapOperation: string) => boolean
}

/** Brings into a person's document what the WSDLs have changed; operations are known by what they are joined to. */
export function mergeDocuments(documents: Documents): Merge {
  const { base, mine, theirs, renamed } = documents
  const merge = emptyMerge()
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
    for (const kind of ['schemas', 'responses']) mergeComponents(merge, kind, base, mine, theirs)
  }
  addReferenced(merge, mine, theirs)
  if (base) dropUnreferenced(merge, base, mine, theirs)
  return merge
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
  for (const { method, path, operation } of joinedOperations(mine).values()) {
    if (memberOf(operation['x-soap'], 'backend') !== undefined) continue
    merge.edits.push({ kind: 'set', path: ['paths', path, method, 'x-soap', 'backend'], value: only })
  }
}

function mergeOperations(merge: Merge, { base, mine, theirs, renamed, isWanted }: Documents): void {
  const before = base ? joinedOperations(base, renamed) : new Map<string, JoinedOperation>()
  const own = joinedOperations(mine)
  const now = joinedOperations(theirs)
  const backends = new Set([
    ...Object.keys(members(mine['x-soap-backends'])),
    ...Object.keys(members(theirs['x-soap-backends'])),
  ])
  for (const [key, designed] of now) {
    const known = own.get(key)
    const recorded = before.get(key)
    if (known && recorded) mergeOperation(merge, recorded, known, designed)
    if (known ?? recorded) continue
    const { path, method } = designed
    const value = withBackend(designed, backends.size > 1)
    merge.edits.push({ kind: 'set', path: ['paths', path, method], value })
    merge.notes.added.push(`${method.toUpperCase()} ${path} for ${designed.soapOperation}`)
  }
  const imported = new Set(Object.keys(members(theirs['x-soap-backends'])))
  for (const [key, { backend, soapOperation, method, path }] of own) {
    if (now.has(key) || !imported.has(backend) || !isWanted(soapOperation)) continue
    merge.notes.conflicts.push(
      `${method.toUpperCase()} ${path}: the WSDL has no ${soapOperation} any more; remove the operation, or join it to another`,
    )
  }
}

function mergeOperation(
  merge: Merge,
  before: JoinedOperation,
  own: JoinedOperation,
  now: JoinedOperation,
): void {
  const path = ['paths', own.path, own.method]
  const sides = {
    base: plain(before.operation),
    mine: plain(own.operation),
    theirs: plain(now.operation),
  }
  if (before.method === now.method && before.path === now.path) {
    mergeMembers(merge, path, sides, ['operationId', 'tags'])
    return
  }
  merge.notes.conflicts.push(
    `${own.method.toUpperCase()} ${own.path}: the input of ${own.soapOperation} has changed so that it would be ` +
      `${now.method.toUpperCase()} ${now.path} now; see to its parameters, requestBody and x-soap.request`,
  )
  mergeMembers(merge, path, sides, ['operationId', 'tags', 'parameters', 'requestBody', 'x-soap'])
}

/** Without the name of the backend, which is the key and is not written where there is one alone. */
function plain(operation: OpenApiObject): OpenApiObject {
  const annotation = Object.entries(members(operation['x-soap'])).filter(([key]) => key !== 'backend')
  return { ...operation, 'x-soap': Object.fromEntries(annotation) }
}

function withBackend({ operation, backend }: JoinedOperation, isNeeded: boolean): OpenApiObject {
  const { 'x-soap': annotation, ...rest } = plain(operation)
  return { ...rest, 'x-soap': isNeeded ? { backend, ...members(annotation) } : annotation }
}

function mergeComponents(
  merge: Merge,
  kind: string,
  base: OpenApiObject,
  mine: OpenApiObject,
  theirs: OpenApiObject,
): void {
  const [before, own, now] = [base, mine, theirs].map((document) =>
    members(members(document.components)[kind]),
  )
  for (const [name, component] of Object.entries(now ?? {})) {
    const recorded = before?.[name]
    if (recorded === undefined) continue
    const sides = { base: recorded, mine: own?.[name], theirs: component }
    mergeValue(merge, ['components', kind, name], sides)
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
    if (Array.isArray(value)) pending.push(...(value as readonly unknown[]))
    else if (isObject(value)) pending.push(...Object.values(value))
    else if (typeof value === 'string' && value.startsWith('#/components/')) {
      found.add(value.slice('#/components/'.length))
    }
  }
  return [...found].sort()
}

function componentAt(document: OpenApiObject, reference: string): unknown {
  return reference.split('/').reduce<unknown>(memberOf, members(document.components))
}
