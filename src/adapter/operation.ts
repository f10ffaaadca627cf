import { randomUUID } from 'node:crypto'
import { type CallOptions, type Effect } from '../backend/backend.js'
import { type Segment, textOf } from '../base/byte-source.js'
import { clark } from '../base/qname.js'
import { BodyCodec } from '../codec/body.js'
import { JsonText, type ValueCodec, XmlText } from '../codec/codec.js'
import { Compiler } from '../codec/compile.js'
import { parseJson, restoreExactNumbers } from '../json/parse.js'
import { type JsonValue } from '../json/value.js'
import { namespacesOf } from '../mapping/namespaces.js'
import { type FaultMapping, type OperationMapping } from '../mapping/operation-mapping.js'
import { MEDIA_TYPE } from '../mapping/response.js'
import { sampleObject } from '../mapping/sample.js'
import { dialect, envelopeStart, type SoapDialect, writeEnvelope } from '../soap/envelope.js'
import { packageMessage } from '../soap/mime-writer.js'
import { type ReceivedAttachments } from '../soap/xop.js'
import { type XmlReader } from '../xml/reader.js'
import { addressed, checkRelation } from './addressing.js'
import { type DeclaredFault, type OutputAnswer, readAnswer } from './answer.js'
import { attachedMembers, declaredParts } from './declared-parts.js'
import { disassemble, sourceText } from './assemble.js'
import { type BackendSession } from './backend-session.js'
import { type CallContext } from './call-context.js'
import { declaredFault } from './declared-fault.js'
import { type AnswerHeader, HeaderReader } from './header-reader.js'
import { carve, checkCovered, type Received, unpack } from './received.js'
import { type Reply } from './reply.js'
import { RequestWriter } from './request-writer.js'
import { bodyOf, notFound, octetsMediaType, selectedPart, textBody, withMembers } from './response-body.js'
import { fill } from './response-headers.js'
import {
  type InvokeOptions,
  type RestOperation,
  type RestRequest,
  type RestResponse,
  type SampleOptions,
  type SoapRequest,
  type SoapResponse,
} from './rest.js'
import { type BackendRuntime } from './runtime.js'
import { SessionEnded } from './session.js'
import { verified } from './verified.js'

interface Prepared {
  readonly call: SoapRequest
  readonly messageId: string | undefined
}

/** What stands for an attachment in a sample, in base64. */
const SAMPLE_OCTETS = 'c29hcHN0b25l'

/** One for all that a request needs: waiting, login, attempts. */
type Deadline = Required<Pick<CallOptions, 'startedAt' | 'timeoutMs' | 'isShortened'>>

/** What stands where a session would, when an envelope is only shown. */
const samples: CallContext = { sessionToken: 'SESSION-TOKEN' }

interface CompiledFault {
  readonly mapping: FaultMapping
  readonly codec: ValueCodec
}

/** An operation of the contract; its codecs are compiled when they are first used. */
export class CompiledOperation implements RestOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly backend: string
  readonly idempotency: OperationMapping['idempotency']
  readonly cache: OperationMapping['cache']
  readonly takesOctets: boolean
  readonly takesTimeout: boolean
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #effect: Effect
  readonly #dialect: SoapDialect
  readonly #soapHeaders: Readonly<Record<string, string>>
  readonly #contentType: Readonly<Record<string, string>>
  readonly #addressing: { readonly before: string; readonly after: string } | undefined
  #request: RequestWriter | undefined
  #output: BodyCodec | undefined
  #header: HeaderReader | undefined
  #faults: ReadonlyMap<string, CompiledFault> | undefined

  constructor(mapping: OperationMapping, runtime: BackendRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    const { rest, backend, soap, response } = mapping
    this.operationId = rest.operationId
    this.method = rest.method
    this.path = rest.path
    this.backend = backend.name
    this.idempotency = mapping.idempotency
    this.cache = mapping.cache
    this.#dialect = dialect(backend.soapVersion)
    this.takesTimeout = runtime.takesTimeout
    this.#effect = effectOf(mapping)
    this.takesOctets = mapping.request.takesOctets
    this.#soapHeaders = { ...this.#dialect.headers(soap.soapAction), accept: this.#accepted() }
    this.#contentType = contentTypeOf(response)
    this.#addressing = addressed(mapping, runtime)
  }

  /** Compiles everything, so that the first request does not wait for it. */
  warmUp(): void {
    this.#requestWriter()
    this.#outputCodec()
    this.#headerReader()
    this.#faultCodecs()
  }

  encode(request: RestRequest, context: CallContext = samples): SoapRequest {
    return this.#prepare(request, context).call
  }

  decode(response: SoapResponse, request?: RestRequest, requestId?: string): RestResponse {
    return this.#respond(this.#read(response, undefined), request, requestId)
  }

  async invoke(request: RestRequest, options: InvokeOptions = {}): Promise<RestResponse> {
    const { session } = this.#runtime
    const deadline = this.#deadline(options.timeoutMs)
    const reply = session
      ? await this.#inSession(session, request, options, deadline)
      : await this.exchange(request, options, deadline)
    return this.#respond(reply, request, options.requestId)
  }

  /**
   * Calls the backend once.
   *
   * @param deadline by default what the contract gives, from now
   * @throws SessionEnded, or another AdapterError
   */
  exchange(
    request: RestRequest,
    context: CallContext & Pick<InvokeOptions, 'signal'>,
    deadline = this.#deadline(undefined),
  ): Promise<Reply> {
    const { call, messageId } = this.#prepare(request, context)
    const { signal } = context
    return this.#runtime.backend.call(call, (answer) => this.#read(answer, messageId), {
      ...(signal && { signal }),
      ...deadline,
      effect: this.#effect,
      isFault,
    })
  }

  /** @param clientMs how long the client waits */
  #deadline(clientMs: number | undefined): Deadline {
    const usualMs = this.#mapping.timeoutMs ?? this.#runtime.timeoutMs
    const timeoutMs = this.takesTimeout ? Math.min(usualMs, clientMs ?? usualMs) : usualMs
    return { startedAt: performance.now(), timeoutMs, isShortened: timeoutMs < usualMs }
  }

  #inSession(
    session: BackendSession,
    request: RestRequest,
    options: InvokeOptions,
    deadline: Deadline,
  ): Promise<Reply> {
    const endsAt = deadline.startedAt + deadline.timeoutMs
    const remainingMs = (): number => Math.max(1, endsAt - performance.now())
    return session.use(remainingMs, ({ token, cookie }) => {
      return this.exchange(request, { ...options, sessionToken: token, cookie }, deadline)
    })
  }

  #prepare(request: RestRequest, context: CallContext): Prepared {
    const messageId = this.#addressing && `urn:uuid:${randomUUID()}`
    const blocks =
      this.#addressing && messageId !== undefined
        ? this.#addressing.before + messageId + this.#addressing.after
        : ''
    const { envelope, attachments } = this.#requestWriter().write(request, context, blocks)
    const secured = this.#secured(envelope, request, context)
    const { cookie } = context
    const headers = cookie === undefined ? this.#soapHeaders : { ...this.#soapHeaders, cookie }
    const url = this.#mapping.backend.endpoint
    if (!this.#isXop && attachments.length === 0) {
      return { call: { url, headers, body: bodyOf(secured) }, messageId }
    }
    const form = this.#isXop ? 'xop' : 'swa'
    const { soapAction } = this.#mapping.soap
    const { contentType, body } = packageMessage(secured, attachments, form, this.#dialect, soapAction)
    return { call: { url, headers: { ...headers, 'content-type': contentType }, body }, messageId }
  }

  get #isXop(): boolean {
    return this.#mapping.backend.annotation.attachments === 'mtom'
  }

  /** Stacks that can choose look here for whether we understand attachments. */
  #accepted(): string {
    const { mediaType } = this.#dialect
    if (this.#isXop) return `multipart/related, application/xop+xml, ${mediaType}`
    const { response, soap } = this.#mapping
    const isRelated = response.form === 'octets' || (soap.output?.attachments.length ?? 0) > 0
    return isRelated ? `${mediaType}, multipart/related` : mediaType
  }

  #secured(envelope: readonly Segment[], request: RestRequest, context: CallContext): readonly Segment[] {
    const { security, assertion } = this.#runtime
    if (!security) return envelope
    const samlAssertion = assertion && sourceText(assertion, request, context)
    return [security.secure(textOf(envelope), { ...(samlAssertion !== undefined && { samlAssertion }) })]
  }

  /** @param messageId of the call that is answered, where addresses are checked */
  #read(response: SoapResponse, messageId: string | undefined): Reply {
    const { session, addressing } = this.#runtime
    const reply = this.#readReply(response)
    const { answer, header } = reply
    if (addressing && messageId !== undefined) {
      checkRelation(header?.relatesTo, messageId, answer, addressing)
    }
    if (answer.kind === 'fault' && session?.isEndedBy(answer)) throw new SessionEnded()
    return reply
  }

  #readReply(response: SoapResponse): Reply {
    const { security, maxResponseBytes } = this.#runtime
    const received = unpack(response, maxResponseBytes)
    if (security) {
      checkCovered(received, this.#mapping.backend.annotation.security)
      return this.#readEnvelope({ ...received, response: verified(received.response, security) })
    }
    const carved = received.attachments ? undefined : carve(response)
    return (carved && this.#readCarved(carved)) ?? this.#readEnvelope(received)
  }

  /** @returns undefined where the answer has to be read as it stands */
  #readCarved(carved: Received): Reply | undefined {
    try {
      const reply = this.#readEnvelope(carved)
      return carved.attachments?.unreferred.length === 0 ? { ...reply, attachments: undefined } : undefined
    } catch {
      return undefined
    }
  }

  #readEnvelope({ response, attachments }: Received): Reply {
    let header: AnswerHeader | undefined
    const answer = readAnswer(response, {
      namespace: this.#dialect.namespace,
      output: this.#outputCodec(),
      newText: () => new JsonText(attachments, this.#mapping.response.form === 'octets'),
      header: (reader) => {
        header = this.#headerReader().read(reader)
      },
      detail: (reader) => this.#declaredFault(reader, attachments),
    })
    return { answer, header, headers: response.headers, attachments }
  }

  sample({ optionals }: SampleOptions): RestRequest {
    const { body, members, attachments } = this.#mapping.request
    const sampled = sampleObject(body.object, { optionals, complete: false })
    const attached = attachments
      .filter(({ required }) => required || optionals === 'all')
      .map(({ member }) => member)
    const object = { ...sampled, ...Object.fromEntries(attached.map(({ key }) => [key, SAMPLE_OCTETS])) }
    const { requestBody } = this.#mapping.rest
    const hasBody = requestBody !== undefined && (requestBody.required || optionals === 'all')
    const request = disassemble([...members, ...attached], object, hasBody)
    const mediaType = requestBody?.content[0]?.mediaType
    if (request.body === undefined || mediaType === undefined) return request
    return { ...request, headers: { 'content-type': mediaType, ...request.headers } }
  }

  sampleResponse({ optionals }: SampleOptions): SoapResponse {
    const { backend, response } = this.#mapping
    const { mediaType } = dialect(backend.soapVersion)
    if (!response.body) return { status: 202, headers: {}, body: '' }
    const object = sampleObject(response.body.object, {
      optionals,
      complete: true,
      ...(response.selected !== undefined && { wanted: response.selected }),
    })
    const compiler = new Compiler(this.#runtime.prefixes, true)
    const out = new XmlText()
    new BodyCodec(response.body, compiler).encode(object, out)
    const namespaces = namespacesOf(response.body, compiler.complete)
    const start = envelopeStart(this.#dialect, this.#runtime.prefixes.declarations(namespaces))
    return {
      status: 200,
      headers: { 'content-type': `${mediaType}; charset=utf-8` },
      body: writeEnvelope(start, '', out.whole),
    }
  }

  #requestWriter(): RequestWriter {
    this.#request ??= new RequestWriter(
      this.#mapping.request,
      this.#runtime.compiler,
      this.#dialect,
      this.#addressing !== undefined,
      this.#isXop,
    )
    return this.#request
  }

  #headerReader(): HeaderReader {
    const { compiler, addressing, security } = this.#runtime
    const understood = { addressing: addressing !== undefined, security: security !== undefined }
    this.#header ??= new HeaderReader(this.#mapping.response.blocks, compiler, understood)
    return this.#header
  }

  #outputCodec(): BodyCodec | undefined {
    const { body } = this.#mapping.response
    if (body) this.#output ??= new BodyCodec(body, this.#runtime.compiler)
    return this.#output
  }

  #faultCodecs(): ReadonlyMap<string, CompiledFault> {
    this.#faults ??= new Map(
      // The first fault of an element counts, so it must come last.
      this.#mapping.faults
        .toReversed()
        .map((mapping) => [
          clark(mapping.element),
          { mapping, codec: this.#runtime.compiler.value(mapping.value) },
        ]),
    )
    return this.#faults
  }

  #declaredFault(reader: XmlReader, attachments: ReceivedAttachments | undefined): DeclaredFault | undefined {
    const found = this.#faultCodecs().get(reader.name)
    if (!found) return undefined
    const out = new JsonText(attachments)
    found.codec.decode(reader, out)
    return { name: found.mapping.name, json: out.whole }
  }

  #respond(
    { answer, header, attachments }: Reply,
    request: RestRequest | undefined,
    requestId: string | undefined,
  ): RestResponse {
    if (answer.kind === 'fault') return declaredFault(answer, this.#mapping.faults, requestId)
    const { status, mediaType, form, selected, headers } = this.#mapping.response
    if (answer.kind === 'empty' || mediaType === undefined) {
      return { status, headers: this.#filled(undefined, header, request), body: '' }
    }
    const value = this.#bodyOf(answer, attachments)
    if (headers.length === 0) return { status, ...value }
    // What the reader and the limits of the backend let through is not limited again.
    const json =
      selected === undefined || form !== 'json' ? answer.json : textOf(selectedPart([answer.json], selected))
    const parsed = parseJson(json, { maxDepth: Infinity, maxValues: Infinity })
    restoreExactNumbers(parsed.exact)
    const filled = this.#filled(parsed.value as JsonValue, header, request)
    return { status, headers: { ...value.headers, ...filled }, body: value.body }
  }

  #bodyOf(
    answer: OutputAnswer,
    attachments: ReceivedAttachments | undefined,
  ): Pick<RestResponse, 'headers' | 'body'> {
    const { form, selected, attached } = this.#mapping.response
    if (form === 'octets') return this.#octets(answer, attachments)
    const headers = this.#contentType
    const whole = answer.segments ?? [answer.json]
    const segments = selected === undefined ? whole : selectedPart(whole, selected)
    if (form === 'text') return { headers, body: textBody(segments) }
    if (attached.length === 0) return { headers, body: bodyOf(segments) }
    return { headers, body: bodyOf(withMembers(segments, attachedMembers(attached, attachments))) }
  }

  #octets(
    answer: OutputAnswer,
    attachments: ReceivedAttachments | undefined,
  ): Pick<RestResponse, 'headers' | 'body'> {
    const { rest, soap, response } = this.#mapping
    const { part, status } = response
    const found = part && declaredParts(soap.output?.attachments ?? [], attachments).get(part.part)
    const octets = part ? found && attachments?.taken(found) : answer.octets
    if (!octets) throw notFound()
    const declared = rest.responses.find((candidate) => Number(candidate.status) === status)?.content ?? []
    const { [MEDIA_TYPE]: said } = JSON.parse(answer.json) as Readonly<Record<string, unknown>>
    const mediaTypes = declared.map(({ mediaType }) => mediaType)
    const contentType = octetsMediaType(mediaTypes, typeof said === 'string' ? said : undefined, octets)
    return { headers: { 'content-type': contentType }, body: octets.bytes }
  }

  #filled(
    body: JsonValue | undefined,
    header: AnswerHeader | undefined,
    request: RestRequest | undefined,
  ): Record<string, string> {
    const values = { request, body, soapHeader: header?.blocks }
    return Object.fromEntries(
      this.#mapping.response.headers.flatMap(({ name, template }) => {
        const text = fill(template, values)
        return text === undefined ? [] : [[name, text]]
      }),
    )
  }
}

/** Text is in UTF-8, whatever the contract says of it. */
function contentTypeOf({ mediaType, form }: OperationMapping['response']): Record<string, string> {
  if (mediaType === undefined) return {}
  const isBare = form === 'text' && mediaType.startsWith('text/') && !mediaType.includes(';')
  return { 'content-type': isBare ? `${mediaType}; charset=utf-8` : mediaType }
}

/** Of HTTP's methods only those that are safe (RFC 9110, section 9.2.1) tell what the backend does. */
function effectOf({ rest, isIdempotent }: OperationMapping): Effect {
  if (isIdempotent === false) return 'write'
  if (rest.method === 'get' || rest.method === 'head') return 'read'
  return isIdempotent ? 'idempotent-write' : 'write'
}

function isFault({ answer }: Reply): boolean {
  return answer.kind === 'fault'
}
