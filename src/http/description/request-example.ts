import type { RestRequest } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'
import type { JsonValue } from '../../json/value.js'
import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { type DescribedOperation, followed } from './described-operation.js'

const JSON_TYPE = 'application/json'

/** The Operation Object with a valid request body to try, where the contract gives no example of its own. */
export function withRequestExample(described: DescribedOperation): OpenApiObject {
  const { root, object } = described
  const { requestBody } = object
  // What operations share has no example of one of them.
  if (!isObject(requestBody) || !isObject(requestBody.content)) return object
  const media = requestBody.content[JSON_TYPE]
  if (!isObject(media) || hasExample(media) || hasExample(followed(root, media.schema) ?? {})) return object
  const body = sampledRequest(described)?.body
  if (body === undefined) return object
  const content = { ...requestBody.content, [JSON_TYPE]: { ...media, example: plain(body) } }
  return { ...object, requestBody: { ...requestBody, content } }
}

function hasExample({ example, examples }: OpenApiObject): boolean {
  return example !== undefined || examples !== undefined
}

/** As a document has it: numbers as a double holds them. */
function plain(body: JsonValue): unknown {
  return JSON.parse(
    JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
  )
}

/** A valid request. @returns undefined where the contract lets nothing be sampled */
export function sampledRequest({ operation }: DescribedOperation): RestRequest | undefined {
  try {
    return operation?.sample({ optionals: 'all' })
  } catch (error) {
    if (error instanceof AdapterError) return undefined
    throw error
  }
}
