import { BadRequest } from 'express-openapi-validator/dist/framework/types.js'
import { RequestValidator } from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js'
import { acceptorOf, type Accepts, type Compilers } from './acceptors.js'
import type { JudgedOperation } from './judged-operation.js'
import type { ValidatorRequest } from './request-input.js'
import { type Ajv, type Compiling, isAjv, SchemaCompiler } from './schema-compiler.js'
import type { SharedSchemas } from './shared-schemas.js'
import type { ValidatorFinding } from './violations.js'

/** Schemas of more keywords are functions of their own, compiled once, instead of being copied to where they are used. */
const MAX_INLINED_KEYWORDS = 4

const NOTHING = {
  openapi: '3.1.0' as const,
  info: { title: 'operations', summary: '', version: '1' },
  paths: {},
  components: {},
  webhooks: {},
}

const NO_FINDINGS: readonly ValidatorFinding[] = []

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/

/** What is known of an operation that a request was for. */
interface Known {
  /** What stands for its path. */
  readonly route: string
  readonly compiled: Compiling
  /** By the media type of the body, once it was judged; undefined where the middleware has to be asked. */
  readonly acceptors: Map<string | undefined, Accepts | undefined>
}

/**
 * The validating part of express-openapi-validator by itself: the part that finds the route of a request compares it with
 * every route there is. It is told of an operation when a request is for it, and of the schemas that operations share under
 * names of their own; what is in the document it makes a part of the schema of each operation, and compiles as often.
 */
export class RequestJudge {
  readonly #validate: (request: object, response: object, next: (error?: unknown) => void) => unknown
  readonly #compilers: Compilers
  readonly #ofParameters: SchemaCompiler
  readonly #ofBodies: SchemaCompiler
  readonly #known = new Map<JudgedOperation, Known>()

  /**
   * @param schemas are told of an operation before a request for it is judged
   * @param allErrors whether every violation is found, or the first alone
   */
  constructor(schemas: SharedSchemas, { allErrors }: { readonly allErrors: boolean }) {
    const validator = new RequestValidator(NOTHING, {
      strict: false,
      strictNumbers: true,
      strictTuples: true,
      allowUnionTypes: false,
      // Schemas are not judged by those of JSON Schema, which are then not needed either.
      validateSchema: false,
      meta: false,
      inlineRefs: MAX_INLINED_KEYWORDS,
      ajvFormats: { mode: 'full' as const },
      formats: {
        decimal: { type: 'string' as const, validate: (text: string) => DECIMAL.test(text) },
      },
      allErrors,
      // Unknown and empty parameters are judged by parseQuery and the schemas, not one at a time.
      allowUnknownQueryParameters: true,
      coerceTypes: false,
      ...(schemas.areLarge && { code: { optimize: false } }),
    })
    const general = ajvOf(validator, 'ajv')
    const body = ajvOf(validator, 'ajvBody')
    const validate: unknown = Reflect.get(validator, 'validate')
    if (typeof validate !== 'function') throw new Error('express-openapi-validator has no validate')
    this.#validate = (...args) => Reflect.apply(validate, validator, args) as unknown
    this.#compilers = { general, body }
    this.#ofParameters = new SchemaCompiler(general, schemas)
    this.#ofBodies = new SchemaCompiler(body, schemas)
  }

  /**
   * @param mediaType of the body; undefined where there is none
   * @param make makes the request; what it makes is changed while it is judged, all but the body
   * @param which schemas are compiled, by default those that are reached
   * @returns what is wrong with the request
   * @throws Error of the validator or its compiler
   */
  judge(
    operation: JudgedOperation,
    mediaType: string | undefined,
    make: () => ValidatorRequest,
    which: Compiling = 'when reached',
  ): readonly ValidatorFinding[] {
    const accepts = this.#known.get(operation)?.acceptors.get(mediaType)
    if (which !== 'all' && accepts?.(make())) return NO_FINDINGS
    const { route, acceptors } = this.#prepared(operation, which)
    const request = make()
    const findings = this.#findings(operation, route, request)
    if (!acceptors.has(mediaType)) {
      const compiledFor = `${request.method.toUpperCase()}-${route}`
      acceptors.set(mediaType, acceptorOf(this.#compilers, operation, mediaType, compiledFor))
    }
    return findings
  }

  #prepared(operation: JudgedOperation, which: Compiling): Known {
    const known = this.#known.get(operation)
    if (known?.compiled === 'all' || known?.compiled === which) return known
    this.#ofParameters.prepare(operation.parameters, which)
    this.#ofBodies.prepare(operation.bodies, which)
    const acceptors = known?.acceptors ?? new Map<string | undefined, Accepts | undefined>()
    const prepared = { route: known?.route ?? `/${this.#known.size}`, compiled: which, acceptors }
    this.#known.set(operation, prepared)
    return prepared
  }

  #findings(
    { operation: schema }: JudgedOperation,
    route: string,
    { method, path, query, headers, body }: ValidatorRequest,
  ): readonly ValidatorFinding[] {
    let ended: { readonly error: unknown } | undefined
    const next = (error?: unknown): void => {
      ended = { error }
    }
    const metadata = { expressRoute: route, openApiRoute: route, pathParams: path, schema }
    const request = {
      method: method.toUpperCase(),
      ...{ path: route, originalUrl: route, headers, query, params: {}, body, openapi: metadata },
    }
    try {
      this.#validate(request, {}, next)
    } catch (error) {
      next(error)
    }
    const { error } = ended ?? { error: new Error('express-openapi-validator has not come to an end') }
    if (error === undefined) return NO_FINDINGS
    if (error instanceof BadRequest) return error.errors
    throw error instanceof Error ? error : new Error('express-openapi-validator failed', { cause: error })
  }
}

/** @throws Error where the package has it no longer */
function ajvOf(validator: RequestValidator, member: 'ajv' | 'ajvBody'): Ajv {
  const ajv: unknown = Reflect.get(validator, member)
  if (!isAjv(ajv)) throw new Error(`express-openapi-validator has no ${member} that this version knows`)
  return ajv
}
