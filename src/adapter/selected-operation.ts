import { AdapterError, type Violation } from '../base/errors.js'
import { listed } from '../base/listed.js'
import { combinations, isGiven, selectedBy, type Selection } from '../mapping/operation/selection.js'
import type { CompiledOperation } from './operation.js'
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

/** The ways in which SOAP operations can serve one operation: at least one. */
export type Alternatives = readonly [CompiledOperation, ...CompiledOperation[]]

/** An operation that several SOAP operations serve: the query parameters of a request choose among them. */
export class SelectedOperation implements RestOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly backend: string
  readonly cache: RestOperation['cache']
  readonly isIdempotent: RestOperation['isIdempotent']
  readonly mcp: RestOperation['mcp']
  readonly takesTimeout: boolean
  /** The one that waits longest for room at the backend. */
  readonly #mostPatient: CompiledOperation

  constructor(readonly alternatives: Alternatives) {
    const [first] = alternatives
    this.operationId = first.operationId
    this.method = first.method
    this.path = first.path
    this.backend = first.backend
    this.cache = first.cache
    this.isIdempotent = alternatives.some(({ isIdempotent }) => isIdempotent === false)
      ? false
      : first.isIdempotent
    this.mcp = first.mcp
    this.takesTimeout = first.takesTimeout
    this.#mostPatient = alternatives.reduce((a, b) => (b.timeoutMs > a.timeoutMs ? b : a))
  }

  /** Of the first alternative. */
  sample(options: SampleOptions): RestRequest {
    return this.alternatives[0].sample(options)
  }

  encode(request: RestRequest): SoapRequest {
    return this.#chosen(request).encode(request)
  }

  sampleResponse(options: SampleOptions, request?: RestRequest): SoapResponse {
    return (request ? this.#chosen(request) : this.alternatives[0]).sampleResponse(options)
  }

  decode(response: SoapResponse, request?: RestRequest, requestId?: string): RestResponse {
    if (request) return this.#chosen(request).decode(response, request, requestId)
    const errors: AdapterError[] = []
    for (const alternative of this.alternatives) {
      try {
        return alternative.decode(response, undefined, requestId)
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error
        errors.push(error)
      }
    }
    // What was read furthest is what it most likely was.
    throw errors.reduce((best, error) => (depthOf(error) > depthOf(best) ? error : best))
  }

  examples(): readonly OperationExample[] {
    return this.alternatives.flatMap((alternative) => alternative.examples())
  }

  checkRoom(): void {
    this.#mostPatient.checkRoom()
  }

  async invoke(request: RestRequest, options?: InvokeOptions): Promise<RestResponse> {
    return this.#chosen(request).invoke(request, options)
  }

  /** @throws AdapterError `request-invalid` where the parameters of the request choose none */
  #chosen({ query }: RestRequest): CompiledOperation {
    const chosen = selectedBy(this.alternatives, query)
    if (chosen) return chosen
    const selections = this.alternatives.flatMap(({ selection }) => selection ?? [])
    throw new AdapterError(
      'request-invalid',
      `The query parameters do not go together: ${combinations(this.alternatives)}.`,
      { violations: violationsOf(selections, (name) => isGiven(query, name)) },
    )
  }
}

function depthOf({ path = '' }: AdapterError): number {
  return path.split('/').length
}

/** What is too much and what is lacking for the alternative that comes nearest. */
function violationsOf(
  selections: readonly Selection[],
  isSent: (name: string) => boolean,
): readonly Violation[] {
  const [nearest, ...others] = selections
    .map(({ when, optional, others: choosing }) => ({
      given: [...when, ...optional].filter(isSent),
      missing: when.filter((name) => !isSent(name)),
      surplus: choosing.filter(isSent),
    }))
    .sort((a, b) => scoreOf(b) - scoreOf(a))
  if (!nearest) return []
  const { given, missing, surplus } = nearest
  const [first] = missing
  if (first !== undefined && given.length === 0 && surplus.length === 0 && others.length > 0) {
    return [{ pointer: `query/${first}`, detail: 'must be given, or what else can be asked with' }]
  }
  const beside = given.length === 0 ? '' : ` with ${listed(given)}`
  return [
    ...missing.map((name) => ({ pointer: `query/${name}`, detail: `must be given${beside}` })),
    ...surplus.map((name) => ({ pointer: `query/${name}`, detail: `must not be given${beside}` })),
  ]
}

function scoreOf({
  given,
  missing,
  surplus,
}: Readonly<Record<'given' | 'missing' | 'surplus', string[]>>): number {
  return given.length - missing.length - surplus.length
}
