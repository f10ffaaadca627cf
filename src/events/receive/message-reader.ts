import { randomUUID } from 'node:crypto'
import { ReplyReader } from '../../adapter/reply/reader.js'
import { unpack } from '../../adapter/reply/received.js'
import { CallWriter } from '../../adapter/request/call-writer.js'
import type { BackendRuntime } from '../../adapter/runtime.js'
import { textOf } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import type { BackendMapping } from '../../mapping/operation/mapping.js'
import type { ReceivedWebhook } from '../../mapping/operation/webhook/webhook.js'
import { charsetOf } from '../../soap/content-type.js'
import type { SoapDialect } from '../../soap/envelope.js'
import type { NewEvent } from '../../store/outbox/outbox.js'
import { inlineIncludes } from '../../ws-security/attachments/inline-includes.js'
import { ADDRESSING, WSSE } from '../../ws-security/names.js'
import type { BelievedMessage } from '../../ws-security/signature/believed-message.js'
import { checkUsernameToken, type PresentedNonce } from '../../ws-security/tokens/username-check.js'
import { decodeXml } from '../../xml/encoding.js'
import { eventBody } from '../event-body.js'
import { digestOf, eventId } from '../event-id.js'
import { valuesOfBody } from './envelope-scan.js'
import { eventsIn } from './json-items.js'
import { ReceiveFault } from './receive-fault.js'

/** A message as it came, its signature verified where one is asked for. */
export interface ReceivedMessage {
  readonly contentType: string
  readonly bytes: Uint8Array
  /** Its envelope. */
  readonly text: string
  readonly isVerified: boolean
  /** What its signatures were found good for. */
  readonly believed: readonly BelievedMessage[]
  /** Of its UsernameToken, which has been found good but for that. */
  readonly nonce: PresentedNonce | undefined
}

/**
 * The envelope of a message.
 *
 * @throws AdapterError or XmlError where it cannot be read, or is not signed as the contract asks
 */
export function openMessage(
  { contentType, bytes }: Pick<ReceivedMessage, 'contentType' | 'bytes'>,
  { security: policy, receive }: BackendMapping,
  { security, maxAttachments, xmlLimits: limits }: BackendRuntime,
): ReceivedMessage {
  const whole = { status: 200, headers: { 'content-type': contentType }, body: bytes }
  const received = unpack(whole, bytes.byteLength, maxAttachments)
  const { body, headers } = received.response
  const text = typeof body === 'string' ? body : decodeXml(body, charsetOf(headers['content-type']))
  const isVerified = policy?.verify !== undefined && security !== undefined
  const nonce =
    receive?.usernameToken &&
    checkUsernameToken(text, receive.usernameToken, { now: Date.now(), limits, isVerified })
  if (!policy?.verify || !security)
    return { contentType, bytes, text, isVerified: false, believed: [], nonce }
  const { attachments: parts } = received
  const sent = parts ? inlineIncludes(text, parts) : { envelope: text, attachments: [] }
  if (sent.attachments.length > 0) {
    throw new AdapterError('backend-untrusted', 'The message has attachments: signed ones are not received.')
  }
  const believed: BelievedMessage[] = []
  const verified = security.verify(sent.envelope, (message) => believed.push(message))
  return { contentType, bytes, text: verified, isVerified: true, believed, nonce }
}

const NOTHING = { path: {}, query: {}, headers: {} }

/** Header blocks that senders may demand to be understood: what the contract says, and what UsernameTokens stand in. */
export function understoodOf({ understood, receive }: BackendMapping): readonly string[] {
  return receive?.usernameToken ? [...understood, `{${WSSE}}Security`] : understood
}

/** Blocks of WS-Addressing are dealt with, in both versions. */
const ADDRESSED = ADDRESSING.flatMap((namespace) =>
  ['Action', 'To', 'MessageID', 'ReplyTo', 'From', 'FaultTo', 'RelatesTo'].map(
    (name) => `{${namespace}}${name}`,
  ),
)

/** Reads the messages of one operation, and writes what they are answered. */
export class MessageReader {
  readonly #webhook: ReceivedWebhook
  readonly #replies: ReplyReader
  readonly #version: SoapDialect['version']
  readonly #runtime: BackendRuntime
  /** The envelope, without header; undefined for one-way operations. */
  readonly answer: string | undefined

  constructor(webhook: ReceivedWebhook, runtime: BackendRuntime) {
    const { inverse, backend, soap } = webhook
    this.#webhook = webhook
    this.#runtime = runtime
    this.#version = backend.soapVersion
    const bare = withoutHeaders(runtime)
    const plain: BackendMapping = {
      ...backend,
      isMtom: false,
      addressing: undefined,
      security: undefined,
      understood: [...understoodOf(backend), ...ADDRESSED],
    }
    const mapping = { ...inverse, backend: plain }
    this.#replies = new ReplyReader(mapping, bare)
    this.answer = soap.output ? String(new CallWriter(mapping, bare).write(NOTHING, {}).call.body) : undefined
  }

  /**
   * Makes events of a message.
   *
   * @param at when it was received, milliseconds since 1970
   * @throws AdapterError or XmlError where it is not as its WSDL says, ReceiveFault where an event has no id
   */
  read(message: ReceivedMessage, at: number): readonly NewEvent[] {
    const { name, inverse, places } = this.#webhook
    const data = this.#dataIn(message)
    const items = eventsIn(data, {
      isSelected: inverse.response.selected !== undefined,
      isList: places.isList,
    })
    const named = this.#valuesOf(message)
    if (named && named.length !== items.length) {
      // An item that is nil has no id either.
      throw new ReceiveFault(
        'sender',
        `The message has ${items.length} events and ${named.length} elements of them.`,
      )
    }
    return items.map((item, index): NewEvent => {
      const { id, order } = named?.[index] ?? {}
      if (places.id && (id === undefined || id === '')) {
        throw new ReceiveFault('sender', `An event has no ${places.id.join('/')}, which names it.`)
      }
      return {
        id: id === undefined ? eventId(randomUUID()) : eventId(this.#webhook.backend.name, name, id),
        type: name,
        order: order === undefined ? undefined : digestOf(this.#webhook.backend.name, order),
        body: eventBody(name, at, item),
      }
    })
  }

  #dataIn({ contentType, bytes, text, isVerified }: ReceivedMessage): string {
    const body = isVerified ? text : bytes
    const headers = { 'content-type': isVerified ? 'text/xml; charset=utf-8' : contentType }
    const { answer } = this.#replies.read({ status: 200, headers, body }, undefined)
    if (answer.kind === 'output') return textOf(answer.segments ?? [answer.json])
    throw new AdapterError('backend-mismatch', 'The message is a fault.', { path: '/Envelope/Body/Fault' })
  }

  #valuesOf({
    text,
  }: ReceivedMessage): readonly { readonly id?: string; readonly order?: string }[] | undefined {
    const { isWrapped, items, id, order } = this.#webhook.places
    if (!id && !order) return undefined
    return valuesOfBody(text, {
      version: this.#version,
      limits: this.#runtime.xmlLimits,
      isWrapped,
      places: { items, values: { ...(id && { id }), ...(order && { order }) } },
    })
  }
}

/** Addresses and signatures are dealt with before a message is read by its schema. */
function withoutHeaders(runtime: BackendRuntime): BackendRuntime {
  const bare: { -readonly [Part in keyof BackendRuntime]: BackendRuntime[Part] } = { ...runtime }
  delete bare.addressing
  delete bare.security
  delete bare.session
  return bare
}
