import { GraphQLError } from 'graphql'
import type { RestOperation, RestResponse } from '../adapter/rest.js'
import type { OperationCalls, Origin } from '../http/operations/calls.js'
import type { RequestValues } from '../http/request/reader.js'
import { jsonLine } from '../json/text.js'
import type { JsonValue } from '../json/value.js'
import { restErrorOf } from './errors.js'
import { type Result, resultOf } from './result.js'

/** What resolvers get, a record as graphql-http wants it. */
export type Context = Readonly<Record<'calls', CallContext> & Partial<Record<'answered', Answered>>>

/** What fields at the root were answered already, by the names that they are asked for by. */
export type Answered = ReadonlyMap<string | number, Promise<JsonValue>>

/** What the resolvers of one GraphQL request share: who asks, and what was asked already. */
export class CallContext {
  readonly #calls: OperationCalls
  readonly #origin: Origin
  readonly #maxCalls: number
  /** Reads that were made for this request: the same question is asked once. */
  readonly #reads = new Map<string, Promise<Result>>()
  #made = 0

  constructor(calls: OperationCalls, origin: Origin, { maxCalls }: { readonly maxCalls: number }) {
    this.#calls = calls
    this.#origin = origin
    this.#maxCalls = maxCalls
  }

  /** @throws GraphQLError with the problem as its extensions */
  call(operationId: string, values: RequestValues): Promise<Result> {
    const operation = this.#calls.operations.get(operationId)
    if (!operation) throw new Error(`${operationId} is not an operation`)
    if (operation.method !== 'get') return this.#call(operation, values)
    const { path, query, headers } = values
    const key = jsonLine([operationId, { ...path }, { ...query }, { ...headers }])
    let read = this.#reads.get(key)
    if (!read) this.#reads.set(key, (read = this.#call(operation, values)))
    return read
  }

  async #call(operation: RestOperation, values: RequestValues): Promise<Result> {
    if (++this.#made > this.#maxCalls) throw tooManyCalls(this.#maxCalls)
    let response: RestResponse
    try {
      response = await this.#calls.call(operation, values, this.#origin)
    } catch (error) {
      throw restErrorOf(error, this.#origin.exchange.requestId)
    }
    return resultOf(response, values)
  }
}

function tooManyCalls(most: number): GraphQLError {
  return new GraphQLError(
    `The request needs more than ${most} calls of operations; ask for less at once, or set GRAPHQL_MAX_COST.`,
    { extensions: { code: 'graphql-too-costly', status: 400 } },
  )
}
