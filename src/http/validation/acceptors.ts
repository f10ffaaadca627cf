import { isObject } from '../../openapi/document.js'
import type { JudgedOperation } from './judged-operation.js'
import type { ValidatorRequest } from './request-input.js'
import type { Ajv } from './schema-compiler.js'

/** Whether a request is right. One that is not accepted is judged by the validator, which says what is wrong. */
export type Accepts = (request: ValidatorRequest) => boolean

/** A function that Ajv has compiled. */
type Compiled = ((data: unknown) => unknown) & { readonly schema: unknown }

/** Of these the validator makes nothing else before it judges them. */
const SCALARS: ReadonlySet<unknown> = new Set(['string', 'integer', 'number', 'boolean'])

/** As the validator has it in the names of what it compiles: in lower case and without parameters. */
const PLAIN_MEDIA_TYPE = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/

/** What has compiled the schemas of operations. */
export interface Compilers {
  /** Those of parameters. */
  readonly general: Ajv
  /** Those of bodies. */
  readonly body: Ajv
}

/**
 * What express-openapi-validator has compiled for an operation, asked directly. For each request its middleware parses a URL,
 * makes a mutator that looks at the style of every parameter, and changes properties of the request: where parameters are
 * scalars nothing comes of it.
 *
 * @param mediaType of the body; undefined where there is none
 * @param route method and path, as the middleware was told them
 * @returns undefined where the middleware has to be asked
 */
export function acceptorOf(
  compilers: Compilers,
  { operation }: JudgedOperation,
  mediaType: string | undefined,
  route: string,
): Accepts | undefined {
  const { parameters = [] } = operation
  if (!Array.isArray(parameters) || !parameters.every(isPlain)) return undefined
  if (mediaType !== undefined && !PLAIN_MEDIA_TYPE.test(mediaType)) return undefined
  const key = `${route}-${mediaType ?? 'not_provided'}`
  const general = compilers.general.getSchema(key)
  const body = compilers.body.getSchema(key)
  if (!isCompiled(general) || !isCompiled(body) || hasDiscriminator(body)) return undefined
  return ({ path, query, headers, body: sent }) => {
    const data = { query, headers, params: path, cookies: undefined, body: sent }
    return general(data) === true && body(data) === true
  }
}

/** A parameter that reaches its schema as it was sent. */
function isPlain(parameter: unknown): boolean {
  if (!isObject(parameter) || !isObject(parameter.schema)) return false
  const { name, in: place, schema } = parameter
  if (typeof name !== 'string' || name.includes('[')) return false
  if (place !== 'query') return (place === 'path' || place === 'header') && schema.type !== 'array'
  const { $ref, allOf, anyOf, oneOf, type } = schema
  return SCALARS.has(type) && [$ref, allOf, anyOf, oneOf].every((keyword) => keyword === undefined)
}

function isCompiled(value: unknown): value is Compiled {
  return typeof value === 'function' && 'schema' in value
}

/** A validator of its own for each value of a discriminator, which the middleware chooses among. */
function hasDiscriminator({ schema }: Compiled): boolean {
  const properties = isObject(schema) ? schema.properties : undefined
  const body = isObject(properties) ? properties.body : undefined
  return isObject(body) && body._discriminator !== undefined
}
