import type { SoapAnswer } from '../../backend/soap-call.js'
import { bytesOf, type Segment } from '../../base/bytes/source.js'
import type { ByteStream } from '../../base/bytes/stream.js'
import { AdapterError } from '../../base/errors.js'
import { clark } from '../../base/qname.js'
import { BodyCodec } from '../../codec/body.js'
import type { ListPager } from '../../codec/json/list-pager.js'
import { JsonText } from '../../codec/json/text.js'
import { isOfService } from '../../mapping/operation/caller-exposure.js'
import type { OperationMapping } from '../../mapping/operation/mapping.js'
import { charsetOf } from '../../soap/content-type.js'
import { dialect } from '../../soap/envelope.js'
import { isLoginFault, type SoapFaultCode } from '../../soap/fault.js'
import { safeCode } from '../../soap/fault-code.js'
import type { BelievedMessage } from '../../ws-security/signature/believed-message.js'
import type { SoapResponse } from '../rest.js'
import type { MessageGuard } from '../trust/message-guard.js'
import { type Answer, type ReadableResponse, readAnswer } from './answer.js'
import { type AnswerPage, readPages } from './answer-pages.js'
import type { Asked } from './asked.js'
import { DeclaredFaults } from './declared-faults.js'
import { type AnswerHeader, HeaderReader } from './header-reader.js'
import { MappedFaults } from './mapped-faults.js'
import { readPlainAnswer } from './plain-answer.js'
import { extractBase64, type Received, unpack } from './received.js'
import { checkRelation } from './relation.js'
import type { Reply } from './reply.js'
import type { ReplyRuntime } from './runtime.js'
import { SessionEnded } from './session-ended.js'
import { verified } from './verified.js'

/** Of a response that is being read. */
interface Seen {
  header?: AnswerHeader
}

/** Reads the responses of one operation. */
export class ReplyReader {
  readonly #mapping: OperationMapping
  readonly #runtime: ReplyRuntime
  readonly #namespace: string
  /** Of elements that are no error, in Clark notation. */
  readonly #outputNames: ReadonlySet<string>
  /** Whether the text of a response can be given before all of it has been read. */
  readonly isStreamable: boolean
  #output: BodyCodec | undefined
  #header: HeaderReader | undefined
  #declared: DeclaredFaults | undefined
  #mapped: MappedFaults | undefined

  constructor(mapping: OperationMapping, runtime: ReplyRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    this.#outputNames = new Set(mapping.soap.output?.body.map(({ name }) => clark(name)))
    this.#namespace = dialect(mapping.backend.soapVersion).namespace
    this.isStreamable =
      isStreamable(mapping) &&
      !mapping.backend.isPlain &&
      !mapping.backend.security?.verify &&
      !mapping.backend.security?.decryption &&
      runtime.leniency.kinds.size === 0
  }

  warmUp(): void {
    this.#outputCodec()
    this.#headerReader()
    this.#declaredFaults()
    this.#mappedFaults()
  }

  /**
   * @param asked the call that is answered, where it is known
   * @throws SessionEnded, or an AdapterError with a code that begins with `backend-`
   */
  read(response: SoapResponse | SoapAnswer, asked: Asked | undefined): Reply {
    return this.#checked(this.#reply(response, asked), asked)
  }

  /**
   * Reads a response while it arrives: up to some item of its first long list before it returns, to its end where it has
   * none.
   *
   * @throws as `read` does; the pages that follow throw what could not be known before
   */
  async readPages(
    response: SoapAnswer & { readonly rest: ByteStream },
    asked: Asked | undefined,
  ): Promise<Reply> {
    const { rest, headers } = response
    const seen: Seen = {}
    const charset = charsetOf(headers['content-type'])
    const pages = readPages({ body: bytesOf(response.body), rest, charset }, (document, pager) =>
      this.#envelope({ response: { ...response, body: document }, attachments: undefined }, seen, pager),
    )
    const { value: first } = await pages.next()
    if (!first) throw new Error('a response has one page at least')
    if (first.isLast) return this.#checked(first.result, asked)
    const answer = { kind: 'output', json: '', segments: first.json, bytes: undefined } as const
    const begun = this.#checked({ answer, header: seen.header, headers, attachments: undefined }, asked)
    const cancel = (): void => {
      rest.close()
    }
    return { ...begun, rest: { pages: following(pages), cancel } }
  }

  /**
   * Reads a response of which more is asked than what it says of itself: that it did not come before.
   *
   * @throws as `read` does
   */
  async readJudged(
    response: SoapResponse | SoapAnswer,
    asked: Asked | undefined,
    guard: MessageGuard,
  ): Promise<Reply> {
    const messages: BelievedMessage[] = []
    const received = this.#verified(response, asked, (message) => messages.push(message))
    await guard.admit(messages, 'response')
    return this.#checked(this.#readAs(received), asked)
  }

  #checked(reply: Reply, asked: Asked | undefined): Reply {
    const { session, addressing } = this.#runtime
    const messageId = asked?.messageId
    const { answer, header } = reply
    if (addressing && messageId !== undefined) {
      checkRelation(header?.relatesTo, messageId, answer, addressing)
    }
    if (answer.kind === 'fault' && session?.isEndedBy(answer)) throw new SessionEnded()
    if (answer.kind === 'fault' && !answer.declared && !answer.mapped && isLoginFault(answer.fault))
      throw this.#loginRefused(answer.fault)
    return reply
  }

  /** Whoever calls with an assertion that is none must not make it look as if this service could not log in. */
  #loginRefused(fault: SoapFaultCode): AdapterError {
    const { samlAssertion } = this.#mapping.request
    const isOfCaller = samlAssertion !== undefined && !isOfService(samlAssertion)
    const cause = new AdapterError('backend-fault', `SOAP fault code ${safeCode(fault)}`)
    return isOfCaller
      ? new AdapterError(
          'backend-fault',
          'The backend refused credentials with a fault; the SAML assertion of the request is among them.',
          { cause },
        )
      : new AdapterError(
          'backend-login',
          'The backend refused the credentials of this service with a fault.',
          { cause },
        )
  }

  #reply(response: SoapResponse | SoapAnswer, asked: Asked | undefined): Reply {
    const received = this.#verified(response, asked)
    if (this.#runtime.security) return this.#readAs(received)
    const extracted = received.attachments ? undefined : extractBase64(received.response)
    return (extracted && this.#extracted(extracted)) ?? this.#readAs(received)
  }

  #verified(
    response: SoapResponse | SoapAnswer,
    asked: Asked | undefined,
    onBelieved?: (message: BelievedMessage) => void,
  ): Received {
    const { security, maxResponseBytes, maxAttachments } = this.#runtime
    const received = unpack(response, maxResponseBytes, maxAttachments)
    const { verify, decryption } = this.#mapping.backend.security ?? {}
    return security && (verify ?? decryption)
      ? verified(received, security, asked?.sent, onBelieved)
      : received
  }

  /** @returns undefined where the response has to be read as it stands */
  #extracted(extracted: Received): Reply | undefined {
    try {
      const reply = this.#readAs(extracted)
      return extracted.attachments?.unreferred.length === 0 ? { ...reply, attachments: undefined } : undefined
    } catch {
      return undefined
    }
  }

  #readAs(received: Received): Reply {
    if (!this.#mapping.backend.isPlain) return this.#envelope(received)
    const { response, attachments } = received
    return { answer: this.#plain(received), header: undefined, headers: response.headers, attachments }
  }

  /** @param seen takes the header as soon as it is read */
  #envelope(
    { response, attachments }: Pick<Received, 'attachments'> & { readonly response: ReadableResponse },
    seen: Seen = {},
    pager?: ListPager,
  ): Reply {
    const { leniency } = this.#runtime
    const mapped = this.#mappedFaults()
    const answer = readAnswer(response, {
      namespace: this.#namespace,
      limits: this.#runtime.xmlLimits,
      onOtherShape: leniency.allows('envelope')
        ? () => {
            leniency.count('envelope')
          }
        : undefined,
      output: this.#outputCodec(),
      newText: () => new JsonText(attachments, { isTaker: this.#mapping.response.form === 'bytes', pager }),
      header: (reader) => {
        seen.header = this.#headerReader().read(reader)
      },
      detail: (reader) => this.#declaredFaults().read(reader, attachments),
      mapped: mapped && ((fault) => mapped.read(fault)),
    })
    return { answer, header: seen.header, headers: response.headers, attachments }
  }

  #plain({ response, attachments }: Received): Answer {
    const mapped = this.#mappedFaults()
    return readPlainAnswer(response, {
      limits: this.#runtime.xmlLimits,
      output: this.#outputCodec(),
      isOutput: (name) => this.#outputNames.has(name),
      newText: () => new JsonText(attachments, { isTaker: this.#mapping.response.form === 'bytes' }),
      detail: (reader) => this.#declaredFaults().read(reader, attachments),
      mapped: mapped && ((fault) => mapped.read(fault)),
    })
  }

  #outputCodec(): BodyCodec | undefined {
    const { body } = this.#mapping.response
    if (body) this.#output ??= new BodyCodec(body, this.#runtime.compiler)
    return this.#output
  }

  #headerReader(): HeaderReader {
    const { compiler, addressing, security } = this.#runtime
    const { understood: blocks } = this.#mapping.backend
    const understood = { addressing: addressing !== undefined, security: security !== undefined, blocks }
    this.#header ??= new HeaderReader(this.#mapping.response.blocks, compiler, understood)
    return this.#header
  }

  #declaredFaults(): DeclaredFaults {
    return (this.#declared ??= new DeclaredFaults(this.#mapping, this.#runtime.compiler))
  }

  #mappedFaults(): MappedFaults | undefined {
    const { mappedFaults } = this.#mapping
    if (mappedFaults.length === 0) return undefined
    return (this.#mapped ??= new MappedFaults(mappedFaults, this.#runtime.compiler))
  }
}

/** Nothing of the response may depend on what comes last, and what is read last on nothing that came before. */
function isStreamable({ response }: OperationMapping): boolean {
  const { form, body, attached, headers, mayHoldFault = false } = response
  const needsBody = headers.some(({ template }) =>
    template.some((part) => typeof part !== 'string' && part.kind === 'response' && part.part === 'body'),
  )
  return form === 'json' && !mayHoldFault && !body?.object.type.encoded && attached.length === 0 && !needsBody
}

/** The JSON text of the pages after the first. */
async function* following(pages: AsyncIterable<AnswerPage<Reply>>): AsyncGenerator<readonly Segment[], void> {
  for await (const page of pages) {
    if (!page.isLast) yield page.json
    else if (page.result.answer.kind === 'output') {
      const { segments, json } = page.result.answer
      yield segments ?? [json]
    }
  }
}
