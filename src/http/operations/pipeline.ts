import type { IncomingMessage } from 'node:http'
import type { RestOperation, RestRequest, RestResponse } from '../../adapter/rest.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import { inSpan } from '../../telemetry/tracing.js'
import type { ResponseHead } from '../answer/head.js'
import { type Invoke, invoke } from '../answer/invoke.js'
import type { Caller } from '../authentication/authenticator.js'
import { type Authentication, compilePolicies } from '../authentication/policies.js'
import type { CacheState } from '../cache/response-cache.js'
import type { Exchange } from '../exchange.js'
import type { Facade } from '../facade.js'
import type { RateLimits } from '../limits/rate-limits.js'
import { type RequestLimits, RequestReader } from '../request/reader.js'
import { validatorsOf } from '../validation/validate.js'
import { type GuaranteeOptions, Guarantees } from './guarantees.js'

export interface PipelineOptions extends GuaranteeOptions {
  readonly limits?: Partial<RequestLimits>
  /** What can be checked of callers; nothing by default. `off` lets everybody in, whatever the contract says. */
  readonly authentication?: Authentication | 'off'
  /** How much a client may ask for; by default as much as it likes. */
  readonly rateLimits?: RateLimits
  /** What tells the contract from others that the process serves, in its log and metrics; absent where it is the only one. */
  readonly api?: string | undefined
}

const noDetails = () => ({})

const DEFAULT_LIMITS: RequestLimits = { maxBodyBytes: 1_048_576, maxJsonDepth: 64, maxJsonValues: 100_000 }

/** One call of an operation by a client, whatever protocol it came in by. */
export interface OperationCall {
  readonly operation: RestOperation
  /** Carries the credentials and the address of the client. */
  readonly req: IncomingMessage
  readonly head: ResponseHead
  readonly exchange: Exchange
  /** Makes the request and judges it; asked once the client is known to be allowed to call. */
  readonly read: (reader: RequestReader) => RestRequest | Promise<RestRequest>
  /** Bytes of a response that may be given while it arrives; undefined where every response is wanted as a whole. */
  readonly streamFrom: number | undefined
}

/**
 * What every call of an operation goes through, in this order: authentication, room at the backend, rate limits, validation,
 * idempotency or cache, the call itself. There is no other way to an operation: a protocol that is served beside REST is a
 * caller of this.
 */
export class Pipeline {
  readonly contracts: readonly OpenApiOperation[]
  readonly #reader: RequestReader
  readonly #policies: ReturnType<typeof compilePolicies>
  readonly #guarantees: Guarantees
  /** What tells the contract from others of the process. */
  readonly api: string | undefined
  readonly #basePath: string
  readonly #rateLimits: RateLimits | undefined

  /** @throws ContractError where the contract does not say who may call, or asks for what cannot be checked */
  constructor(facade: Facade, options: PipelineOptions) {
    const validators = validatorsOf(facade)
    this.contracts = validators.contracts
    this.api = options.api
    this.#basePath = facade.basePath
    this.#reader = new RequestReader(validators, { ...DEFAULT_LIMITS, ...options.limits })
    this.#policies = compilePolicies(validators.document, this.contracts, options.authentication ?? {})
    this.#guarantees = new Guarantees(facade, options)
    this.#rateLimits = options.rateLimits
  }

  /** @throws AdapterError from any of the steps */
  async answer({ operation, req, head, exchange, read, streamFrom }: OperationCall): Promise<RestResponse> {
    exchange.operation = operation
    if (this.api !== undefined) exchange.api = this.api
    const authenticating = this.authenticate(operation, req, head)
    const caller = authenticating instanceof Promise ? await authenticating : authenticating
    if (caller) exchange.identity = caller.identity
    // What may be known already needs no call.
    if (!operation.idempotency && !operation.cache) operation.checkRoom?.()
    const { operationId } = operation
    const admitted = this.#rateLimits?.admit({ basePath: this.#basePath, operationId }, caller, req, head)
    if (admitted) await admitted
    const reading = inSpan('validate', noDetails, () => read(this.#reader))
    const request = reading instanceof Promise ? await reading : reading
    const timeout = req.headers['request-timeout']
    const call: Invoke = (asked, sent, how) =>
      invoke(asked, { request: sent, head, exchange, how, timeout, streamFrom })
    const response = await this.#guarantees.answer(operation, request, exchange, call)
    const { fault, faultKind } = response
    if (fault !== undefined) exchange.fault = fault
    if (faultKind !== undefined) exchange.faultKind = faultKind
    return response
  }

  /**
   * Finds out who calls an operation, for a protocol that has to know before it reads on; {@link answer} asks again.
   *
   * @returns undefined where the operation asks for nothing
   * @throws AdapterError `unauthenticated`, `forbidden`, `authentication-unavailable`, `rate-limited`
   */
  authenticate(
    { operationId }: RestOperation,
    req: IncomingMessage,
    head: ResponseHead,
  ): Caller | undefined | Promise<Caller | undefined> {
    return this.#policies.get(operationId)?.authenticate(req, head)
  }

  get cacheState(): CacheState {
    return this.#guarantees.cacheState
  }

  /** Resolves when calls that outlive their clients are over. */
  settled(): Promise<void> {
    return this.#guarantees.settled()
  }
}
