import { randomUUID } from 'node:crypto'
import { AdapterError } from '../base/errors.js'
import { clark } from '../base/qname.js'
import { BodyCodec } from '../codec/body.js'
import { JsonText, type ValueCodec, XmlText } from '../codec/codec.js'
import { Compiler } from '../codec/compile.js'
import { parseJson, restoreExactNumbers } from '../json/parse.js'
import { type JsonValue } from '../json/value.js'
import { quote } from '../json/write.js'
import { namespacesOf } from '../mapping/namespaces.js'
import { type FaultMapping, type OperationMapping } from '../mapping/operation-mapping.js'
import { sampleObject } from '../mapping/sample.js'
import { dialect, envelopeStart, type SoapDialect, writeEnvelope } from '../soap/envelope.js'
import { type XmlReader } from '../xml/reader.js'
import { addressed, checkRelation } from './addressing.js'
import { type DeclaredFault, readAnswer } from './answer.js'
import { disassemble, sourceText } from './assemble.js'
import { type BackendSession } from './backend-session.js'
import { type CallContext } from './call-context.js'
import { declaredFault } from './declared-fault.js'
import { type AnswerHeader, HeaderReader } from './header-reader.js'
import { type Reply } from './reply.js'
import { RequestWriter } from './request-writer.js'
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
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #dialect: SoapDialect
  readonly #soapHeaders: Readonly<Record<string, string>>
  readonly #jsonHeaders: Readonly<Record<string, string>>
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
    this.#soapHeaders = { ...this.#dialect.headers(soap.soapAction), accept: this.#dialect.mediaType }
    this.#jsonHeaders = response.mediaType === undefined ? {} : { 'content-type': response.mediaType }
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
    const reply = session
      ? await this.#inSession(session, request, options)
      : await this.exchange(request, options, this.#mapping.timeoutMs)
    return this.#respond(reply, request, options.requestId)
  }

  /**
   * Calls the backend once.
   *
   * @param timeoutMs by default the backend's
   * @throws SessionEnded, or another AdapterError
   */
  exchange(
    request: RestRequest,
    context: CallContext & Pick<InvokeOptions, 'signal'>,
    timeoutMs: number | undefined,
  ): Promise<Reply> {
    const { call, messageId } = this.#prepare(request, context)
    const { signal } = context
    return this.#runtime.backend.call(call, (answer) => this.#read(answer, messageId), {
      ...(signal && { signal }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
  }

  #inSession(session: BackendSession, request: RestRequest, options: InvokeOptions): Promise<Reply> {
    const deadline = performance.now() + (this.#mapping.timeoutMs ?? this.#runtime.timeoutMs)
    const remainingMs = (): number => Math.max(1, deadline - performance.now())
    return session.use(remainingMs, ({ token, cookie }) => {
      return this.exchange(request, { ...options, sessionToken: token, cookie }, remainingMs())
    })
  }

  #prepare(request: RestRequest, context: CallContext): Prepared {
    const messageId = this.#addressing && `urn:uuid:${randomUUID()}`
    const blocks =
      this.#addressing && messageId !== undefined
        ? this.#addressing.before + messageId + this.#addressing.after
        : ''
    const envelope = this.#requestWriter().write(request, context, blocks)
    const { cookie } = context
    return {
      call: {
        url: this.#mapping.backend.endpoint,
        headers: cookie === undefined ? this.#soapHeaders : { ...this.#soapHeaders, cookie },
        body: this.#secured(envelope, request, context),
      },
      messageId,
    }
  }

  #secured(envelope: string, request: RestRequest, context: CallContext): string {
    const { security, assertion } = this.#runtime
    if (!security) return envelope
    const samlAssertion = assertion && sourceText(assertion, request, context)
    return security.secure(envelope, { ...(samlAssertion !== undefined && { samlAssertion }) })
  }

  /** @param messageId of the call that is answered, where addresses are checked */
  #read(response: SoapResponse, messageId: string | undefined): Reply {
    const { security, session, addressing } = this.#runtime
    let header: AnswerHeader | undefined
    const answer = readAnswer(security ? verified(response, security) : response, {
      namespace: this.#dialect.namespace,
      output: this.#outputCodec(),
      header: (reader) => {
        header = this.#headerReader().read(reader)
      },
      detail: (reader) => this.#declaredFault(reader),
    })
    if (addressing && messageId !== undefined) {
      checkRelation(header?.relatesTo, messageId, answer, addressing)
    }
    if (answer.kind === 'fault' && session?.isEndedBy(answer)) throw new SessionEnded()
    return { answer, header, headers: response.headers }
  }

  sample({ optionals }: SampleOptions): RestRequest {
    const { body, members } = this.#mapping.request
    const object = sampleObject(body.object, { optionals, complete: false })
    const { requestBody } = this.#mapping.rest
    const hasBody = requestBody !== undefined && (requestBody.required || optionals === 'all')
    const request = disassemble(members, object, hasBody)
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
      body: writeEnvelope(start, '', out.text),
    }
  }

  #requestWriter(): RequestWriter {
    this.#request ??= new RequestWriter(
      this.#mapping.request,
      this.#runtime.compiler,
      this.#dialect,
      this.#addressing !== undefined,
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

  #declaredFault(reader: XmlReader): DeclaredFault | undefined {
    const found = this.#faultCodecs().get(reader.name)
    if (!found) return undefined
    const out = new JsonText()
    found.codec.decode(reader, out)
    return { name: found.mapping.name, json: out.text }
  }

  #respond(
    { answer, header }: Reply,
    request: RestRequest | undefined,
    requestId: string | undefined,
  ): RestResponse {
    if (answer.kind === 'fault') return declaredFault(answer, this.#mapping.faults, requestId)
    const { status, mediaType, selected, headers } = this.#mapping.response
    if (answer.kind === 'empty' || mediaType === undefined) {
      return { status, headers: this.#filled(undefined, header, request), body: '' }
    }
    const body = selected === undefined ? answer.json : selectedPart(answer.json, selected)
    if (headers.length === 0) return { status, headers: this.#jsonHeaders, body }
    // What the reader and the limits of the backend let through is not limited again.
    const parsed = parseJson(body, { maxDepth: Infinity, maxValues: Infinity })
    restoreExactNumbers(parsed.exact)
    const filled = this.#filled(parsed.value as JsonValue, header, request)
    return { status, headers: { ...this.#jsonHeaders, ...filled }, body }
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

/** The value of the one member that the output's object has. */
function selectedPart(json: string, member: string): string {
  const start = `{${quote(member)}:`
  if (!json.startsWith(start)) {
    throw new AdapterError('resource-not-found', 'The backend has nothing under these identifiers.')
  }
  return json.slice(start.length, -1)
}
