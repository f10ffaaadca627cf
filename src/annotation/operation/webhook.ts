import { isObject } from '../../openapi/document.js'
import { join, steps as pointerSteps } from '../../openapi/pointer.js'
import type { OpenApiWebhook } from '../../openapi/webhooks.js'
import { type AnnotationContext, AnnotationReader, optional } from '../reader/reader.js'
import { readPath, readSources, type SourceEntry, type WrittenPath } from '../sources/source.js'

/** `x-soap` of a webhook, as docs/events.md gives it: where its events come from. */
export type WebhookAnnotation = ReceiveAnnotation | PollAnnotation

/** A message that a backend sends. */
export interface ReceiveAnnotation {
  readonly kind: 'receive'
  /** All of which whoever gets its events must have. */
  readonly scopes: readonly string[]
  readonly backend?: string
  readonly operation: string
  readonly input?: string
  /** Path of the element that is an event; the whole message where there is none. */
  readonly items?: WrittenPath
  /** Path, below that element, of what names the event. */
  readonly id?: WrittenPath
  /** The same of what events keep their order by. */
  readonly order?: WrittenPath
  /** What the sender is answered: constants. */
  readonly answer: readonly SourceEntry[]
  readonly pointer: string
}

export const changes = ['new', 'changed', 'vanished'] as const
export type Change = (typeof changes)[number]

/** A list that is asked for, again and again. */
export interface PollAnnotation {
  readonly kind: 'poll'
  /** All of which whoever gets its events must have. */
  readonly scopes: readonly string[]
  /** An operationId of the contract. */
  readonly operation: string
  readonly everyMs: number
  /** By name: `path.customerId`, `query.limit`. */
  readonly parameters: Readonly<Record<string, string>>
  /** JSON pointer, in the response, to the list. */
  readonly items: WrittenPath
  /** JSON pointers, in an item. */
  readonly id: WrittenPath
  readonly version?: WrittenPath
  readonly order?: WrittenPath
  /** The parameter that takes the greatest value seen. */
  readonly cursor?: { readonly parameter: string; readonly value: WrittenPath }
  readonly changes: readonly Change[]
  readonly pointer: string
}

/** @returns undefined, with a diagnostic, where a webhook does not say where its events come from */
export function readWebhook(
  context: AnnotationContext,
  webhook: Pick<OpenApiWebhook, 'name' | 'annotation' | 'pointer'>,
): WebhookAnnotation | undefined {
  const pointer = join(webhook.pointer, 'x-soap')
  const { diagnostics, document } = context
  if (webhook.annotation === undefined) {
    diagnostics.warning(
      'webhook-source',
      `Nothing sends the webhook ${webhook.name}: give it x-soap: { receive: … } or x-soap: { poll: … }, or leave it out.`,
      document.locate(webhook.pointer),
    )
    return undefined
  }
  if (!isObject(webhook.annotation)) {
    diagnostics.error('annotation-invalid', 'x-soap must be a map.', document.locate(pointer))
    return undefined
  }
  const reader = new AnnotationReader(context, webhook.annotation, pointer)
  const receive = reader.nested('receive')
  const poll = reader.nested('poll')
  const scopes = reader.texts('scopes') ?? []
  reader.end()
  if ((receive === undefined) === (poll === undefined)) {
    diagnostics.error(
      'webhook-source',
      `${webhook.name} needs one source of its events: x-soap: { receive: … } or x-soap: { poll: … }.`,
      document.locate(pointer),
    )
    return undefined
  }
  return receive ? readReceived(receive, scopes) : poll && readPolled(poll, scopes)
}

function readReceived(reader: AnnotationReader, scopes: readonly string[]): ReceiveAnnotation | undefined {
  const operation = reader.text('operation', { required: true })
  const annotation = {
    kind: 'receive',
    scopes,
    ...optional('backend', reader.text('backend')),
    ...optional('input', reader.text('input')),
    ...optional('items', readPath(reader, 'items')),
    ...optional('id', readPath(reader, 'id')),
    ...optional('order', readPath(reader, 'order')),
    answer: readSources(reader, 'answer').filter((entry) => isConstant(reader, entry)),
    pointer: reader.pointer,
  } as const
  reader.end()
  return operation === undefined ? undefined : { ...annotation, operation }
}

function isConstant({ diagnostics, document }: AnnotationReader, { target, source, pointer }: SourceEntry) {
  if (source.kind === 'constant') return true
  diagnostics.error(
    'request-source',
    `${target} of answer must be a constant: the answer is the same for every message.`,
    document.locate(pointer),
  )
  return false
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const
const LEAST_EVERY_MS = 1_000
const MOST_EVERY_MS = 86_400_000

function readPolled(reader: AnnotationReader, scopes: readonly string[]): PollAnnotation | undefined {
  const operation = reader.text('operation', { required: true })
  const everyMs = readEvery(reader)
  const parameters = reader.object('parameters')
  const items = readPointer(reader, 'items', { required: false }) ?? whole(reader, 'items')
  const id = readPointer(reader, 'id', { required: true })
  const version = readPointer(reader, 'version', { required: false })
  const order = readPointer(reader, 'order', { required: false })
  const cursor = readCursor(reader.nested('cursor'))
  const asked = reader.texts('changes')
  reader.end()
  const wanted = changes.filter((change) => (asked ?? ['new', 'changed']).includes(change))
  if (asked && wanted.length < asked.length) {
    const message = `changes is a list of ${changes.join(', ')}.`
    reader.diagnostics.error('annotation-invalid', message, reader.at('changes'))
  }
  if (cursor && wanted.includes('vanished')) {
    const message =
      'changes has vanished, which a cursor cannot tell: what is not asked for any more is not gone.'
    reader.diagnostics.error('webhook-poll', message, reader.at('changes'))
  }
  if (operation === undefined || everyMs === undefined || !id) return undefined
  return {
    kind: 'poll',
    scopes,
    operation,
    everyMs,
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
    items,
    id,
    ...optional('version', version),
    ...optional('order', order),
    ...optional('cursor', cursor),
    changes: wanted,
    pointer: reader.pointer,
  }
}

function readEvery(reader: AnnotationReader): number | undefined {
  const text = reader.text('every', { required: true })
  if (text === undefined) return undefined
  const [, digits = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? []
  const everyMs = unit in UNITS ? Number(digits) * UNITS[unit as keyof typeof UNITS] : 0
  if (everyMs >= LEAST_EVERY_MS && everyMs <= MOST_EVERY_MS) return everyMs
  reader.diagnostics.error(
    'annotation-invalid',
    'every must be a time from 1s to 24h, such as 30s, 5m or 1h.',
    reader.at('every'),
  )
  return undefined
}

function readCursor(reader: AnnotationReader | undefined): PollAnnotation['cursor'] {
  if (!reader) return undefined
  const parameter = reader.text('parameter', { required: true })
  const value = readPointer(reader, 'value', { required: true })
  reader.end()
  return parameter === undefined || !value ? undefined : { parameter, value }
}

function readPointer(
  reader: AnnotationReader,
  key: string,
  { required }: { readonly required: boolean },
): WrittenPath | undefined {
  const written = reader.text(key, { required })
  if (written === undefined) return undefined
  if (written.startsWith('/'))
    return { steps: pointerSteps(written), written, pointer: join(reader.pointer, key) }
  const message = `${key} must be a JSON pointer, such as /items.`
  reader.diagnostics.error('annotation-invalid', message, reader.at(key))
  return undefined
}

function whole(reader: AnnotationReader, key: string): WrittenPath {
  return { steps: [], written: '/', pointer: join(reader.pointer, key) }
}
