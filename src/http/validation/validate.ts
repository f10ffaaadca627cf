import type { RestOperation } from '../../adapter/rest.js'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError, type Violation } from '../../base/errors.js'
import { OpenApiDocument } from '../../openapi/document.js'
import { isOpenApi31 } from '../../openapi/judgement/version.js'
import { type OpenApiOperation, type OpenApiParameter, operationsOf } from '../../openapi/operations.js'
import type { Facade } from '../facade.js'
import { doubtfulOperations } from './compilable.js'
import { checkDocument } from './document-check.js'
import { validatedAs } from './form-schema.js'
import { type JudgedOperation, judgedOperation } from './judged-operation.js'
import { numericViolations } from './numeric-parameters.js'
import { checkPatterns } from './pattern-check.js'
import type { RequestInput, ValidatorRequest } from './request-input.js'
import type { RequestJudge } from './request-judge.js'
import type { Compiling } from './schema-compiler.js'
import { SharedSchemas } from './shared-schemas.js'
import { toViolations, type ValidatorFinding } from './violations.js'

/** What the validators need of a facade. */
type PublishedContract = Pick<Facade, 'document' | 'contract'>

/** Bodies with more values are judged by their first violation only. */
const VALUES_JUDGED_WHOLLY = 1000

/**
 * Validates requests with express-openapi-validator at a cost that does not grow with the contract: its instances know what
 * requests have needed so far, and are told which operation a request is for.
 */
export class RequestValidators {
  /** The published document. */
  readonly document: OpenApiDocument
  readonly #operations: ReadonlyMap<string, OpenApiOperation>
  /** What the validator has to know of the operations that were called. */
  readonly #judged = new Map<OpenApiOperation, JudgedOperation>()
  readonly #schemas: SharedSchemas
  /** Reports every violation. */
  #all: RequestJudge | undefined
  /** Stops at the first violation: a large body may have millions. */
  #first: RequestJudge | undefined
  /** What is wrong with the document as a whole, once somebody has asked. */
  #ofDocument: readonly Diagnostic[] | undefined

  constructor({ document, contract = new OpenApiDocument('openapi', document) }: PublishedContract) {
    this.document = contract
    this.#schemas = new SharedSchemas(contract.root)
    const operations = isOpenApi31(document) ? operationsOf(contract, new Diagnostics()) : []
    this.#operations = new Map(operations.map((operation) => [operation.operationId, operation]))
  }

  /** What the contract says of all operations. */
  get contracts(): readonly OpenApiOperation[] {
    return [...this.#operations.values()]
  }

  /** What the contract says of an operation. */
  contractOf({ operationId }: RestOperation): OpenApiOperation {
    const operation = this.#operations.get(operationId)
    if (!operation) throw new Error(`${operationId} is not in the published document`)
    return operation
  }

  /**
   * Judges the document and compiles the validators of operations, those of others when they are first used.
   *
   * @param which all, or those of which only the compiler can tell whether they can be compiled
   * @throws ContractError with one diagnostic for each place that is not OpenAPI and each schema that cannot be
   *   compiled
   */
  async judge(which: 'all' | 'doubtful'): Promise<void> {
    const diagnostics = new Diagnostics()
    diagnostics.list.push(...(this.#ofDocument ??= judged(this.document)))
    const operations =
      which === 'all' ? this.contracts : doubtfulOperations(this.document.root, this.contracts)
    for (const operation of operations) await this.#compile(operation, diagnostics)
    if (diagnostics.hasErrors) throw new ContractError(diagnostics.list)
  }

  async #compile(operation: OpenApiOperation, diagnostics: Diagnostics): Promise<void> {
    const { operationId, pointer, requestBody } = operation
    const mediaTypes = requestBody?.content.flatMap(({ mediaType }) => validatedAs(mediaType) ?? []) ?? []
    for (const mediaType of [undefined, ...mediaTypes]) {
      try {
        const empty = { path: {}, query: {}, headers: {}, body: undefined, values: 0 }
        await this.#run(operation, { ...empty, mediaType }, 'all')
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        const message = `${operationId}: a schema cannot be compiled: ${reason}`
        diagnostics.error('schema-uncompilable', message, this.document.locate(pointer))
      }
    }
  }

  /**
   * @returns every violation of parameters and body, of a very large body only the first; a promise where the validator has
   *   to be loaded first
   */
  validate(
    operation: RestOperation,
    input: RequestInput,
  ): readonly Violation[] | Promise<readonly Violation[]> {
    const contract = this.contractOf(operation)
    const findings = this.#run(contract, input)
    return findings instanceof Promise
      ? findings.then((found) => this.#violations(contract, input, found))
      : this.#violations(contract, input, findings)
  }

  #violations(
    contract: OpenApiOperation,
    input: RequestInput,
    findings: readonly ValidatorFinding[],
  ): readonly Violation[] {
    const numeric = contract.parameters.flatMap((parameter) => numericViolations(parameter, input))
    return toViolations(findings, numeric, input.body)
  }

  #run(
    operation: OpenApiOperation,
    input: RequestInput,
    which?: Compiling,
  ): readonly ValidatorFinding[] | Promise<readonly ValidatorFinding[]> {
    const allErrors = input.values <= VALUES_JUDGED_WHOLLY
    const judge = allErrors ? this.#all : this.#first
    if (judge) return this.#judge(judge, operation, input, which)
    return this.#makeJudge({ allErrors }).then((made) => this.#judge(made, operation, input, which))
  }

  #judge(
    judge: RequestJudge,
    operation: OpenApiOperation,
    input: RequestInput,
    which: Compiling | undefined,
  ): readonly ValidatorFinding[] {
    let judged = this.#judged.get(operation)
    if (!judged) this.#judged.set(operation, (judged = judgedOperation(operation, this.#schemas)))
    return judge.judge(judged, input.mediaType, () => requestOf(operation, input), which)
  }

  /** The validator is loaded when the first request is to be judged. */
  async #makeJudge({ allErrors }: { readonly allErrors: boolean }): Promise<RequestJudge> {
    const { RequestJudge } = await import('./request-judge.js')
    const make = () => new RequestJudge(this.#schemas, { allErrors })
    return allErrors ? (this.#all ??= make()) : (this.#first ??= make())
  }
}

function judged(document: OpenApiDocument): readonly Diagnostic[] {
  const diagnostics = new Diagnostics()
  checkDocument(document, diagnostics)
  if (!document.isFile) checkPatterns(document, diagnostics)
  return diagnostics.list
}

const known = new WeakMap<PublishedContract, RequestValidators>()

/** The validators of a facade, which all that serve it share: to compile them takes long. */
export function validatorsOf(facade: PublishedContract): RequestValidators {
  const validators = known.get(facade) ?? new RequestValidators(facade)
  known.set(facade, validators)
  return validators
}

/** A request as far as the contract knows it: a copy, since numbers are written into it where schemas have numbers. */
function requestOf({ method, parameters }: OpenApiOperation, input: RequestInput): ValidatorRequest {
  const headers: NodeJS.Dict<string> = {}
  for (const parameter of parameters) {
    if (parameter.in !== 'header') continue
    const name = parameter.name.toLowerCase()
    const value = input.headers[name]
    if (value !== undefined) headers[name] = String(value)
  }
  if (input.mediaType !== undefined) headers['content-type'] = input.mediaType
  const query = structuredQuery(input.query, parameters)
  return { method, path: { ...input.path }, query, headers, body: input.body }
}

/**
 * The query as the schemas see it: one text of an array parameter is an array of one.
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
