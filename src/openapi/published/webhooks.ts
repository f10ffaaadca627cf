import { isObject, type OpenApiDocument, type OpenApiObject } from '../document.js'
import { contentKind } from '../media-type.js'
import { join } from '../pointer.js'

/**
 * The webhooks as they are delivered: what the contract says of an event stands in `data` of a message of Standard Webhooks
 * 1.0, with its three header fields. Webhooks that nothing sends stay as they are.
 *
 * @param published without x-soap
 */
export function withEnvelopes(document: OpenApiDocument, published: OpenApiObject): OpenApiObject {
  const { webhooks } = published
  if (!isObject(webhooks)) return published
  const made = Object.entries(webhooks).map(([name, item]): [string, unknown] => {
    const located = document.at(join('/webhooks', name, 'post'))
    const isSent = isObject(located?.value) && located.value['x-soap'] !== undefined
    if (!isSent || !isObject(item) || !isObject(item.post)) return [name, item]
    return [name, { ...item, post: delivered(name, item.post, published) }]
  })
  return { ...published, webhooks: Object.fromEntries(made) }
}

function delivered(name: string, operation: OpenApiObject, root: OpenApiObject): OpenApiObject {
  const body = referred(operation.requestBody, root)
  const content = isObject(body.content) ? body.content : {}
  const media = Object.entries(content).map(([mediaType, value]): [string, unknown] =>
    isObject(value) && contentKind(mediaType) === 'json'
      ? [mediaType, { schema: enveloped(name, value.schema ?? {}) }]
      : [mediaType, value],
  )
  const { parameters: own } = operation
  const parameters: unknown[] = Array.isArray(own)
    ? [...(own as readonly unknown[]), ...HEADERS]
    : [...HEADERS]
  return {
    ...operation,
    parameters,
    requestBody: { ...body, required: true, content: Object.fromEntries(media) },
    responses: isObject(operation.responses)
      ? operation.responses
      : { '2XX': { description: 'Received; anything else is sent again.' } },
    // Who receives an event knows its sender by the signature.
    security: operation.security ?? [],
  }
}

/** A body that is written under components. */
function referred(body: unknown, root: OpenApiObject): OpenApiObject {
  if (!isObject(body)) return {}
  const name =
    typeof body.$ref === 'string' ? /^#\/components\/requestBodies\/([^/]+)$/.exec(body.$ref)?.[1] : undefined
  const components = isObject(root.components) ? root.components : {}
  const bodies = isObject(components.requestBodies) ? components.requestBodies : {}
  const target = name === undefined ? undefined : bodies[name]
  return isObject(target) ? target : body
}

function enveloped(name: string, data: unknown): OpenApiObject {
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { const: name },
      timestamp: {
        type: 'string',
        format: 'date-time',
        description: 'When the event was received or found.',
      },
      data,
    },
  }
}

const HEADERS: readonly OpenApiObject[] = [
  header('webhook-id', 'Names the event: the same at each attempt, and where the sender has repeated it.', {
    type: 'string',
  }),
  header('webhook-timestamp', 'When this attempt was made, in seconds since 1970.', { type: 'integer' }),
  header(
    'webhook-signature',
    'One or more signatures, each `v1,` and an HMAC-SHA256 in base64, with spaces between them (Standard Webhooks 1.0).',
    { type: 'string' },
  ),
]

function header(name: string, description: string, schema: OpenApiObject): OpenApiObject {
  return { name, in: 'header', required: true, description, schema }
}
