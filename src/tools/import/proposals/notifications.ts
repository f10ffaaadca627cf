import type { UniqueNames } from '../../../base/unique-names.js'
import type { CanonicalMappings } from '../../../mapping/canonical/canonical.js'
import { elementsOf } from '../../../mapping/canonical/content-walk.js'
import type {
  ElementMapping,
  ObjectMapping,
  ScalarMapping,
} from '../../../mapping/canonical/value-mapping.js'
import { asObject } from '../../../mapping/fit/members.js'
import { bodyOf } from '../../../mapping/operation/message/body.js'
import type { Projection } from '../../../mapping/projection/projection.js'
import type { OpenApiObject } from '../../../openapi/document.js'
import type { SoapOperation } from '../../../wsdl/model.js'
import type { DesignSettings } from '../settings/settings.js'
import type { SummaryWriter } from '../summary/summary.js'
import { camel, kebab, pascal, plainWords, sentence } from '../words/names.js'
import { isNounFirst, verbOf } from '../words/verbs.js'

/** A webhook of the document: its name, and its Path Item Object. */
export type ProposedWebhook = readonly [name: string, item: OpenApiObject]

/** What a receiver does with what it is told, which no caller would ask for by name. */
const TOLD = new Set(['notify', 'on', 'receive', 'handle', 'notification', 'notifications', 'callback'])
const NOTIFICATION = new Set(['notification', 'notifications', 'notify', 'callback', 'callbacks'])

/**
 * Does a port look like one that its provider calls? All its operations do: they are called `…Notification`, `…Callback` or
 * `notify…`, or are one-way and no command.
 *
 * @param settings an operation whose path or verb a person has given is called by us
 */
export function isNotificationPort(operations: readonly SoapOperation[], settings: DesignSettings): boolean {
  return operations.length > 0 && operations.every((operation) => isNotification(operation, settings))
}

/** Operations of another port that look so, of which the importer does not know who calls them. */
export function notificationsAmong(
  operations: readonly SoapOperation[],
  settings: DesignSettings,
): readonly SoapOperation[] {
  return operations.filter((operation) => isNotification(operation, settings))
}

function isNotification({ name, output }: SoapOperation, { operations }: DesignSettings): boolean {
  const { path, verb, method, ignore } = operations[name] ?? {}
  if ((path ?? verb ?? method) !== undefined || ignore) return false
  const words = plainWords(name)
  const [first = ''] = words
  if (TOLD.has(first)) return true
  // "SendNotification" and "GetCallback" are asked of the provider.
  if (verbOf(first) && !isNounFirst(first)) return false
  return NOTIFICATION.has(words.at(-1) ?? '') || !output
}

/** Where webhooks of a port are made. */
export interface NotificationSource {
  readonly backend: string
  readonly isOnlyBackend: boolean
  /** What the service is about. */
  readonly service: readonly string[]
  readonly canonical: CanonicalMappings
  readonly projection: Projection
  readonly overloaded: ReadonlySet<string>
}

/** The variable of the secret that ends the path of the port. */
export function pathSecretOf(backend: string): string {
  const words = plainWords(backend).join('_').toUpperCase()
  return `${/^\d/.test(words) ? 'BACKEND_' : ''}${words}_PATH_SECRET`
}

interface WebhookNames {
  readonly names: UniqueNames
  readonly operationIds: UniqueNames
  readonly summary: SummaryWriter
}

/** Designs the webhooks of a port that its provider calls, and says what to review. */
export function proposeWebhooks(
  operations: readonly SoapOperation[],
  source: NotificationSource,
  { names, operationIds, summary }: WebhookNames,
): readonly ProposedWebhook[] {
  const called = operations.map(({ name }) => name)
  const variable = pathSecretOf(source.backend)
  summary.decide(
    `The port of ${source.backend} looks like one that its provider calls, so its operations are webhooks, and none of them is a path`,
    ...called,
  )
  summary.advise(
    `Where ${source.backend} is called instead, give its operations a verb or a path in import.yaml; where it calls you, set ${variable} to 16 random characters or more and tell its operator the address /soap/${source.backend}/ with them at the end, or say in receive how else it proves who it is (docs/events.md)`,
  )
  return operations.map((operation) => webhookOf(operation, source, { names, operationIds, summary }))
}

function webhookOf(
  operation: SoapOperation,
  source: NotificationSource,
  { names, operationIds, summary }: WebhookNames,
): ProposedWebhook {
  const { backend, isOnlyBackend, projection, overloaded } = source
  const words = subjectOf(operation.name)
  const said = words.length > 0 ? words : source.service
  const name = names.take(kebab(said) || 'event')
  const { steps, event, value } = eventIn(operation, source.canonical)
  const id = event && idIn(event)
  if (id === undefined) {
    summary.advise(
      'Nothing in the message is called Id: say in receive.id what makes an event the same when its sender repeats it',
      operation.name,
    )
  } else {
    summary.advise(
      'What makes an event the same when its sender repeats it is guessed; see receive.id',
      `${operation.name} /${id}`,
    )
  }
  const answer = answerOf(operation, source.canonical)
  if (Object.keys(answer).length > 0) {
    summary.advise(
      'What the sender is answered is guessed; see receive.answer',
      ...Object.entries(answer).map(([at, constant]) => `${operation.name} ${at}: ${String(constant)}`),
    )
  }
  const title = pascal([...said, 'event'])
  return [
    name,
    {
      post: {
        operationId: operationIds.take(camel([...said, 'event'])),
        summary: sentence(said),
        description: operation.documentation ?? `What \`${operation.name}\` of the backend tells.`,
        'x-soap': {
          receive: {
            ...(!isOnlyBackend && { backend }),
            operation: operation.name,
            ...(overloaded.has(operation.name) && { input: operation.inputName }),
            ...(steps.length > 0 && { items: `/${steps.join('/')}` }),
            ...(id !== undefined && { id: `/${id}` }),
            ...(Object.keys(answer).length > 0 && { answer }),
          },
        },
        requestBody: {
          description: 'The event.',
          content: { 'application/json': { schema: projection.value(value, title) } },
        },
        responses: { '2XX': { description: 'It was taken.' } },
      },
    },
  ]
}

/** What a notification is about: `PaymentStatusNotification` and `onPaymentStatus` of a payment status. */
function subjectOf(name: string): string[] {
  const words = plainWords(name)
  while (words.length > 0 && TOLD.has(words[0] ?? '')) words.shift()
  while (words.length > 0 && NOTIFICATION.has(words.at(-1) ?? '')) words.pop()
  return words
}

interface EventOfMessage {
  /** To the elements that are events; none where that is the message. */
  readonly steps: readonly string[]
  readonly event: ObjectMapping | undefined
  readonly value: ElementMapping['value'] | ObjectMapping
}

/** The one list of objects in the message, where there is one; else the message. */
function eventIn({ input }: SoapOperation, canonical: CanonicalMappings): EventOfMessage {
  const { object } = bodyOf(input, canonical)
  const lists = elementsOf(object.content).filter((element) => isListOfObjects(element))
  const [only, ...others] = lists
  if (!only || others.length > 0) return { steps: [], event: object, value: object }
  const { value } = only.maxOccurs === 1 && only.value.kind === 'array' ? only.value.item : only
  return { steps: [only.name.localName], event: asObject(value), value }
}

function isListOfObjects({ maxOccurs, value }: ElementMapping): boolean {
  if (maxOccurs > 1) return asObject(value) !== undefined
  return value.kind === 'array' && asObject(value.item.value) !== undefined
}

const ID = /^(?:id|uuid|guid|(?:notification|event|message|callback|transaction)_?(?:id|number))$/i

/** The name of the element that names an event: one that is called Id, or the only one whose name ends so. */
function idIn(event: ObjectMapping): string | undefined {
  const scalars = elementsOf(event.content).filter(
    ({ value, maxOccurs, nillable }) => value.kind === 'scalar' && maxOccurs === 1 && !nillable,
  )
  const names = scalars.map(({ name }) => name.localName)
  const named = names.find((name) => ID.test(name))
  if (named !== undefined) return named
  const [only, ...others] = names.filter((name) => /(?:Id|ID|_id)$/.test(name))
  return others.length === 0 ? only : undefined
}

/** What an output needs: what says that all is well. */
function answerOf({ output }: SoapOperation, canonical: CanonicalMappings): Record<string, boolean | string> {
  if (!output) return {}
  const { object } = bodyOf(output, canonical)
  const answers = elementsOf(object.content).flatMap(
    ({ name, value, minOccurs }): [string, boolean | string][] => {
      if (minOccurs === 0 || value.kind !== 'scalar') return []
      const constant = wellOf(value)
      return constant === undefined ? [] : [[name.localName, constant]]
    },
  )
  return Object.fromEntries(answers)
}

const WELL = /^(?:ok|success|successful|accepted|ack|acknowledged|received|true|done)$/i

function wellOf({ type }: ScalarMapping): boolean | string | undefined {
  if (type.builtIn === 'boolean') return true
  const { enumeration } = type.facets
  if (enumeration) return enumeration.find(({ value }) => WELL.test(value))?.value
  return type.builtIn === 'string' ? 'OK' : undefined
}
