import type { CallOptions, Effect } from '../backend/backend.js'
import type { SoapAnswer } from '../backend/soap-call.js'
import { lengthOf } from '../base/bytes/source.js'
import { AdapterError } from '../base/errors.js'
import { responseFor } from '../mapping/operation/fault/problem-response.js'
import type { OperationMapping } from '../mapping/operation/mapping.js'
import { inSpan, type SpanDetails } from '../telemetry/tracing.js'
import type { CallContext } from './call-context.js'
import type { CallTap, OpenTap } from './call-tap.js'
import type { ObservedCall } from './observed-call.js'
import { ReplyReader } from './reply/reader.js'
import type { Reply } from './reply/reply.js'
import { CallWriter } from './request/call-writer.js'
import { ResponseWriter } from './response/writer.js'
import type {
  InvokeOptions,
  OperationExample,
  RestOperation,
  RestRequest,
  RestResponse,
  SampleOptions,
  SoapRequest,
  SoapResponse,
} from './rest.js'
import type { BackendRuntime } from './runtime.js'
import { sampleFault, sampleMappedFault } from './sample/examples.js'
import { sampleAnswer, sampleRequest } from './sample/samples.js'
import type { BackendSession } from './session/backend-session.js'
import type { TokenService } from './trust/token-service.js'

/** One for all that a request needs: waiting, login, attempts. */
type Deadline = Required<Pick<CallOptions, 'startedAt' | 'timeoutMs' | 'isShortened'>>

/** Longer examples, in bytes, are given without what is optional. */
const LONG_EXAMPLE = 4_096

/** What stands where a session would, when an envelope is only shown. */
const samples: CallContext = { sessionToken: 'SESSION-TOKEN' }

/** An operation of the contract; its codecs are compiled when they are first used. */
export class CompiledOperation implements RestOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly backend: string
  readonly idempotency: OperationMapping['idempotency']
  readonly cache: OperationMapping['cache']
  readonly isIdempotent: OperationMapping['isIdempotent']
  readonly mcp: OperationMapping['mcp']
  readonly takesTimeout: boolean
  readonly soapOperation: string
  /** Which requests it is for, where several SOAP operations serve an operation. */
  readonly selection: OperationMapping['selection']
  /** In milliseconds, unless a client wants it shorter. */
  readonly timeoutMs: number
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #effect: Effect
  /** As the semantic conventions of RPC have it: service and method. */
  readonly #callName: string
  #callWriter: CallWriter | undefined
  #replyReader: ReplyReader | undefined
  #responseWriter: ResponseWriter | undefined
  #openTap: OpenTap | undefined

  constructor(mapping: OperationMapping, runtime: BackendRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    const { rest, backend } = mapping
    this.operationId = rest.operationId
    this.method = rest.method
    this.path = rest.path
    this.backend = backend.name
    this.idempotency = mapping.idempotency
    this.cache = mapping.cache
    this.isIdempotent = mapping.isIdempotent
    this.mcp = mapping.mcp
    this.takesTimeout = runtime.takesTimeout
    this.soapOperation = mapping.soap.name
    this.selection = mapping.selection
    this.timeoutMs = mapping.timeoutMs ?? runtime.timeoutMs
    this.#effect = effectOf(mapping)
    this.#callName = `${backend.name}/${this.soapOperation}`
  }

  get takesBytes(): boolean {
    return this.#mapping.request.takesBytes
  }

  get #calls(): CallWriter {
    return (this.#callWriter ??= new CallWriter(this.#mapping, this.#runtime))
  }

  get #replies(): ReplyReader {
    return (this.#replyReader ??= new ReplyReader(this.#mapping, this.#runtime))
  }

  get #responses(): ResponseWriter {
    return (this.#responseWriter ??= new ResponseWriter(this.#mapping))
  }

  /** Opens its codecs; what they lead to is compiled by the warm-up of their compiler. */
  warmUp(): void {
    this.#calls.warmUp()
    this.#replies.warmUp()
  }

  sample(options: SampleOptions): RestRequest {
    return sampleRequest(this.#mapping, options)
  }

  encode(request: RestRequest, context: CallContext = samples): SoapRequest {
    return this.#calls.write(request, context).call
  }

  sampleResponse(options: SampleOptions): SoapResponse {
    return sampleAnswer(this.#mapping, this.#runtime.prefixes, options)
  }

  decode(response: SoapResponse, request?: RestRequest, requestId?: string): RestResponse {
    return this.#responses.write(this.#replies.read(response, undefined), request, { requestId })
  }

  examples(): readonly OperationExample[] {
    const { mappedFaults, faults, rest } = this.#mapping
    const isDeclared = ({ status }: { readonly status: number }): boolean =>
      responseFor(rest, status) !== undefined
    return [
      ...this.#successExample(),
      ...faults
        .filter(isDeclared)
        .flatMap((fault) => this.#example(sampleFault(this.#mapping, fault, this.#runtime.prefixes))),
      ...mappedFaults.filter(isDeclared).map((fault) => ({ response: sampleMappedFault(fault) })),
    ]
  }

  /** With what is optional, unless that makes it long. */
  #successExample(): readonly OperationExample[] {
    for (const optionals of ['all', 'none'] as const) {
      try {
        const [example] = this.#example(this.sampleResponse({ optionals }))
        if (example && (optionals === 'none' || lengthOf(example.response.body) <= LONG_EXAMPLE))
          return [example]
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error
      }
    }
    return []
  }

  /** @returns none where the contract has a response that nothing sampled can be */
  #example(sent: SoapResponse | undefined): readonly OperationExample[] {
    if (!sent) return []
    const { security, ...unsigned } = this.#runtime
    // Nobody signs samples.
    const replies = security ? new ReplyReader(this.#mapping, unsigned) : this.#replies
    try {
      const reply = replies.read(sent, undefined)
      return [{ sent, response: this.#responses.write(reply, this.sample({ optionals: 'all' }), undefined) }]
    } catch (error) {
      if (error instanceof AdapterError) return []
      throw error
    }
  }

  /** Tells somebody what becomes of each call from now on. */
  inspect(openTap: OpenTap): void {
    this.#openTap = openTap
  }

  invoke(request: RestRequest, options: InvokeOptions = {}): Promise<RestResponse> {
    const tap = this.#openTap?.(this.#mapping, request, options)
    return tap ? this.#tapped(tap, request, options) : this.#invoke(request, options)
  }

  async #tapped(tap: CallTap, request: RestRequest, options: InvokeOptions): Promise<RestResponse> {
    try {
      const response = await this.#invoke(request, { ...options, tap })
      tap.answered(response)
      return response
    } catch (error) {
      tap.failed(error)
      throw error
    }
  }

  async #invoke(
    request: RestRequest,
    options: InvokeOptions & Pick<CallContext, 'tap'>,
  ): Promise<RestResponse> {
    const { session } = this.#runtime
    const deadline = this.#deadline(options.timeoutMs)
    const reply = session
      ? await this.#inSession(session, request, options, deadline)
      : await this.exchange(request, options, deadline)
    try {
      return this.#responses.write(reply, request, options)
    } catch (error) {
      reply.rest?.cancel()
      throw error
    }
  }

  checkRoom(): void {
    this.#runtime.backend.checkRoom(this.timeoutMs)
  }

  /**
   * Calls the backend once.
   *
   * @param deadline by default what the contract gives, from now
   * @throws SessionEnded, or another AdapterError
   */
  exchange(
    request: RestRequest,
    context: CallContext & Pick<InvokeOptions, 'signal' | 'streamFrom'>,
    deadline = this.#deadline(undefined),
  ): Promise<Reply> {
    const { tokens } = this.#runtime
    return tokens
      ? this.#withToken(tokens, request, context, deadline)
      : this.#exchange(request, context, deadline)
  }

  /** Getting a token is part of the call's time. One that the backend does not take is not sent again. */
  async #withToken(
    tokens: TokenService,
    request: RestRequest,
    context: CallContext & Pick<InvokeOptions, 'signal' | 'streamFrom'>,
    deadline: Deadline,
  ): Promise<Reply> {
    const callerToken = this.#calls.tokenOfCaller(request, context)
    const remainingMs = deadline.startedAt + deadline.timeoutMs - performance.now()
    const issuedAssertion = await tokens.token(callerToken, remainingMs)
    try {
      const reply = await this.#exchange(request, { ...context, issuedAssertion }, deadline)
      if (isTokenFault(reply)) tokens.refuse(callerToken, issuedAssertion)
      return reply
    } catch (error) {
      const isRefused = error instanceof AdapterError && LOGIN_CODES.has(error.code)
      if (isRefused) tokens.refuse(callerToken, issuedAssertion)
      throw error
    }
  }

  #exchange(
    request: RestRequest,
    context: CallContext & Pick<InvokeOptions, 'signal' | 'streamFrom'>,
    deadline: Deadline,
  ): Promise<Reply> {
    const startedAt = performance.now()
    const { call, asked } = inSpan('encode', noDetails, () => this.#calls.write(request, context))
    const writtenAt = performance.now()
    const { signal, streamFrom, tap } = context
    tap?.sent(call)
    const replies = this.#replies
    let decodeSeconds: number | undefined
    let responseBytes: number | undefined
    const read = (answer: SoapAnswer): Reply | Promise<Reply> =>
      inSpan('decode', noDetails, () => {
        const { rest } = answer
        tap?.received(answer)
        if (rest) return replies.readPages({ ...answer, rest }, asked)
        const receivedAt = performance.now()
        responseBytes = answer.body.byteLength
        const decoded = (): void => {
          decodeSeconds = (performance.now() - receivedAt) / 1000
          tap?.decoded()
        }
        const { guard } = this.#runtime
        if (guard?.judges('response')) return replies.readJudged(answer, asked, guard).finally(decoded)
        try {
          return replies.read(answer, asked)
        } finally {
          decoded()
        }
      })
    const answered = inSpan(this.#callName, this.#callDetails, () =>
      this.#runtime.backend.call(call, read, {
        signal,
        streamFrom: replies.isStreamable ? streamFrom : undefined,
        startedAt: deadline.startedAt,
        timeoutMs: deadline.timeoutMs,
        isShortened: deadline.isShortened,
        effect: this.#effect,
        isFault,
      }),
    )
    const observe = (outcome: ObservedCall['outcome']): void => {
      this.#runtime.onCall({
        operationId: this.operationId,
        backend: this.backend,
        outcome,
        seconds: (performance.now() - writtenAt) / 1000,
        encodeSeconds: (writtenAt - startedAt) / 1000,
        decodeSeconds,
        requestBytes: lengthOf(call.body),
        responseBytes,
      })
    }
    answered.then(
      (reply) => {
        observe(isFault(reply) ? 'fault' : 'success')
      },
      (error: unknown) => {
        observe(error instanceof AdapterError ? error.code : 'internal')
      },
    )
    return answered
  }

  #callDetails = (): SpanDetails => ({
    kind: 'CLIENT',
    attributes: { 'rpc.system.name': 'soap', 'rpc.method': this.#callName },
  })

  /** @param clientMs how long the client waits */
  #deadline(clientMs: number | undefined): Deadline {
    const { timeoutMs: usualMs } = this
    const timeoutMs = this.takesTimeout ? Math.min(usualMs, clientMs ?? usualMs) : usualMs
    return { startedAt: performance.now(), timeoutMs, isShortened: timeoutMs < usualMs }
  }

  #inSession(
    session: BackendSession,
    request: RestRequest,
    options: InvokeOptions & Pick<CallContext, 'tap'>,
    deadline: Deadline,
  ): Promise<Reply> {
    const endsAt = deadline.startedAt + deadline.timeoutMs
    const remainingMs = (): number => Math.max(1, endsAt - performance.now())
    return session.use(remainingMs, ({ token, endpoint, cookie }) => {
      return this.exchange(request, { ...options, sessionToken: token, endpoint, cookie }, deadline)
    })
  }
}

/** What the backend answers to credentials that it does not take: of this service, or of the caller. */
const LOGIN_CODES: ReadonlySet<string> = new Set(['backend-login', 'backend-fault'])

const noDetails = (): SpanDetails => ({})

/** Of HTTP's methods only those that are safe (RFC 9110, section 9.2.1) tell what the backend does. */
function effectOf({ rest, isIdempotent }: OperationMapping): Effect {
  if (isIdempotent === false) return 'write'
  if (rest.method === 'get' || rest.method === 'head') return 'read'
  return isIdempotent ? 'idempotent-write' : 'write'
}

/** Fault codes that say that a token is not taken (SOAP Message Security 1.1, section 12). */
const TOKEN_FAULTS: ReadonlySet<string> = new Set([
  'InvalidSecurityToken',
  'FailedCheck',
  'SecurityTokenUnavailable',
  'MessageExpired',
])

function isTokenFault({ answer }: Reply): boolean {
  return (
    answer.kind === 'fault' &&
    [answer.fault.code, ...answer.fault.subcodes].some((code) => TOKEN_FAULTS.has(code))
  )
}

function isFault({ answer }: Reply): boolean {
  return answer.kind === 'fault'
}
