import type { OpenApiObject } from '../../openapi/document.js'

const TEXT = { type: 'string' } as const
const ID_PARAMETER = { name: 'subscriptionId', in: 'path', required: true, schema: TEXT } as const
const URL_SCHEMA = {
  type: 'string',
  format: 'uri',
  maxLength: 2048,
  description: 'Where events are sent to with POST. It must be reachable, and answer the challenge.',
} as const
const DESCRIPTION = { type: 'string', maxLength: 200 } as const
const SECRET = {
  type: 'string',
  description: 'Verifies `webhook-signature`, by Standard Webhooks 1.0. It is shown this once.',
} as const
const LIMIT = {
  name: 'limit',
  in: 'query',
  schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
} as const

/**
 * The operations by which clients subscribe and read events, as the published document has them.
 *
 * @param scopes that are needed, by the type of the events of the contract
 * @param security of each operation; that of the document where it is undefined
 * @param isSelfService whether clients may subscribe
 */
export function eventPaths(
  scopes: ReadonlyMap<string, readonly string[]>,
  { security, isSelfService }: { readonly security: unknown; readonly isSelfService: boolean },
): OpenApiObject {
  const operation = (of: OpenApiObject): OpenApiObject => ({
    tags: ['Events'],
    ...of,
    ...(security !== undefined && { security }),
  })
  return { ...(isSelfService && subscriptionPaths(scopes, operation)), ...feedPaths(scopes, operation) }
}

/** What whoever names none gets, and what may be asked for with which scopes. */
function typesText(scopes: ReadonlyMap<string, readonly string[]>): string {
  const scoped = [...scopes].filter(([, needed]) => needed.length > 0)
  if (scoped.length === 0) return 'All by default.'
  const needs = scoped.map(([type, needed]) => `\`${type}\` needs \`${needed.join(' ')}\``)
  return `By default all that you may have: ${needs.join(', ')}.`
}

function subscriptionPaths(
  scopes: ReadonlyMap<string, readonly string[]>,
  operation: (of: OpenApiObject) => OpenApiObject,
): OpenApiObject {
  const types = [...scopes.keys()]
  const typesSchema = {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { enum: types },
    description: typesText(scopes),
  }
  const state = { enum: ['active', 'paused', 'ended'] }
  const shown = {
    id: TEXT,
    url: TEXT,
    types: { type: 'array', items: TEXT },
    state,
    createdAt: { type: 'string', format: 'date-time' },
    reason: { type: 'string', description: 'Why it has ended.' },
    description: TEXT,
  }
  const required = ['id', 'url', 'types', 'state', 'createdAt']
  const subscription = { type: 'object', required, properties: shown }
  const withSecret = {
    type: 'object',
    required: [...required, 'secret'],
    properties: { ...shown, secret: SECRET },
  }
  const one = '/webhook-subscriptions/{subscriptionId}'
  const notFound = { '404': { description: 'You have no such subscription.' } }
  return {
    '/webhook-subscriptions': {
      get: operation({
        operationId: 'listWebhookSubscriptions',
        summary: 'List your subscriptions',
        responses: { '200': answer('Your subscriptions', listOf(subscription)) },
      }),
      post: operation({
        operationId: 'createWebhookSubscription',
        summary: 'Subscribe to events',
        description:
          'The URL is sent a signed event of type `webhook.challenge`, and must answer it with JSON that has the same `challenge`.',
        requestBody: body({
          type: 'object',
          examples: [{ url: 'https://app.example/hooks/bank', types: types.slice(0, 1) }],
          additionalProperties: false,
          required: ['url'],
          properties: { url: URL_SCHEMA, types: typesSchema, description: DESCRIPTION },
        }),
        responses: { '201': answer('The subscription', withSecret) },
      }),
    },
    [one]: {
      parameters: [ID_PARAMETER],
      get: operation({
        operationId: 'getWebhookSubscription',
        summary: 'Show a subscription',
        responses: { '200': answer('The subscription', subscription), ...notFound },
      }),
      patch: operation({
        operationId: 'changeWebhookSubscription',
        summary: 'Change, pause or resume a subscription',
        description: 'What happens while it is paused is delivered when it is resumed.',
        requestBody: body({
          type: 'object',
          examples: [{ state: 'paused' }],
          additionalProperties: false,
          minProperties: 1,
          properties: {
            url: URL_SCHEMA,
            types: typesSchema,
            description: DESCRIPTION,
            state: { enum: ['active', 'paused'] },
          },
        }),
        responses: { '200': answer('The subscription', subscription), ...notFound },
      }),
      delete: operation({
        operationId: 'deleteWebhookSubscription',
        summary: 'Unsubscribe',
        responses: { '204': { description: 'It is forgotten, with its deliveries.' }, ...notFound },
      }),
    },
    [`${one}/rotate-secret`]: {
      parameters: [ID_PARAMETER],
      post: operation({
        operationId: 'rotateWebhookSecret',
        summary: 'Replace the secret of a subscription',
        description: 'For a day messages are signed with the secret before, too.',
        responses: { '200': answer('The new secret', withSecret), ...notFound },
      }),
    },
    [`${one}/ping`]: {
      parameters: [ID_PARAMETER],
      post: operation({
        operationId: 'pingWebhookSubscription',
        summary: 'Send a test event',
        description: 'A signed event of type `webhook.ping`, sent at once and once.',
        responses: {
          '200': answer('What became of it', {
            type: 'object',
            required: ['isTaken', 'status', 'reason'],
            properties: {
              isTaken: { type: 'boolean' },
              status: { type: 'integer', description: 'HTTP status of the answer; 0 without one.' },
              reason: { enum: ['', 'timeout', 'address', 'connection', 'status'] },
            },
          }),
          ...notFound,
        },
      }),
    },
    [`${one}/deliveries`]: {
      parameters: [ID_PARAMETER],
      get: operation({
        operationId: 'listWebhookDeliveries',
        summary: 'List what was, and is to be, delivered; the latest first',
        parameters: [
          LIMIT,
          { name: 'state', in: 'query', schema: { enum: ['pending', 'queued', 'delivered', 'dead'] } },
          { name: 'before', in: 'query', schema: { type: 'string', pattern: '^[0-9]{1,15}$' } },
        ],
        responses: {
          '200': answer('Deliveries; `next` is the `before` of the next page', {
            type: 'object',
            required: ['items'],
            properties: {
              items: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['eventId', 'type', 'state', 'attempts', 'status', 'reason', 'at'],
                  properties: {
                    eventId: TEXT,
                    type: TEXT,
                    state: { enum: ['pending', 'queued', 'delivered', 'dead'] },
                    attempts: { type: 'integer' },
                    status: { type: 'integer' },
                    reason: TEXT,
                    at: { type: 'string', format: 'date-time' },
                  },
                },
              },
              next: TEXT,
            },
          }),
          ...notFound,
        },
      }),
    },
    [`${one}/redeliver`]: {
      parameters: [ID_PARAMETER],
      post: operation({
        operationId: 'redeliverWebhookEvents',
        summary: 'Send again what could not be delivered, or one event',
        parameters: [{ name: 'eventId', in: 'query', schema: TEXT }],
        responses: {
          '200': answer('How many', {
            type: 'object',
            required: ['redelivered'],
            properties: { redelivered: { type: 'integer' } },
          }),
          ...notFound,
        },
      }),
    },
  }
}

function feedPaths(
  scopes: ReadonlyMap<string, readonly string[]>,
  operation: (of: OpenApiObject) => OpenApiObject,
): OpenApiObject {
  const types = [...scopes.keys()]
  const after = {
    name: 'after',
    in: 'query',
    schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
    description: 'The `next` of the page before; without it, what happens from now on.',
  }
  const wanted = {
    name: 'types',
    in: 'query',
    schema: { type: 'array', items: { enum: types } },
    description: typesText(scopes),
  }
  return {
    '/events': {
      get: operation({
        operationId: 'listEvents',
        summary: 'Read events',
        description: 'With `after=0` from the oldest that is kept.',
        parameters: [
          after,
          wanted,
          LIMIT,
          {
            name: 'wait',
            in: 'query',
            schema: { type: 'integer', minimum: 0, maximum: 30, default: 0 },
            description: 'Seconds to wait for an event where there is none.',
          },
        ],
        responses: {
          '200': answer('Events, the oldest first', {
            type: 'object',
            required: ['items', 'next'],
            properties: {
              items: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['id', 'type', 'timestamp', 'data'],
                  properties: {
                    id: TEXT,
                    type: { enum: types },
                    timestamp: { type: 'string', format: 'date-time' },
                    data: { description: 'As the webhook of this type has it.' },
                  },
                },
              },
              next: TEXT,
            },
          }),
        },
      }),
    },
    '/events/stream': {
      get: operation({
        operationId: 'streamEvents',
        summary: 'Read events as they happen, as server-sent events',
        parameters: [
          after,
          wanted,
          { name: 'Last-Event-ID', in: 'header', schema: { type: 'string', pattern: '^[0-9]{1,15}$' } },
        ],
        responses: {
          '200': {
            description: 'A stream whose data are the messages that webhooks send',
            content: { 'text/event-stream': { schema: TEXT } },
          },
        },
      }),
    },
  }
}

function answer(description: string, schema: OpenApiObject): OpenApiObject {
  return { description, content: { 'application/json': { schema } } }
}

function listOf(items: OpenApiObject): OpenApiObject {
  return { type: 'object', required: ['items'], properties: { items: { type: 'array', items } } }
}

function body(schema: OpenApiObject): OpenApiObject {
  return { required: true, content: { 'application/json': { schema } } }
}
