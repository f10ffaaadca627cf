import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

type Schema = Readonly<Record<string, unknown>>

const options = { strict: false, validateFormats: false, allErrors: false } as const

/** Judges values by a schema of an OpenAPI 3.1 document. */
export function judge31(document: object, pointer: string): ValidateFunction {
  const ajv = new Ajv2020(options)
  ajv.addSchema({ $id: 'https://document.test/', ...document })
  return ajv.compile({ $ref: `https://document.test/#${encodeURI(pointer)}` })
}

/**
 * Judges values by a schema of an OpenAPI 3.0 document, read as 3.0.3 says: `nullable` adds to a type that stands beside it, a
 * reference is all that there is, limits are excluded by a mark. Keywords that 3.0 does not have are an error.
 */
export function judge30(document: object, pointer: string): ValidateFunction {
  const components = (document as { components?: { schemas?: Schema } }).components ?? {}
  const schemas = Object.fromEntries(
    Object.entries(components.schemas ?? {}).map(([name, schema]) => [name, read(schema)]),
  )
  const ajv = new Ajv2020(options)
  ajv.addSchema({ $id: 'https://document.test/', ...document, components: { ...components, schemas } })
  const schema = pointer.startsWith('/components/schemas/')
    ? { $ref: `https://document.test/#${encodeURI(pointer)}` }
    : rebased(read(at(document, pointer)))
  return ajv.compile(schema as object)
}

function at(document: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document)
}

/** References of a schema that is compiled by itself lead into the document. */
function rebased(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"https://document.test/#'))
}

const SAME = (
  'title description default format multipleOf minLength maxLength pattern minItems maxItems uniqueItems minProperties ' +
  'maxProperties required readOnly writeOnly deprecated externalDocs xml discriminator example'
).split(' ')

function read(schema: unknown): unknown {
  if (typeof schema === 'boolean') throw new Error('3.0 has no boolean schemas but in additionalProperties')
  const { $ref, type, nullable, minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...rest } =
    schema as Schema
  if ($ref !== undefined) return { $ref }
  if (type !== undefined && typeof type !== 'string') throw new Error('3.0 has one type')
  if (type === 'array' && rest.items === undefined) throw new Error('3.0 wants items')
  const out: Record<string, unknown> = {}
  if (type !== undefined) out.type = nullable === true ? [type, 'null'] : type
  if (minimum !== undefined) out[exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum'] = minimum
  if (maximum !== undefined) out[exclusiveMaximum === true ? 'exclusiveMaximum' : 'maximum'] = maximum
  for (const exclusive of [exclusiveMinimum, exclusiveMaximum]) {
    if (exclusive !== undefined && typeof exclusive !== 'boolean')
      throw new Error('3.0 has marks, no numbers')
  }
  for (const [keyword, value] of Object.entries(rest)) {
    if (['allOf', 'anyOf', 'oneOf'].includes(keyword)) out[keyword] = (value as unknown[]).map(read)
    else if (keyword === 'not' || keyword === 'items') out[keyword] = read(value)
    else if (keyword === 'properties') {
      out.properties = Object.fromEntries(
        Object.entries(value as Schema).map(([name, member]) => [name, read(member)]),
      )
    } else if (keyword === 'additionalProperties') {
      out.additionalProperties = typeof value === 'boolean' ? value : read(value)
    } else if (keyword === 'enum') {
      if ((value as unknown[]).length === 0) throw new Error('3.0 wants values')
      out.enum = value
    } else if (SAME.includes(keyword)) out[keyword] = value
    else if (!keyword.startsWith('x-')) throw new Error(`3.0 has no ${keyword}`)
  }
  return out
}
