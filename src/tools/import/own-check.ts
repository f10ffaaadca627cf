import { type Diagnostic, Diagnostics, type SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { joinContracts } from '../../mapping/operation/join.js'
import { isObject, OpenApiDocument, openApiFromObject, type OpenApiObject } from '../../openapi/document.js'
import { join, steps } from '../../openapi/pointer.js'
import { withoutSecrets } from './proposals/policies.js'

/** An error that `check` would find in what import has made. */
export interface Refusal {
  /** Of the operation that is to blame; absent where it is none in particular. */
  readonly operationId: string | undefined
  readonly error: Diagnostic
}

/**
 * Finds all that is wrong with a document that joins WSDLs.
 *
 * @param baseDir what the paths of WSDLs in it are relative to
 */
export type DocumentJudge = (document: OpenApiDocument, baseDir: string) => Promise<readonly Diagnostic[]>

/** Judges whether a document fits its WSDLs; those who serve it find more. */
export const judgeByWsdl: DocumentJudge = (document, baseDir) => {
  const diagnostics = new Diagnostics()
  joinContracts(document, baseDir, {}, diagnostics)
  return Promise.resolve(diagnostics.list)
}

/** A document whose places are JSON pointers: it has not been written yet. */
class PointedDocument extends OpenApiDocument {
  override locate(pointer: string): SourceLocation {
    return { file: pointer, line: 1 }
  }

  override as(root: OpenApiObject): OpenApiDocument {
    return new PointedDocument(this.file, root)
  }
}

/** How long operations are tried one by one, in milliseconds, where what they share is refused: then all are refused. */
const MAX_TRIAL_MS = 3000

/**
 * What `check` and `serve` would refuse of a document that import has made.
 *
 * @param baseDir what the paths of WSDLs in it are relative to
 */
export async function refusals(
  document: OpenApiObject,
  baseDir: string,
  judge: DocumentJudge = judgeByWsdl,
): Promise<readonly Refusal[]> {
  const errors = await errorsOf(document, baseDir, judge)
  if (errors.length === 0) return []
  const operations = operationsIn(document)
  const suspects = new Set<string>()
  const read = new OpenApiDocument('openapi', document)
  const reached = new Map<string, ReadonlySet<string>>()
  const reaches = ({ operationId, value }: PlacedOperation, component: string): boolean => {
    const own = reached.get(operationId) ?? reachedFrom(read, value)
    reached.set(operationId, own)
    return own.has(component)
  }
  const found = errors.flatMap((error): Refusal[] => {
    const pointer = error.at?.file ?? ''
    const own = operations.find((operation) => isBelow(pointer, operation.pointer))
    if (own) return [{ operationId: own.operationId, error }]
    const [root, section, name] = steps(pointer)
    const component = join('', root ?? '', section ?? '', name ?? '')
    const users = operations.filter((operation) => reaches(operation, component))
    for (const { operationId } of users) suspects.add(operationId)
    return users.length === 0 ? [{ operationId: undefined, error }] : []
  })
  const known = new Set(found.map(({ operationId }) => operationId))
  const tried = operations.filter(({ operationId }) => suspects.has(operationId) && !known.has(operationId))
  const [general] = errors
  const until = performance.now() + MAX_TRIAL_MS
  const refused = [...found]
  for (const { path, method, value, operationId } of tried) {
    const alone = { ...document, paths: { [path]: { [method]: value } } }
    const [error] = performance.now() > until ? [general] : await errorsOf(alone, baseDir, judge)
    if (error) refused.push({ operationId, error })
  }
  return refused
}

async function errorsOf(
  document: OpenApiObject,
  baseDir: string,
  judge: DocumentJudge,
): Promise<readonly Diagnostic[]> {
  const diagnostics = new Diagnostics()
  // What the provider of a backend gives is not there yet.
  const read = openApiFromObject(withoutSecrets(document), 'openapi', diagnostics)
  const found = read ? await judge(new PointedDocument('openapi', read.root), baseDir) : []
  return [...diagnostics.list, ...found].filter(({ severity }) => severity === 'error')
}

interface PlacedOperation {
  readonly path: string
  readonly method: string
  readonly operationId: string
  readonly pointer: string
  readonly value: OpenApiObject
}

function operationsIn({ paths }: OpenApiObject): readonly PlacedOperation[] {
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.entries(isObject(item) ? item : {}).flatMap(([method, value]): PlacedOperation[] => {
      if (!isObject(value)) return []
      const operationId = String(value.operationId)
      return [{ path, method, operationId, pointer: join('', 'paths', path, method), value }]
    }),
  )
}

function isBelow(pointer: string, operation: string): boolean {
  return pointer === operation || pointer.startsWith(`${operation}/`)
}

/** The places that references lead to from a value, by whatever way. */
function reachedFrom(document: OpenApiDocument, from: unknown): ReadonlySet<string> {
  const reached = new Set<string>()
  const pending: unknown[] = [from]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const { $ref: reference } = next as OpenApiObject
    if (typeof reference === 'string' && !reached.has(reference.slice(1))) {
      reached.add(reference.slice(1))
      pending.push(document.at(reference.slice(1))?.value)
    }
    for (const value of Object.values(next) as unknown[]) pending.push(value)
  }
  return reached
}
