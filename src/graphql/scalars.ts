import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { plain } from '../json/plain.js'
import { isSpecialNumber } from '../json/special-number.js'
import { ExactNumber, isJsonScalar, type JsonValue, scalarText } from '../json/value.js'

/**
 * Scalars whose values never pass a double. Numbers beyond what GraphQL's Int holds are strings in JSON, both ways: a client
 * that reads them as numbers would round them.
 */
interface TextScalar {
  readonly name: string
  readonly description: string
  readonly url: string
  /** What a text of a client must look like; its meaning is judged by the contract. */
  readonly pattern?: RegExp
  /** Whether it is a number in the JSON of the operation. */
  readonly isNumber?: boolean
}

const W3C = 'https://www.w3.org/TR/xmlschema11-2/'
const RFC_3339 = 'https://www.rfc-editor.org/rfc/rfc3339'

export const Long = textScalar({
  name: 'Long',
  description: 'A whole number of any size, as a string of digits: none is rounded.',
  url: `${W3C}#integer`,
  pattern: /^[+-]?[0-9]{1,1000}$/,
  isNumber: true,
})

export const Decimal = textScalar({
  name: 'Decimal',
  description: 'A decimal number with all its digits, as a string: `"845.00"`.',
  url: `${W3C}#decimal`,
})

/** Decimal of a contract that has numbers in JSON where it could have texts. */
export const DecimalNumber = textScalar({
  name: 'DecimalNumber',
  description: 'A decimal number with all its digits, as a string: `"0.10"`.',
  url: `${W3C}#decimal`,
  pattern: /^-?[0-9]{1,1000}(?:\.[0-9]{1,1000})?(?:[eE][+-]?[0-9]{1,4})?$/,
  isNumber: true,
})

export const DateScalar = textScalar({
  name: 'Date',
  description: 'A day: `2026-11-29`.',
  url: `${RFC_3339}#section-5.6`,
})

export const DateTime = textScalar({
  name: 'DateTime',
  description: 'A moment with its offset from UTC: `2026-11-29T08:30:00Z`.',
  url: `${RFC_3339}#section-5.6`,
})

export const Base64 = textScalar({
  name: 'Base64',
  description: 'Bytes in base64.',
  url: 'https://www.rfc-editor.org/rfc/rfc4648#section-4',
})

/** By `format` of a JSON Schema whose type is `string`. */
export const SCALAR_OF_FORMAT: ReadonlyMap<string, GraphQLScalarType> = new Map([
  ['date', DateScalar],
  ['date-time', DateTime],
  ['decimal', Decimal],
  ['byte', Base64],
])

/** A number of 64 bits; the three that JSON does not have are texts. */
export const Double = new GraphQLScalarType<number | string | ExactNumber, number | string>({
  name: 'Double',
  description: 'A number of 64 bits, or one of `"INF"`, `"-INF"` and `"NaN"`.',
  specifiedByURL: `${W3C}#double`,
  serialize: (value) => (value instanceof ExactNumber ? Number(value.source) : doubleOf(value)),
  parseValue: doubleOf,
  parseLiteral: (node) => {
    if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return new ExactNumber(node.value)
    return doubleOf(node.kind === Kind.STRING ? node.value : undefined)
  },
})

function doubleOf(value: unknown): number | string {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (isSpecialNumber(value)) return value
  throw new GraphQLError('Double is a number, or one of "INF", "-INF" and "NaN".')
}

/** Any JSON: where a schema says no more. */
export const Json = new GraphQLScalarType<JsonValue, unknown>({
  name: 'JSON',
  description: 'Any JSON value. Numbers that a double cannot hold are strings.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: plain,
  parseValue: (value) => fromClient(value),
  parseLiteral: (node, variables) => literal(node, variables),
})

function textScalar({ name, description, url, pattern, isNumber = false }: TextScalar): GraphQLScalarType {
  const fromText = (text: string): string | ExactNumber => {
    if (pattern && !pattern.test(text)) throw new GraphQLError(`${name} must match ${pattern.source}.`)
    return isNumber ? new ExactNumber(text.replace(/^\+/, '')) : text
  }
  const refuse = (): never => {
    throw new GraphQLError(`${name} is written as a string.`)
  }
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL: url,
    serialize: (value) =>
      isJsonScalar(value as JsonValue) ? scalarText(value as JsonValue & string) : refuse(),
    parseValue: (value) => {
      if (typeof value === 'string') return fromText(value)
      // The digits of others are lost already.
      return isNumber && Number.isSafeInteger(value) ? fromText(String(value)) : refuse()
    },
    parseLiteral: (node) => {
      if (node.kind === Kind.STRING || (isNumber && (node.kind === Kind.INT || node.kind === Kind.FLOAT)))
        return fromText(node.value)
      return refuse()
    },
  })
}

function fromClient(value: unknown): JsonValue {
  return value as JsonValue
}

function literal(node: ValueNode, variables: Record<string, unknown> | null | undefined): JsonValue {
  switch (node.kind) {
    case Kind.NULL:
      return null
    case Kind.BOOLEAN:
    case Kind.STRING:
    case Kind.ENUM:
      return node.value
    case Kind.INT:
    case Kind.FLOAT:
      return new ExactNumber(node.value)
    case Kind.LIST:
      return node.values.map((each) => literal(each, variables))
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literal(value, variables)]))
    case Kind.VARIABLE:
      return fromClient(variables?.[node.name.value])
  }
}
