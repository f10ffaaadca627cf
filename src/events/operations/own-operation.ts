import type { InvokeOptions, RestOperation, RestRequest, RestResponse } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'

/** What an operation is and does. */
export interface OwnOperationParts extends Pick<RestOperation, 'operationId' | 'method' | 'path'> {
  readonly run: (request: RestRequest, options: InvokeOptions) => Promise<RestResponse>
}

/** An operation of the published document that no backend has a part in. */
export class OwnOperation implements RestOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  /** In the log, where that of others stands. */
  readonly backend = 'events'
  readonly #run: OwnOperationParts['run']

  constructor({ operationId, method, path, run }: OwnOperationParts) {
    this.operationId = operationId
    this.method = method
    this.path = path
    this.#run = run
  }

  invoke(request: RestRequest, options: InvokeOptions = {}): Promise<RestResponse> {
    return this.#run(request, options)
  }

  sample(): never {
    throw this.#noSoap()
  }

  encode(): never {
    throw this.#noSoap()
  }

  sampleResponse(): never {
    throw this.#noSoap()
  }

  decode(): never {
    throw this.#noSoap()
  }

  #noSoap(): AdapterError {
    const message = `${this.operationId} is served by soapstone itself: there is no SOAP in it.`
    return new AdapterError('internal', message)
  }
}

export function json(status: number, body: unknown): RestResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** The text of a parameter; the first where there are several. */
export function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}
