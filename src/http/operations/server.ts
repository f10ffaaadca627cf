import type { IncomingMessage, ServerResponse } from 'node:http'
import { AdapterError } from '../../base/errors.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import { writeResponse } from '../answer/invoke.js'
import { type LifecycleFields, lifecyclesOf } from '../answer/lifecycle.js'
import { sendProblem } from '../answer/problem.js'
import { judgeContract } from '../contract/judge-contract.js'
import type { Exchange } from '../exchange.js'
import type { Facade } from '../facade.js'
import { Routes } from '../routing/routes.js'
import { validatorsOf } from '../validation/validate.js'
import { Pipeline, type PipelineOptions } from './pipeline.js'
import { serveTraced } from './server-span.js'

export interface OperationServerOptions extends PipelineOptions {
  /**
   * Answers of backends with more bytes are given while they arrive, where that can be done; by default 1 MiB, and 1 KiB
   * at least.
   */
  readonly streamFrom?: number
  /**
   * Answers of GET operations with more bytes are compressed for clients that take `br` or `gzip`, where that gives nothing
   * away: docs/security.md. By default none is.
   */
  readonly compressFrom?: number
}

const DEFAULT_STREAM_FROM = 1_048_576
/** The XML declaration must be in what comes before. */
const LEAST_STREAM_FROM = 1024

/** Serves the operations of the contract, on node:http alone: routers and middleware cost as much as a response. */
export class OperationServer {
  /** What each operation goes through, for other protocols that call it. */
  readonly pipeline: Pipeline
  readonly #facade: Facade
  readonly #routes: Routes
  readonly #lifecycles: ReadonlyMap<string, LifecycleFields>
  readonly #streamFrom: number
  readonly #compressFrom: number

  /** @throws ContractError where the contract does not say who may call, or asks for what cannot be checked */
  constructor(facade: Facade, options: OperationServerOptions = {}) {
    this.#facade = facade
    this.pipeline = new Pipeline(facade, options)
    this.#streamFrom = Math.max(LEAST_STREAM_FROM, options.streamFrom ?? DEFAULT_STREAM_FROM)
    this.#compressFrom = options.compressFrom ?? 0
    this.#routes = new Routes(facade.operations.values())
    const { document, contracts } = validatorsOf(facade)
    this.#lifecycles = lifecyclesOf(document, contracts)
  }

  get contracts(): readonly OpenApiOperation[] {
    return this.pipeline.contracts
  }

  /**
   * Answers a request; every error as a problem document. Resolves when the response is handed over to the connection, and
   * never rejects.
   *
   * @param path the raw path below the base path
   */
  async serve(path: string, req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    try {
      await this.#serve(path, req, res, exchange)
    } catch (error) {
      sendProblem(res, error, exchange)
    }
  }

  /** Resolves when calls that outlive their clients are over. */
  settled(): Promise<void> {
    return this.pipeline.settled()
  }

  /**
   * Judges the contract; what is certain to compile is compiled when it is first used.
   *
   * @throws ContractError where a schema of the contract cannot be compiled
   */
  judge(): Promise<void> {
    // Who may call has been judged when this was made.
    return judgeContract(this.#facade, { compile: 'doubtful', authentication: 'off' })
  }

  /**
   * Judges the contract and compiles all that the first requests would else wait for.
   *
   * @throws ContractError where a schema of the contract cannot be compiled
   */
  warmUp(): Promise<void> {
    return judgeContract(this.#facade, { compile: 'all', authentication: 'off' })
  }

  #serve(
    path: string,
    req: IncomingMessage,
    res: ServerResponse,
    exchange: Exchange,
  ): Promise<void> | undefined {
    const { method = '', url = '' } = req
    const head = exchange.head ?? res
    const route = this.#routes.find(path)
    if (!route) throw new AdapterError('not-found', 'No path of the contract matches.')
    const operation = route.operation(method)
    if (!operation) {
      head.setHeader('allow', route.allow)
      if (method !== 'OPTIONS') {
        throw new AdapterError('method-not-allowed', `Only ${route.allow} are allowed here.`)
      }
      return writeResponse(res, { status: 204, headers: {}, body: '' }, exchange)
    }
    for (const [name, value] of this.#lifecycles.get(operation.operationId) ?? []) head.setHeader(name, value)
    const question = url.indexOf('?')
    const search = question === -1 ? '' : url.slice(question + 1)
    const { basePath } = this.#facade
    return serveTraced(operation, { basePath, req, res, exchange }, async () => {
      const response = await this.pipeline.answer({
        operation,
        req,
        head,
        exchange,
        read: (reader) => reader.read(operation, { path: route.parameters(operation), search, req, res }),
        streamFrom: isChunked(req) ? this.#streamFrom : undefined,
      })
      const writing = writeResponse(res, response, exchange, this.#compressFrom)
      if (writing) await writing
    })
  }
}

/** Without chunks a client cannot tell a response that breaks off from one that ends (RFC 9112, section 8). */
function isChunked({ httpVersionMajor, httpVersionMinor }: IncomingMessage): boolean {
  return httpVersionMajor > 1 || httpVersionMinor > 0
}
