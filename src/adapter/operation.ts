import { type CallOptions, type Effect } from '../backend/backend.js'
import { type SoapAnswer } from '../backend/soap-call.js'
import { type OperationMapping } from '../mapping/operation-mapping.js'
import { type BackendSession } from './backend-session.js'
import { type CallContext } from './call-context.js'
import { CallWriter } from './call-writer.js'
import { type Reply } from './reply.js'
import { ReplyReader } from './reply-reader.js'
import { ResponseWriter } from './response-writer.js'
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
import { sampleAnswer, sampleRequest } from './samples.js'

/** One for all that a request needs: waiting, login, attempts. */
type Deadline = Required<Pick<CallOptions, 'startedAt' | 'timeoutMs' | 'isShortened'>>

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
  readonly takesOctets: boolean
  readonly takesTimeout: boolean
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #effect: Effect
  readonly #calls: CallWriter
  readonly #replies: ReplyReader
  readonly #responses: ResponseWriter

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
    this.takesTimeout = runtime.takesTimeout
    this.takesOctets = mapping.request.takesOctets
    this.#effect = effectOf(mapping)
    this.#calls = new CallWriter(mapping, runtime)
    this.#replies = new ReplyReader(mapping, runtime)
    this.#responses = new ResponseWriter(mapping)
  }

  /** Compiles everything, so that the first request does not wait for it. */
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
    return this.#responses.write(this.#replies.read(response, undefined), request, requestId)
  }

  async invoke(request: RestRequest, options: InvokeOptions = {}): Promise<RestResponse> {
    const { session } = this.#runtime
    const deadline = this.#deadline(options.timeoutMs)
    const reply = session
      ? await this.#inSession(session, request, options, deadline)
      : await this.exchange(request, options, deadline)
    try {
      return this.#responses.write(reply, request, options.requestId)
    } catch (error) {
      reply.rest?.cancel()
      throw error
    }
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
    const { call, messageId } = this.#calls.write(request, context)
    const { signal, streamFrom } = context
    const replies = this.#replies
    const read = (answer: SoapAnswer): Reply | Promise<Reply> =>
      answer.rest
        ? replies.readPages({ ...answer, rest: answer.rest }, messageId)
        : replies.read(answer, messageId)
    return this.#runtime.backend.call(call, read, {
      ...(signal && { signal }),
      ...(streamFrom !== undefined && replies.isStreamable && { streamFrom }),
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
