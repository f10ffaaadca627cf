import { type IncomingMessage, type ServerResponse } from 'node:http'
import { AdapterError } from '../base/errors.js'
import { type OpenApiOperation } from '../openapi/operations.js'
import { type Exchange } from './exchange.js'
import { type Facade } from './facade.js'
import { type GuaranteeOptions, Guarantees } from './guarantees.js'
import { type Invoke, invoke, writeResponse } from './invoke.js'
import { sendProblem } from './problem.js'
import { type RateLimits } from './rate-limits.js'
import { type RequestLimits, RequestReader } from './request-reader.js'
import { Routes } from './routes.js'
import { type Authentication, compileDoors } from './security/doors.js'
import { RequestValidators } from './validate.js'

export interface OperationServerOptions extends GuaranteeOptions {
  readonly limits?: Partial<RequestLimits>
  /** What can be checked of callers; nothing by default. `off` lets everybody in, whatever the contract says. */
  readonly authentication?: Authentication | 'off'
  /** How much a client may ask for; by default as much as it likes. */
  readonly rateLimits?: RateLimits
  /**
   * Answers of backends with more octets are given while they arrive, where that can be done; by default 1 MiB, and 1 KiB
   * at least.
   */
  readonly streamFrom?: number
}

const DEFAULT_STREAM_FROM = 1_048_576
/** The XML declaration must be in what comes before. */
const LEAST_STREAM_FROM = 1024

const DEFAULT_LIMITS: RequestLimits = { maxBodyBytes: 1_048_576, maxJsonDepth: 64, maxJsonValues: 100_000 }

/** Serves the operations of the contract, on node:http alone: routers and middleware cost as much as an answer. */
export class OperationServer {
  readonly contracts: readonly OpenApiOperation[]
  readonly #facade: Facade
  readonly #validators: RequestValidators
  readonly #reader: RequestReader
  readonly #doors: ReturnType<typeof compileDoors>
  readonly #guarantees: Guarantees
  readonly #rateLimits: RateLimits | undefined
  readonly #routes: Routes
  readonly #streamFrom: number

  /** @throws ContractError where the contract does not say who may call, or asks for what cannot be checked */
  constructor(facade: Facade, options: OperationServerOptions = {}) {
    this.#facade = facade
    this.#validators = new RequestValidators(facade)
    this.contracts = this.#validators.contracts
    this.#reader = new RequestReader(this.#validators, { ...DEFAULT_LIMITS, ...options.limits })
    this.#doors = compileDoors(this.#validators.document, this.contracts, options.authentication ?? {})
    this.#guarantees = new Guarantees(facade, options)
    this.#rateLimits = options.rateLimits
    this.#streamFrom = Math.max(LEAST_STREAM_FROM, options.streamFrom ?? DEFAULT_STREAM_FROM)
    this.#routes = new Routes(facade.operations.values())
  }

  /**
   * Answers a request; every error as a problem document.
   *
   * @param path the raw path below the base path
   */
  serve(path: string, req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
    this.#serve(path, req, res, exchange).catch((error: unknown) => {
      sendProblem(res, error, exchange)
    })
  }

  /** Resolves when calls that outlive their clients are over. */
  settled(): Promise<void> {
    return this.#guarantees.settled()
  }

  /**
   * Judges the contract and compiles what the first request would else wait for.
   *
   * @param most operations; a contract with more is compiled as it is used
   * @throws ContractError where a schema of the contract cannot be compiled
   */
  warmUp(most?: number): Promise<void> {
    if (this.#facade.operations.size <= (most ?? Infinity)) this.#facade.warmUp?.()
    return this.#validators.warmUp(most)
  }

  async #serve(path: string, req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    const { method = '', url = '' } = req
    const route = this.#routes.find(path)
    if (!route) throw new AdapterError('not-found', 'No path of the contract matches.')
    const operation = route.operation(method)
    if (!operation) {
      res.setHeader('allow', route.allow)
      if (method !== 'OPTIONS') {
        throw new AdapterError('method-not-allowed', `Only ${route.allow} are allowed here.`)
      }
      await writeResponse(res, { status: 204, headers: {}, body: '' }, exchange)
      return
    }
    exchange.operation = operation
    const caller = await this.#doors.get(operation.operationId)?.authenticate(req, res)
    if (caller) exchange.identity = caller.identity
    await this.#rateLimits?.admit(operation.operationId, caller, req, res)
    const question = url.indexOf('?')
    const search = question === -1 ? '' : url.slice(question + 1)
    const request = await this.#reader.read(operation, route.parameters(operation), search, req, res)
    const call: Invoke = (asked, sent, how) => invoke(asked, sent, res, exchange, how, this.#streamFrom)
    const response = await this.#guarantees.answer(operation, request, exchange, call)
    if (response.fault !== undefined) exchange.fault = response.fault
    await writeResponse(res, response, exchange)
  }
}
