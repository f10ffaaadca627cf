import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RestResponse } from '../../adapter/rest.js'
import { bytesOf } from '../../base/bytes/source.js'
import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { METHODS } from '../../openapi/methods.js'
import type { Facade } from '../facade.js'
import { type DescribedOperation, securitySchemes } from './described-operation.js'
import { type OwnResponse, refTo, withoutUnused, withOwnResponses } from './own-responses.js'
import { type FaultProblem, problemsOf } from './possible-problems.js'
import { withRequestExample } from './request-example.js'
import { ResponseExamples } from './response-examples.js'

const PROBLEM_TYPE = 'application/problem+json'
/** Milliseconds after which others get their turn. */
const SLICE_MS = 10

/**
 * The published document, completed by what the service knows: responses that it may give whatever the contract says
 * (401, 403, 429 and a default), and an example of each JSON response that has none. Examples of errors are what is sent.
 * What the contract says itself stays.
 *
 * A large contract takes seconds, between which requests are served.
 *
 * @param operations of those that are absent only what the contract says is known
 */
export async function describe({
  document,
  operations,
}: Pick<Facade, 'document' | 'operations'>): Promise<OpenApiObject> {
  const root = withOwnResponses(document)
  const examples = new ResponseExamples(root)
  const paths = isObject(document.paths) ? document.paths : {}
  const written: [string, unknown][] = []
  let begun = performance.now()
  for (const [path, item] of Object.entries(paths)) {
    if (!isObject(item)) continue
    const described: Record<string, unknown> = { ...item }
    for (const method of METHODS) {
      const object = item[method]
      const id = isObject(object) ? object.operationId : undefined
      const operation = typeof id === 'string' ? operations.get(id) : undefined
      if (!isObject(object)) continue
      described[method] = completed({ root, object, operation }, examples)
      if (performance.now() - begun < SLICE_MS) continue
      await nextTurn()
      begun = performance.now()
    }
    written.push([path, described])
  }
  return withoutUnused({ ...examples.written(), paths: Object.fromEntries(written) }, document)
}

/** The operation with all its responses; their examples are written later. */
function completed(described: DescribedOperation, examples: ResponseExamples): OpenApiObject {
  const { object } = described
  const declared = isObject(object.responses) ? object.responses : {}
  const own = ownResponses(described).filter(([status]) => !Object.hasOwn(declared, status))
  const responses: Record<string, unknown> = { ...declared, ...Object.fromEntries(own) }
  const keys = Object.keys(responses)
  const { success, faults } = answersOf(described)
  for (const key of keys) {
    if (isError(key)) {
      const problems = problemsOf(described, key, { declared: keys, faults })
      examples.add({ responses, key, mediaType: PROBLEM_TYPE, examples: problems })
    } else if (success && isFor(key, success.status)) {
      const { mediaType, value } = success
      examples.add({ responses, key, mediaType, examples: { example: value } })
    }
  }
  return { ...withRequestExample(described), responses }
}

function ownResponses(described: DescribedOperation): [string, OpenApiObject][] {
  const schemes = securitySchemes(described)
  const own: [string, OwnResponse][] = [
    ['429', 'TooManyRequests'],
    ['default', 'OtherError'],
  ]
  if (schemes.length > 0) own.push(['401', 'Unauthenticated'])
  // A certificate is of a client; which operations that may call is not said in it.
  if (schemes.some(({ type }) => type !== 'mutualTLS')) own.push(['403', 'Forbidden'])
  return own.map(([status, name]) => [status, refTo(name)])
}

function isError(key: string): boolean {
  return key === 'default' || /^[45]/.test(key)
}

function isFor(key: string, status: number): boolean {
  return key === String(status) || key.toUpperCase() === `${String(status).charAt(0)}XX`
}

interface Answers {
  readonly success:
    { readonly status: number; readonly mediaType: string; readonly value: unknown } | undefined
  readonly faults: readonly FaultProblem[]
}

function answersOf({ operation }: DescribedOperation): Answers {
  const all = (operation?.examples?.() ?? []).map(({ response }) => response)
  const success = all.find(({ fault }) => fault === undefined)
  const mediaType = success?.headers['content-type']?.split(';')[0] ?? ''
  const value = success && /[/+]json$/.test(mediaType) ? jsonOf(success) : undefined
  return {
    success: success && value !== undefined ? { status: success.status, mediaType, value } : undefined,
    faults: all.flatMap((response) => {
      const problem = response.fault === undefined ? undefined : jsonOf(response)
      return isFaultProblem(problem) ? [problem] : []
    }),
  }
}

function isFaultProblem(problem: unknown): problem is FaultProblem {
  return isObject(problem) && typeof problem.status === 'number' && typeof problem.code === 'string'
}

/** The value of a JSON text; undefined for one that a double would change. */
function jsonOf({ body }: RestResponse): unknown {
  const text = bytesOf(body).toString()
  const value: unknown = JSON.parse(text)
  return isExact(value) ? value : undefined
}

function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact)
}
