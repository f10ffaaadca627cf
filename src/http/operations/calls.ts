import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { RestOperation, RestResponse } from '../../adapter/rest.js'
import type { AdapterError } from '../../base/errors.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import type { ResponseHead } from '../answer/head.js'
import { asAdapterError, PROBLEM_TYPES } from '../answer/problem.js'
import type { Exchange, Face } from '../exchange.js'
import type { Facade } from '../facade.js'
import type { Recorder } from '../observe.js'
import type { RequestValues } from '../request/reader.js'
import { validatorsOf } from '../validation/validate.js'
import type { Pipeline } from './pipeline.js'

/** The HTTP request in which a client asked for operations by another protocol than REST. */
export interface Origin {
  readonly face: Face
  readonly req: IncomingMessage
  /** Of the response to it. */
  readonly head: ResponseHead
  readonly exchange: Exchange
}

/**
 * Calls operations for protocols beside REST. Each call goes through the same pipeline, and is logged, measured and audited as
 * a call of its own, with the id of the request that it came in.
 */
export class OperationCalls {
  /** The published document. */
  readonly document: OpenApiDocument
  /** What the document says of its operations. */
  readonly contracts: readonly OpenApiOperation[]
  /** By operationId. */
  readonly operations: ReadonlyMap<string, RestOperation>
  readonly #pipeline: Pipeline
  readonly #recorder: Recorder

  constructor(facade: Facade, pipeline: Pipeline, recorder: Recorder) {
    const validators = validatorsOf(facade)
    this.document = validators.document
    this.contracts = validators.contracts
    this.operations = facade.operations
    this.#pipeline = pipeline
    this.#recorder = recorder
  }

  /**
   * @returns the response, that of a declared fault too
   * @throws AdapterError from any step of the pipeline, `internal` for what nobody has foreseen
   */
  async call(operation: RestOperation, values: RequestValues, origin: Origin): Promise<RestResponse> {
    const {
      face,
      req,
      exchange: { requestId },
    } = origin
    const exchange: Exchange = { requestId, face, startedAt: performance.now(), operation }
    const recorded = this.#recorded(exchange, operation, req)
    const head = new CallHead(origin.head)
    try {
      const response = await this.#pipeline.answer({
        ...{ operation, req, exchange, head },
        read: (reader) => reader.readValues(operation, values),
        streamFrom: undefined,
      })
      recorded.answered(response.status)
      return response
    } catch (thrown) {
      throw recorded.failed(thrown)
    } finally {
      head.end()
    }
  }

  /**
   * Whether the client may call an operation. Only a refusal is recorded: a call follows.
   *
   * @throws AdapterError `unauthenticated`, `forbidden`, `authentication-unavailable`, `rate-limited`
   */
  async authenticate(operation: RestOperation, { face, req, head, exchange }: Origin): Promise<void> {
    const { requestId, startedAt } = exchange
    const recorded = this.#recorded({ requestId, face, startedAt, operation }, operation, req)
    try {
      await this.#pipeline.authenticate(operation, req, head)
    } catch (thrown) {
      throw recorded.failed(thrown)
    }
  }

  /** @returns records how an exchange ended: with a status, or what was thrown, of which it makes the problem */
  #recorded(exchange: Exchange, { method }: RestOperation, req: IncomingMessage) {
    const { api } = this.#pipeline
    if (api !== undefined) exchange.api = api
    const address = this.#recorder.addressOf(req)
    const end = (status: number): void => {
      this.#recorder.begin()
      this.#recorder.end(exchange, { method: method.toUpperCase(), status, address })
    }
    return {
      answered: end,
      failed: (thrown: unknown): AdapterError => {
        const error = asAdapterError(thrown)
        exchange.problem = error
        end(PROBLEM_TYPES[error.code].status)
        return error
      },
    }
  }
}

/** The head of one of several responses that go to a client as one: each ends by itself, and all when the client goes away. */
class CallHead implements ResponseHead {
  readonly #emitter = new EventEmitter()
  readonly #origin: ResponseHead
  readonly #onClose = (): void => {
    this.end()
  }

  constructor(origin: ResponseHead) {
    this.#origin = origin
    origin.once('close', this.#onClose)
  }

  get destroyed(): boolean {
    return this.#origin.destroyed
  }

  /** Challenges are for the client, whatever it called; how much it may still ask for is said of one operation. */
  setHeader(name: string, value: string | readonly string[]): void {
    if (name === 'www-authenticate') this.#origin.setHeader(name, value)
  }

  once(event: 'close', listener: () => void): void {
    this.#emitter.once(event, listener)
  }

  off(event: 'close', listener: () => void): void {
    this.#emitter.off(event, listener)
  }

  /** The response is there, or nobody waits for it any more. */
  end(): void {
    this.#origin.off('close', this.#onClose)
    this.#emitter.emit('close')
    this.#emitter.removeAllListeners()
  }
}
