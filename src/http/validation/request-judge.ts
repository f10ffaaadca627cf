import { BadRequest } from 'express-openapi-validator/dist/framework/types.js'
import { RequestValidator } from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js'
import { Acceptors } from './acceptors.js'
import type { DocumentSlice, SlicedOperation } from './document-slice.js'
import type { ValidatorRequest } from './request-input.js'
import { type Compiling, isAjv, SchemaCompiler } from './schema-compiler.js'
import type { ValidatorFinding } from './violations.js'

/**
 * @param index of the operation in its slice
 * @param mediaType of the body; undefined where there is none
 * @param make makes the request; what it makes is changed while it is judged, all but the body
 * @param which schemas are compiled, by default those that are reached
 * @returns what is wrong with the request
 * @throws Error of the validator or its compiler
 */
export type RequestJudge = (
  index: number,
  mediaType: string | undefined,
  make: () => ValidatorRequest,
  which?: Compiling,
) => readonly ValidatorFinding[]

/** Schemas of more keywords are functions of their own, compiled once, instead of being copied to where they are used. */
const MAX_INLINED_KEYWORDS = 4

const NOTHING = {
  openapi: '3.1.0' as const,
  info: { title: 'slice', summary: '', version: '1' },
  paths: {},
  components: {},
  webhooks: {},
}

const NO_FINDINGS: readonly ValidatorFinding[] = []

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/

/**
 * The validating part of express-openapi-validator by itself, for a few operations: the part that finds the route of a
 * request compares it with every route there is. It is told the schemas that operations share under names of their own;
 * what is in the document it makes a part of the schema of each operation, and compiles as often.
 */
export function requestJudge(
  slice: DocumentSlice,
  { allErrors }: { readonly allErrors: boolean },
): RequestJudge {
  const options = {
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
    ...(slice.schemas.areLarge && { code: { optimize: false } }),
  }
  const validator = new RequestValidator(NOTHING, options)
  const [general, ofBody] = (['ajv', 'ajvBody'] as const).map((member) => {
    const ajv: unknown = Reflect.get(validator, member)
    if (!isAjv(ajv)) throw new Error(`express-openapi-validator has no ${member} that this version knows`)
    return ajv
  })
  if (!general || !ofBody) throw new Error('there are two')
  const ofParameters = new SchemaCompiler(general, slice.schemas)
  const ofBodies = new SchemaCompiler(ofBody, slice.schemas)
  const validate: unknown = Reflect.get(validator, 'validate')
  if (typeof validate !== 'function') throw new Error('express-openapi-validator has no validate')
  const prepared = new Map<SlicedOperation, Compiling>()
  const judge = (
    sliced: SlicedOperation,
    route: string,
    { method, path, query, headers, body }: ValidatorRequest,
  ): readonly ValidatorFinding[] => {
    let ended: { readonly error: unknown } | undefined
    const next = (error?: unknown): void => {
      ended = { error }
    }
    const metadata = { expressRoute: route, openApiRoute: route, pathParams: path, schema: sliced.operation }
    const request = {
      method: method.toUpperCase(),
      ...{ path: route, originalUrl: route, headers, query, params: {}, body, openapi: metadata },
    }
    try {
      Reflect.apply(validate, validator, [request, {}, next])
    } catch (error) {
      next(error)
    }
    const { error } = ended ?? { error: new Error('express-openapi-validator has not come to an end') }
    if (error === undefined) return NO_FINDINGS
    if (error instanceof BadRequest) return error.errors
    throw error instanceof Error ? error : new Error('express-openapi-validator failed', { cause: error })
  }
  const acceptors = new Acceptors(general, ofBody)
  return (index, mediaType, make, which = 'when reached') => {
    const sliced = slice.operations[index]
    if (!sliced) throw new Error('a slice lacks one of its operations')
    const accepts = acceptors.of(sliced, mediaType)
    if (which !== 'all' && accepts?.(make())) return NO_FINDINGS
    const done = prepared.get(sliced)
    if (done === undefined || (which === 'all' && done !== which)) {
      ofParameters.prepare(sliced.parameters, which)
      ofBodies.prepare(sliced.bodies, which)
      prepared.set(sliced, which)
    }
    const route = `/${index}`
    const request = make()
    const findings = judge(sliced, route, request)
    if (accepts === undefined) acceptors.add(sliced, mediaType, `${request.method.toUpperCase()}-${route}`)
    return findings
  }
}
