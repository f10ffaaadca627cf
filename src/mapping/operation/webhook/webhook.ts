import { wholeResponse } from '../../../annotation/operation/operation.js'
import { readWebhook, type ReceiveAnnotation } from '../../../annotation/operation/webhook.js'
import type { WrittenPath } from '../../../annotation/sources/source.js'
import type { SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../../base/diagnostic/did-you-mean.js'
import { join } from '../../../openapi/pointer.js'
import { type OpenApiWebhook, webhooksOf } from '../../../openapi/webhooks.js'
import type { SoapMessage, SoapOperation } from '../../../wsdl/model.js'
import type { ElementMapping, ObjectMapping } from '../../canonical/value-mapping.js'
import { asObject } from '../../fit/members.js'
import type { JoinedBackend } from '../backend/backend.js'
import type { OperationJoin } from '../both-sides.js'
import type { BackendMapping, OperationMapping } from '../mapping.js'
import { bodyOf, formMeant } from '../message/body.js'
import { mapRequest } from '../message/request.js'
import { mapResponse } from '../message/response.js'
import { followPath } from '../message/response-path.js'
import { soapOperationOf } from '../soap-operation.js'
import type { WebhookContext } from './context.js'
import { mapPolled, type PolledWebhook } from './polled.js'

/** Where the events of a webhook come from. */
export type WebhookMapping = ReceivedWebhook | PolledWebhook

/** Events that a backend sends as calls of an operation. */
export interface ReceivedWebhook {
  readonly kind: 'receive'
  /** The type of its events. */
  readonly name: string
  /** All of which whoever gets them must have. */
  readonly scopes: readonly string[]
  readonly backend: BackendMapping
  /** As the WSDL has it. */
  readonly soap: SoapOperation
  /** The operation the other way round: what it reads is the message, and what it writes is the answer. */
  readonly inverse: OperationMapping
  readonly places: EventPlaces
  readonly at: SourceLocation
}

/** Names of elements; what begins with @ is an attribute. */
export interface EventPlaces {
  /** From the child of soap:Body, or from soap:Body where that holds the message itself. */
  readonly isWrapped: boolean
  /** To the elements that are events; none for the message. */
  readonly items: readonly string[]
  /** Whether there may be several. */
  readonly isList: boolean
  /** From there on. */
  readonly id: readonly string[] | undefined
  readonly order: readonly string[] | undefined
}

/** Maps the webhooks of a contract: docs/events.md. */
export function mapWebhooks(context: WebhookContext): readonly WebhookMapping[] {
  const taken = new Map<string, OpenApiWebhook>()
  return webhooksOf(context.document, context.diagnostics).flatMap((webhook): WebhookMapping[] => {
    const annotation = readWebhook(context, webhook)
    if (!annotation) return []
    const mapped =
      annotation.kind === 'poll'
        ? mapPolled(context, webhook, annotation)
        : mapReceived(context, webhook, annotation)
    if (mapped?.kind === 'receive') reportTwin(context, taken, webhook, mapped)
    return mapped ? [mapped] : []
  })
}

/** A message becomes the events of one webhook. */
function reportTwin(
  { document, diagnostics }: WebhookContext,
  taken: Map<string, OpenApiWebhook>,
  webhook: OpenApiWebhook,
  { backend, soap }: ReceivedWebhook,
): void {
  const key = `${backend.name} ${soap.inputName}`
  const first = taken.get(key)
  taken.set(key, first ?? webhook)
  if (!first) return
  const message = `${webhook.name} receives what ${first.name} receives already: each operation has one webhook.`
  diagnostics.error('webhook-source', message, document.locate(webhook.pointer), [
    { message: 'received here', at: document.locate(first.pointer) },
  ])
}

function mapReceived(
  context: WebhookContext,
  webhook: OpenApiWebhook,
  annotation: ReceiveAnnotation,
): ReceivedWebhook | undefined {
  const { document, diagnostics } = context
  const joined = backendOf(context, webhook, annotation)
  const soap = joined && soapOperationOf(document, annotation, joined.mapping, diagnostics)
  if (!soap) return undefined
  const { mapping: backend } = joined
  checkMessageSecrets(context, joined, soap)
  const { places, item } = placesOf(context, backend, soap, annotation)
  if (!annotation.id) {
    diagnostics.warning(
      'webhook-id',
      `${webhook.name} has no id: a message that its sender repeats becomes another event. Name what makes it the same, id: /….`,
      document.locate(annotation.pointer),
    )
  }
  for (const path of [annotation.id, annotation.order]) if (path) checkPath(context, item, path)
  return {
    kind: 'receive',
    name: webhook.name,
    scopes: annotation.scopes,
    backend,
    soap,
    inverse: inverseOf(context, { webhook, annotation, joined, soap, isList: places.isList }),
    places,
    at: document.locate(webhook.pointer),
  }
}

/** The backend that calls: the one that is named, or the only one that may. */
function backendOf(
  { document, diagnostics, backends, names }: WebhookContext,
  webhook: OpenApiWebhook,
  annotation: ReceiveAnnotation,
): JoinedBackend | undefined {
  const callers = [...backends.values()].filter(({ mapping }) => mapping.receive)
  const name = annotation.backend ?? (callers.length === 1 ? callers[0]?.mapping.name : undefined)
  const at = document.locate(join(annotation.pointer, annotation.backend === undefined ? '' : 'backend'))
  if (name === undefined || !names.includes(name)) {
    diagnostics.error(
      'backend-unknown',
      `${webhook.name} must name the backend that calls: ${names.join(' or ')}.${didYouMean(name ?? '', names)}`,
      at,
    )
    return undefined
  }
  const joined = backends.get(name)
  if (joined && !joined.mapping.receive) {
    const message = `${name} may not call: say who may, with receive: { … } in its entry of x-soap-backends.`
    diagnostics.error('receive-unauthenticated', message, joined.mapping.at)
  }
  return joined
}

/** The message of a value that must match. */
function checkMessageSecrets(
  context: WebhookContext,
  { annotation, mapping }: JoinedBackend,
  soap: SoapOperation,
): void {
  const { object } = bodyOf(soap.input, mapping.canonical)
  for (const { steps } of mapping.receive?.message ?? []) {
    const written = `/${steps.join('/')}`
    checkPath(context, object, {
      steps,
      written,
      pointer: join(annotation.pointer, 'receive', 'message', written),
    })
  }
}

function placesOf(
  { document, diagnostics }: WebhookContext,
  backend: BackendMapping,
  soap: SoapOperation,
  { items, id, order }: ReceiveAnnotation,
): { readonly places: EventPlaces; readonly item: ObjectMapping | undefined } {
  const steps = items?.steps ?? []
  const { wrapper, object } = bodyOf(soap.input, backend.canonical, formMeant(soap.input, [steps]))
  const { element, lost } = followPath(object, steps)
  if (items && lost !== undefined) {
    const message = `The path ${items.written} cannot be followed: ${lost}.`
    const related = [{ message: 'the WSDL operation', at: soap.at }]
    diagnostics.error('response-path', message, document.locate(items.pointer), related)
  }
  const inner = element && arrayItem(element)
  return {
    places: {
      isWrapped: wrapper !== undefined,
      items: inner ? [...steps, inner.name.localName] : steps,
      isList: inner !== undefined || (element?.maxOccurs ?? 1) > 1,
      id: id?.steps,
      order: order?.steps,
    },
    item: element ? asObject((inner ?? element).value) : object,
  }
}

/** The item of a list that is an element of its own. */
function arrayItem({ maxOccurs, value }: ElementMapping): ElementMapping | undefined {
  return maxOccurs === 1 && value.kind === 'array' ? value.item : undefined
}

/** An attribute may end a path, which the mapping does not follow. */
function checkPath(
  { document, diagnostics }: WebhookContext,
  object: ObjectMapping | undefined,
  { steps, written, pointer }: WrittenPath,
): void {
  const elements = steps.filter((step, index) => !(step.startsWith('@') && index === steps.length - 1))
  const { lost } = object ? followPath(object, elements) : { lost: 'it has no members' }
  if (lost === undefined && steps.length > 0) return
  const message = `The path ${written} cannot be followed: ${lost ?? 'it is empty'}.`
  diagnostics.error('response-path', message, document.locate(pointer))
}

interface Received {
  readonly webhook: OpenApiWebhook
  readonly annotation: ReceiveAnnotation
  readonly joined: JoinedBackend
  readonly soap: SoapOperation
  readonly isList: boolean
}

/** The codec that reads answers reads the message, and the one that writes requests writes what it is answered. */
function inverseOf(
  { document, diagnostics, fittings }: WebhookContext,
  { webhook, annotation, joined, soap, isList }: Received,
): OperationMapping {
  const { mapping: backend, annotation: backendAnnotation } = joined
  const inverse: SoapOperation = {
    ...soap,
    input: soap.output ?? nothingOf(soap.input),
    output: soap.input,
    faults: [],
  }
  const { schema, pointer } = webhook
  const event = isList ? { value: { type: 'array', items: schema.value }, pointer: schema.pointer } : schema
  const rest = {
    operationId: webhook.name,
    method: 'post',
    path: '',
    parameters: [],
    responses: [
      {
        status: '200',
        content: [{ mediaType: 'application/json', schema: event }],
        headers: [],
        pointer,
      },
      // What may be absent is no event then.
      { status: '404', content: [], headers: [], pointer },
    ],
    security: undefined,
    annotation: undefined,
    pointer,
  }
  const operation: OperationJoin = {
    document,
    rest,
    annotation: {
      operation: annotation.operation,
      request: annotation.answer,
      headers: [],
      response: annotation.items ?? wholeResponse(annotation.pointer),
      faults: {},
      pointer: annotation.pointer,
    },
    backend,
    backendAnnotation: { ...backendAnnotation, headers: [] },
    soap: inverse,
    isLogin: false,
    diagnostics,
    fittings,
  }
  return {
    rest,
    backend,
    soap: inverse,
    timeoutMs: undefined,
    request: mapRequest(operation),
    response: mapResponse(operation),
    faults: [],
    mappedFaults: [],
  }
}

/** What a one-way operation answers. */
function nothingOf({ name, use, at }: SoapMessage): SoapMessage {
  return { name, use, body: [], headers: [], attachments: [], at }
}
