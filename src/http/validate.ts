import * as OpenApiValidator from 'express-openapi-validator'
import { type RestOperation } from '../adapter/rest.js'
import { ContractError, type Violation } from '../base/errors.js'
import { Diagnostics } from '../base/diagnostic.js'
import { OpenApiDocument, isOpenApi31, type OpenApiObject } from '../openapi/document.js'
import { type OpenApiOperation, type OpenApiParameter, operationsOf } from '../openapi/operations.js'
import { checkDocument } from './document-check.js'
import { sliceDocument } from './document-slice.js'
import { type Facade } from './facade.js'
import { validatedAs } from './form-schema.js'
import { numericViolations } from './numeric-parameters.js'
import { checkPatterns } from './pattern-check.js'
import { type RequestInput } from './request-input.js'
import { toViolations, type ValidatorFinding } from './violations.js'

/** What the middleware of express-openapi-validator reads and writes of a request. */
interface ValidatorRequest {
  readonly method: string
  readonly path: string
  readonly baseUrl: string
  readonly originalUrl: string
  readonly app: object
  readonly headers: NodeJS.Dict<string | string[]>
  query: Record<string, unknown>
  params: Record<string, unknown>
  readonly body: unknown
  openapi?: OpenApiMetadata
}

interface OpenApiMetadata {
  readonly expressRoute: string
  readonly openApiRoute: string
  readonly schema: object
  readonly serial: number
  readonly pathParams: Record<string, string>
}

type Middleware = (req: ValidatorRequest, res: object, next: (error?: unknown) => void) => unknown

/** The validator of one operation: the last middleware of its slice, told beforehand which route it is on. */
interface CompiledValidator {
  readonly middleware: Middleware
  readonly metadata: OpenApiMetadata
}

/** What the validators need of a facade. */
type PublishedContract = Pick<Facade, 'document' | 'contract'>

interface Slice {
  readonly operations: readonly OpenApiOperation[]
  /** Reports every violation. */
  all?: Promise<readonly CompiledValidator[]>
  /** Stops at the first violation: a large body may have millions. */
  first?: Promise<readonly CompiledValidator[]>
}

interface Place {
  readonly slice: Slice
  readonly index: number
}

/** Operations that share a validator: its fixed cost is high, and so is that of a large document. */
const OPERATIONS_PER_SLICE = 50

/** Bodies with more values are judged by their first violation only. */
const VALUES_JUDGED_WHOLLY = 1000

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/

/**
 * Validates requests with express-openapi-validator at a cost that does not grow with the contract: the
 * middleware compares a request with every route it knows, so each instance gets a slice of the document, is
 * asked for the route of each operation once, and after that runs its validating part alone.
 */
export class RequestValidators {
  /** The published document. */
  readonly document: OpenApiDocument
  readonly #places = new Map<string, Place>()

  constructor({ document, contract = new OpenApiDocument('openapi', document) }: PublishedContract) {
    this.document = contract
    const operations = isOpenApi31(document) ? operationsOf(contract, new Diagnostics()) : []
    for (let from = 0; from < operations.length; from += OPERATIONS_PER_SLICE) {
      const slice: Slice = { operations: operations.slice(from, from + OPERATIONS_PER_SLICE) }
      slice.operations.forEach((operation, index) =>
        this.#places.set(operation.operationId, { slice, index }),
      )
    }
  }

  /** What the contract says of all operations. */
  get contracts(): readonly OpenApiOperation[] {
    return [...new Set([...this.#places.values()].map(({ slice }) => slice))].flatMap(
      ({ operations }) => operations,
    )
  }

  /** What the contract says of an operation. */
  contractOf(operation: RestOperation): OpenApiOperation {
    const { slice, index } = this.#place(operation.operationId)
    const contract = slice.operations[index]
    if (!contract) throw new Error(`${operation.operationId} is not in its slice`)
    return contract
  }

  /**
   * Judges the document and compiles the validators of all operations, or of none where there are many: each slice
   * costs some 0.3 s, and is then compiled when it is first used.
   *
   * @param most operations that are compiled at all
   * @throws ContractError with one diagnostic for each place that is not OpenAPI and each schema that cannot be
   *   compiled
   */
  async warmUp(most = Infinity): Promise<void> {
    const diagnostics = new Diagnostics()
    checkDocument(this.document, diagnostics)
    checkPatterns(this.document, diagnostics)
    const places = this.#places.size <= most ? this.#places : []
    for (const [operationId, { slice, index }] of places) {
      const contract = slice.operations[index]
      const mediaTypes =
        contract?.requestBody?.content.flatMap(({ mediaType }) => validatedAs(mediaType) ?? []) ?? []
      for (const mediaType of [undefined, ...mediaTypes]) {
        try {
          const empty = { path: {}, query: {}, headers: {}, body: undefined, values: 0 }
          await this.#run({ slice, index }, { ...empty, mediaType })
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error)
          const message = `${operationId}: a schema cannot be compiled: ${reason}`
          diagnostics.error('schema-uncompilable', message, this.document.locate(contract?.pointer ?? ''))
        }
      }
    }
    if (diagnostics.hasErrors) throw new ContractError(diagnostics.list)
  }

  /** @returns every violation of parameters and body; of a very large body only the first */
  async validate(operation: RestOperation, input: RequestInput): Promise<readonly Violation[]> {
    const place = this.#place(operation.operationId)
    const findings = await this.#run(place, input)
    const contract = this.contractOf(operation)
    const numeric = contract.parameters.flatMap((parameter) => numericViolations(parameter, input))
    return toViolations(findings, numeric, input.body)
  }

  #place(operationId: string): Place {
    const place = this.#places.get(operationId)
    if (!place) throw new Error(`${operationId} is not in the published document`)
    return place
  }

  async #run({ slice, index }: Place, input: RequestInput): Promise<readonly ValidatorFinding[]> {
    const compiled = await (input.values > VALUES_JUDGED_WHOLLY
      ? (slice.first ??= compile(this.document.root, slice.operations, false))
      : (slice.all ??= compile(this.document.root, slice.operations, true)))
    const validator = compiled[index]
    const contract = slice.operations[index]
    if (!validator || !contract) throw new Error('a slice lacks one of its operations')
    const request = newRequest(contract.method, validator.metadata.openApiRoute)
    request.openapi = { ...validator.metadata, pathParams: { ...input.path } }
    request.query = structuredQuery(input.query, contract.parameters)
    for (const parameter of contract.parameters) {
      const name = parameter.name.toLowerCase()
      const value = parameter.in === 'header' ? input.headers[name] : undefined
      if (value !== undefined) request.headers[name] = String(value)
    }
    if (input.mediaType !== undefined) request.headers['content-type'] = input.mediaType
    const error = await run(validator.middleware, { ...request, body: input.body })
    if (error === undefined) return []
    if (error instanceof OpenApiValidator.error.BadRequest) return error.errors
    throw error
  }
}

/**
 * The query as the schemas see it: one text of an array parameter is an array of one. A copy, since the
 * validator writes numbers into it where the schema has numbers.
 */
function structuredQuery(
  query: RequestInput['query'],
  parameters: readonly OpenApiParameter[],
): Record<string, unknown> {
  const structured: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(query)) {
    const parameter = parameters.find((candidate) => candidate.in === 'query' && candidate.name === name)
    if (typeof value !== 'string') structured[name] = [...value]
    else if (!parameter?.isArray) structured[name] = value
    else structured[name] = parameter.explode ? [value] : value.split(',')
  }
  return structured
}

async function compile(
  root: OpenApiObject,
  operations: readonly OpenApiOperation[],
  allErrors: boolean,
): Promise<readonly CompiledValidator[]> {
  const slice = sliceDocument(root, operations)
  const chain: readonly Middleware[] = OpenApiValidator.middleware({
    apiSpec: slice.document as Parameters<typeof OpenApiValidator.middleware>[0]['apiSpec'],
    validateApiSpec: false,
    // Unknown and empty parameters are judged by parseQuery and the schemas, not one at a time.
    validateRequests: { allErrors, allowUnknownQueryParameters: true, coerceTypes: false },
    validateResponses: false,
    validateSecurity: false,
    fileUploader: false,
    ajvFormats: { mode: 'full' },
    formats: {
      decimal: { type: 'string', validate: (text: string) => DECIMAL.test(text) },
      ...Object.fromEntries(
        [...slice.formats].map(([name, validate]) => [name, { type: 'string', validate }]),
      ),
    },
  }).map((step) => step as Middleware)
  const middleware = chain.at(-1)
  if (!middleware) throw new Error('express-openapi-validator gave no middleware')
  const compiled: CompiledValidator[] = []
  for (const [index, operation] of operations.entries()) {
    const request = newRequest(operation.method, slice.paths[index] ?? '')
    for (const step of chain.slice(0, -1)) {
      const error = await run(step, request)
      if (error !== undefined) throw error
    }
    if (!request.openapi) throw new Error('express-openapi-validator did not find its own route')
    compiled.push({ middleware, metadata: request.openapi })
  }
  return compiled
}

function newRequest(method: string, path: string): ValidatorRequest {
  return {
    method: method.toUpperCase(),
    path,
    baseUrl: '',
    // Without the query: the validator would refuse what it thinks should have been percent-encoded.
    originalUrl: path,
    app: NO_APP,
    headers: {},
    query: {},
    params: {},
    body: undefined,
  }
}

const NO_APP = { param: () => undefined, enabled: () => false }

/** @returns what the middleware found wrong, or what went wrong in it */
function run(middleware: Middleware, request: ValidatorRequest): Promise<Error | undefined> {
  return new Promise((resolve) => {
    middleware(request, {}, (error) => {
      if (error === undefined || error instanceof Error) resolve(error)
      else resolve(new Error('express-openapi-validator failed', { cause: error }))
    })
  })
}
