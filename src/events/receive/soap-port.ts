import type { BackendRuntime } from '../../adapter/runtime.js'
import { AdapterError, type AdapterErrorCode } from '../../base/errors.js'
import { clark } from '../../base/qname.js'
import { isSameSecret } from '../../base/same-secret.js'
import type { BackendMapping } from '../../mapping/operation/mapping.js'
import type { ReceivedWebhook } from '../../mapping/operation/webhook/webhook.js'
import { dialect } from '../../soap/envelope.js'
import { contentTypeOf, writeFault } from '../../soap/fault-writer.js'
import type { NewEvent } from '../../store/outbox/outbox.js'
import type { SingleUses } from '../../store/single-use/uses.js'
import { WSSE } from '../../ws-security/names.js'
import type { PresentedNonce } from '../../ws-security/tokens/username-check.js'
import type { SoapVersion } from '../../wsdl/model.js'
import { PublishedWsdl } from '../../wsdl/published-wsdl.js'
import { escapeAttribute, escapeText } from '../../xml/escape.js'
import { internName } from '../../xml/names.js'
import { XmlError } from '../../xml/reader.js'
import { type ReceivedAddressing, scanEnvelope, type ScannedEnvelope, valuesOfBody } from './envelope-scan.js'
import { MessageReader, openMessage, type ReceivedMessage, understoodOf } from './message-reader.js'
import { ReceiveFault } from './receive-fault.js'

/** A message over HTTP, as far as the port judges it. */
export interface PortRequest {
  readonly contentType: string
  /** SOAPAction, or the action of the media type; empty where there is none. */
  readonly soapAction: string
  readonly bytes: Uint8Array
}

export interface PortAnswer {
  readonly status: number
  readonly contentType: string | undefined
  readonly body: string
  /** Of the events that the message has become; the operation where there are none. */
  readonly webhook: string | undefined
  readonly outcome: PortOutcome
  /** Logged, never sent. */
  readonly cause?: unknown
}

/** `repeat`: the sender is to send it again. */
export type PortOutcome = 'taken' | 'refused' | 'unauthenticated' | 'repeat'

/** Who may call. */
export type ReceivePolicy = NonNullable<BackendMapping['receive']>

/** Keeps events; they are durable when it resolves. */
export type Keep = (events: readonly NewEvent[]) => Promise<unknown>

interface ServedOperation {
  readonly webhook: ReceivedWebhook
  /** Clark name of the child of soap:Body. */
  readonly root: string | undefined
  readonly reader: MessageReader
}

const WSA_ANONYMOUS = [
  'http://www.w3.org/2005/08/addressing/anonymous',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous',
  '',
]
const WSA_NONE = 'http://www.w3.org/2005/08/addressing/none'

/** The port of a backend that calls: what it answers to messages. It knows HTTP only by its words. */
export class SoapPort {
  readonly name: string
  readonly soapVersion: SoapVersion
  readonly policy: ReceivePolicy
  readonly #mapping: BackendMapping
  readonly #runtime: BackendRuntime
  readonly #operations: readonly ServedOperation[]
  readonly #keep: Keep
  #wsdl: PublishedWsdl | undefined

  constructor(
    webhooks: readonly ReceivedWebhook[],
    {
      mapping,
      runtime,
      policy,
      keep,
    }: {
      readonly mapping: BackendMapping
      readonly runtime: BackendRuntime
      readonly policy: ReceivePolicy
      readonly keep: Keep
    },
  ) {
    this.name = mapping.name
    this.soapVersion = mapping.soapVersion
    this.policy = policy
    this.#mapping = mapping
    this.#runtime = runtime
    this.#keep = keep
    this.#operations = webhooks.map((webhook) => {
      const [first] = webhook.soap.input.body
      return {
        webhook,
        root: first && internName(clark(first.name)),
        reader: new MessageReader(webhook, runtime),
      }
    })
  }

  /**
   * The WSDL, or a file that it imports, with the address of this port in it.
   *
   * @param query what follows the question mark: `wsdl`, `xsd=1`
   * @param url of the port, without a query
   */
  description(query: string, url: string): string | undefined {
    this.#wsdl ??= new PublishedWsdl(this.#mapping.wsdlPath)
    const ports = this.#mapping.wsdl.services.flatMap((service) => service.ports)
    return this.#wsdl.text(query, url, new Map(ports.map(({ name }) => [name, url])))
  }

  /** Takes a message: its events are kept before it is answered. Never rejects. */
  async answer(request: PortRequest): Promise<PortAnswer> {
    const { soapVersion } = this.#mapping
    let scanned: ScannedEnvelope | undefined
    let operation: ServedOperation | undefined
    /** Of what the message has used, and nothing else: a copy of one that was taken must not free what that one used. */
    const releases: (() => Promise<void>)[] = []
    try {
      this.#checkMediaType(request)
      const message = openMessage(request, this.#mapping, this.#runtime)
      await this.#useOnce(message, releases)
      scanned = scanEnvelope(message.text, soapVersion, this.#runtime.xmlLimits)
      operation = this.#find(scanned, request.soapAction)
      this.#checkHeader(scanned, operation)
      this.#checkSecrets(message, operation)
      const events = operation.reader.read(message, Date.now())
      await this.#stored(events)
      return this.#answered(operation, scanned.addressing)
    } catch (error) {
      const answer = this.#refused(error, operation, scanned?.addressing)
      // It may come again, octet for octet.
      if (answer.outcome === 'repeat') for (const release of releases) await release()
      return answer
    }
  }

  #checkMediaType({ contentType }: PortRequest): void {
    const { mediaType } = dialect(this.#mapping.soapVersion)
    const sent = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
    if (sent === mediaType || sent === 'multipart/related') return
    throw new WrongMediaType(
      `Content-Type must be ${mediaType}: this port speaks SOAP ${this.#mapping.soapVersion}.`,
    )
  }

  /** By the child of soap:Body; where several operations take it, or the action is another's, the action decides. */
  #find({ root, addressing }: ScannedEnvelope, soapAction: string): ServedOperation {
    const taking = this.#operations.filter((operation) => operation.root === root)
    if (taking.length === 0) {
      throw new ReceiveFault('sender', 'No operation that is served here takes this message.')
    }
    const sent = soapAction === '' ? addressing?.action : soapAction
    const isNamed = ({ webhook: { soap } }: ServedOperation): boolean =>
      sent === undefined ||
      sent === '' ||
      soap.soapAction === '' ||
      [soap.soapAction, soap.addressingAction].includes(sent)
    const found = taking.find(isNamed)
    if (found) return found
    throw new ReceiveFault('sender', 'The action of the message is not that of the operation that takes it.')
  }

  /** @throws ReceiveFault for a block that nobody here deals with (SOAP 1.1, 4.2.3; SOAP 1.2 Part 1, 5.4.8) */
  #checkHeader({ demanding, addressing }: ScannedEnvelope, { webhook: { soap } }: ServedOperation): void {
    const declared = soap.input.headers.map(({ element }) => clark(element.name))
    const known = [...declared, ...understoodOf(this.#mapping)]
    const block = demanding.find(
      ({ name, namespace }) => namespace !== addressing?.namespace && !known.includes(name),
    )
    if (block) {
      const hint = block.namespace === WSSE ? ' Signatures are verified where the contract says so.' : ''
      throw new ReceiveFault('must-understand', `A header block must be understood and is not.${hint}`, {
        block,
      })
    }
    const { replyTo } = addressing ?? {}
    if (replyTo === undefined || !soap.output || WSA_ANONYMOUS.includes(replyTo) || replyTo === WSA_NONE)
      return
    const subcode = { namespace: addressing?.namespace ?? '', localName: 'OnlyAnonymousAddressSupported' }
    throw new ReceiveFault('sender', 'Answers are given on the same connection only.', { subcode })
  }

  /**
   * @param releases takes what lets the message come again
   * @throws AdapterError or ReceiveFault where it came before, or nobody can tell
   */
  async #useOnce({ believed, nonce }: ReceivedMessage, releases: (() => Promise<void>)[]): Promise<void> {
    const { guard, nonces } = this.#runtime
    if (guard) releases.push(await guard.admit(believed, 'received'))
    if (nonce && nonces) {
      await this.#useNonce(nonces, nonce)
      releases.push(() => nonces.release(this.name, nonce.nonce))
    }
  }

  /** @throws ReceiveFault where the nonce of a digest was used, or nobody can tell */
  async #useNonce(nonces: SingleUses, { nonce, createdAt }: PresentedNonce): Promise<void> {
    const found = await nonces.use(this.name, nonce, createdAt)
    if (found === 'used') {
      throw new NotAuthenticated(
        new AdapterError('backend-untrusted', 'The Nonce of the UsernameToken has been used.'),
      )
    }
    if (found !== 'new')
      throw new ReceiveFault('receiver', 'The message could not be taken. Send it again.', {
        cause: new AdapterError('overloaded', 'Too many nonces are remembered.'),
      })
  }

  /** @throws ReceiveFault where a value of the message is not what its sender knows */
  #checkSecrets({ text }: ReceivedMessage, { webhook }: ServedOperation): void {
    const { message: secrets } = this.policy
    if (secrets.length === 0) return
    const { places } = webhook
    const [found = {}] = valuesOfBody(text, {
      version: this.#mapping.soapVersion,
      limits: this.#runtime.xmlLimits,
      isWrapped: places.isWrapped,
      places: { items: [], values: Object.fromEntries(secrets.map(({ steps }, index) => [index, steps])) },
    })
    const isKnown = secrets.every(({ equals }, index) => isSameSecret(found[index] ?? '', equals))
    if (!isKnown) throw new NotAuthenticated()
  }

  async #stored(events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return
    try {
      await this.#keep(events)
    } catch (cause) {
      throw new ReceiveFault('receiver', 'The message could not be kept. Send it again.', { cause })
    }
  }

  #answered({ webhook, reader }: ServedOperation, addressing: ReceivedAddressing | undefined): PortAnswer {
    const known = { webhook: webhook.name, outcome: 'taken' } as const
    if (reader.answer === undefined) return { status: 202, contentType: undefined, body: '', ...known }
    const blocks = replyBlocks(addressing, webhook.soap.replyAction)
    const body = blocks === '' ? reader.answer : withHeader(reader.answer, blocks)
    return { status: 200, contentType: contentTypeOf(this.#mapping.soapVersion), body, ...known }
  }

  #refused(
    error: unknown,
    operation: ServedOperation | undefined,
    addressing: ReceivedAddressing | undefined,
  ): PortAnswer {
    const webhook = operation?.webhook.name
    if (error instanceof WrongMediaType) {
      const contentType = 'text/plain; charset=utf-8'
      return { status: 415, contentType, body: error.message, webhook, outcome: 'refused' }
    }
    const fault = asFault(error)
    const { soapVersion } = this.#mapping
    const { blame, subcode, block, message: reason, cause } = fault
    const written = writeFault(soapVersion, {
      blame,
      ...(subcode && { subcode }),
      reason,
      blocks:
        (soapVersion === '1.2' ? versionBlocks(blame, block) : '') +
        replyBlocks(addressing, `${addressing?.namespace ?? ''}/fault`),
    })
    const isUnknown = fault instanceof NotAuthenticated
    const outcome = isUnknown ? 'unauthenticated' : blame === 'receiver' ? 'repeat' : 'refused'
    return { ...written, webhook, outcome, ...(cause !== undefined && { cause }) }
  }
}

class WrongMediaType extends Error {}

/** Nothing is said of what was wrong. */
class NotAuthenticated extends ReceiveFault {
  constructor(cause?: unknown) {
    super('sender', 'The sender of the message is not known here.', {
      subcode: { namespace: WSSE, localName: 'FailedAuthentication' },
      ...(cause !== undefined && { cause }),
    })
  }
}

/** What the codec says of answers, said of messages. */
const WRONG: Partial<Record<AdapterErrorCode, string>> = {
  'backend-not-soap': 'The message is not a SOAP envelope',
  'backend-malformed': 'The message is not well-formed, or more than is taken',
  'backend-mismatch': 'The message is not what the WSDL says',
}

/** What is wrong with the message is its sender's fault, anything else is ours, and the sender may try again. */
function asFault(error: unknown): ReceiveFault {
  if (error instanceof ReceiveFault) return error
  if (error instanceof XmlError)
    return new ReceiveFault('sender', 'The message is not well-formed XML.', { cause: error })
  if (!(error instanceof AdapterError)) {
    return new ReceiveFault('receiver', 'The message could not be taken. Send it again.', { cause: error })
  }
  const where = error.path === undefined ? '' : ` (at ${error.path})`
  const { code } = error
  if (code === 'backend-untrusted') return new NotAuthenticated(error)
  const reason = WRONG[code]
  if (reason !== undefined) return new ReceiveFault('sender', `${reason}${where}.`, { cause: error })
  return new ReceiveFault('receiver', 'The message could not be taken. Send it again.', { cause: error })
}

/** Names what was not understood (SOAP 1.2 Part 1, 5.4.8), or what would be (5.4.7). */
function versionBlocks(blame: ReceiveFault['blame'], block: ReceiveFault['block']): string {
  if (blame === 'version-mismatch') {
    const { namespace } = dialect('1.2')
    return `<soap:Upgrade><soap:SupportedEnvelope xmlns:v="${namespace}" qname="v:Envelope"/></soap:Upgrade>`
  }
  if (!block) return ''
  const { namespace, localName } = block
  const declaration = namespace === '' ? '' : ` xmlns:b="${escapeAttribute(namespace)}"`
  return `<soap:NotUnderstood${declaration} qname="${namespace === '' ? '' : 'b:'}${localName}"/>`
}

/** The header blocks of an answer to a message that had a MessageID; '' to any other. */
function replyBlocks(addressing: ReceivedAddressing | undefined, action: string): string {
  if (addressing?.messageId === undefined) return ''
  const { namespace, messageId } = addressing
  return (
    `<wsa:Action xmlns:wsa="${namespace}">${escapeText(action)}</wsa:Action>` +
    `<wsa:RelatesTo xmlns:wsa="${namespace}">${escapeText(messageId)}</wsa:RelatesTo>`
  )
}

function withHeader(envelope: string, blocks: string): string {
  return envelope.replace('<soap:Body>', () => `<soap:Header>${blocks}</soap:Header><soap:Body>`)
}
