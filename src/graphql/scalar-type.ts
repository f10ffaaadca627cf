import { GraphQLBoolean, GraphQLFloat, GraphQLInt, type GraphQLScalarType, GraphQLString } from 'graphql'
import type { SchemaView } from '../openapi/schema-view.js'
import { Base64, DecimalNumber, Json, Long, SCALAR_OF_FORMAT } from './scalars.js'

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
      return keywords.format === 'double' || keywords.format === 'float' ? GraphQLFloat : DecimalNumber
    case 'string':
      return textScalar(keywords)
    case undefined:
    default:
      return Json
  }
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
