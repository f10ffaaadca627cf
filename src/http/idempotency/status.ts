import type { RestOperation, RestRequest, RestResponse } from '../../adapter/rest.js'
import { sourceText } from '../../adapter/source-value.js'
import { AdapterError } from '../../base/errors.js'
import type { StatusLookup } from '../../mapping/operation/guarantees.js'
import type { Invoke } from '../answer/invoke.js'

/** What the backend says of an earlier request: its response, that it knows of none, or nothing that can be relied on. */
export type Finding =
  { readonly kind: 'found'; readonly response: RestResponse } | { readonly kind: 'absent' | 'unsure' }

/**
 * Asks the status operation of the contract whether a request was carried out.
 *
 * @param request the one that is asked about; what the status operation needs is taken from it
 */
export async function askStatus(
  lookup: StatusLookup,
  operation: RestOperation,
  request: RestRequest,
  invoke: Invoke,
): Promise<Finding> {
  const question = questionOf(lookup, request)
  if (!question) return { kind: 'unsure' }
  try {
    const response = await invoke(operation, question)
    if (response.status === 404) return { kind: 'absent' }
    if (response.fault !== undefined || response.status >= 300) return { kind: 'unsure' }
    return { kind: 'found', response: { ...response, status: lookup.success } }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    return { kind: error.code === 'resource-not-found' ? 'absent' : 'unsure' }
  }
}

/** @returns undefined where the request lacks what would name it */
function questionOf({ parameters }: StatusLookup, request: RestRequest): RestRequest | undefined {
  const question = { path: {}, query: {}, header: {} } as Record<
    'path' | 'query' | 'header',
    Record<string, string>
  >
  for (const { in: place, name, source } of parameters) {
    const text = sourceText(source, { request })
    if (text === undefined) return undefined
    question[place][place === 'header' ? name.toLowerCase() : name] = text
  }
  return { path: question.path, query: question.query, headers: question.header }
}
