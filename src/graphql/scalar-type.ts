import { GraphQLBoolean, GraphQLFloat, GraphQLInt, type GraphQLScalarType, GraphQLString } from 'graphql'
import { isSpecialNumber } from '../json/special-number.js'
import type { OpenApiDocument } from '../openapi/document.js'
import { type SchemaView, viewSchema } from '../openapi/schema-view.js'
import { Base64, DecimalNumber, Double, Json, Long, SCALAR_OF_FORMAT } from './scalars.js'

const LARGEST_INT = 2_147_483_647

/** The scalar that holds every value of a schema that is no object and no array, exactly. */
export function scalarOf({ types, keywords }: SchemaView): GraphQLScalarType {
  const [type, ...others] = types
  if (others.length > 0) return Json
  switch (type) {
    case 'boolean':
      return GraphQLBoolean
    case 'integer':
      return fitsInt(keywords) ? GraphQLInt : Long
    case 'number':
      return isFloating(keywords) ? GraphQLFloat : DecimalNumber
    case 'string':
      return textScalar(keywords)
    case undefined:
    default:
      return Json
  }
}

/**
 * The scalar of a schema with alternatives but without a discriminator: Double for a floating-point number or one of those
 * that JSON lacks, which is how floats of XML Schema are published.
 */
export function scalarOfAlternatives(
  document: OpenApiDocument,
  { alternatives }: SchemaView,
): GraphQLScalarType {
  const kinds = new Set(alternatives.map((each) => partOfDouble(viewSchema(document, each))))
  return kinds.has('number') && !kinds.has(undefined) ? Double : Json
}

function partOfDouble({ types, keywords, alternatives }: SchemaView): 'number' | 'special' | undefined {
  const [type, ...others] = types
  if (others.length > 0 || alternatives.length > 0) return undefined
  if (type === 'number') return isFloating(keywords) ? 'number' : undefined
  const { enum: values } = keywords
  const isSpecial = Array.isArray(values) && values.every(isSpecialNumber)
  return type === 'string' && isSpecial ? 'special' : undefined
}

function isFloating({ format }: SchemaView['keywords']): boolean {
  return format === 'double' || format === 'float'
}

function fitsInt({
  format,
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: SchemaView['keywords']): boolean {
  if (format === 'int32') return true
  const least = minimum ?? exclusiveMinimum
  const most = maximum ?? exclusiveMaximum
  return (
    typeof least === 'number' && typeof most === 'number' && least >= -LARGEST_INT - 1 && most <= LARGEST_INT
  )
}

function textScalar({ format, contentEncoding }: SchemaView['keywords']): GraphQLScalarType {
  if (contentEncoding === 'base64') return Base64
  return (typeof format === 'string' ? SCALAR_OF_FORMAT.get(format) : undefined) ?? GraphQLString
}
