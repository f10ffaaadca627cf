import { strongComponents } from '../../base/strong-components.js'
import { isObject, type OpenApiObject } from '../object.js'

const COMPONENT = '#/components/schemas/'

/**
 * Names of component schemas, each after those that it refers to: options, unions, users. Of schemas that refer to one
 * another, unions come first, those with the most options before others.
 *
 * express-openapi-validator 5.6, which clients may judge their requests with, takes the options of the first union that it
 * comes upon for those of every other union below it; in this order it comes upon each union by itself.
 */
export function inUseOrder(schemas: OpenApiObject): readonly string[] {
  const referred = (name: string): readonly string[] =>
    referredIn(schemas[name]).filter((each) => Object.hasOwn(schemas, each))
  return [...strongComponents(Object.keys(schemas), referred)].flatMap((group) =>
    group.toSorted((a, b) => optionsOf(schemas[b]) - optionsOf(schemas[a])),
  )
}

function optionsOf(schema: unknown): number {
  if (!isObject(schema) || schema.discriminator === undefined) return 0
  const options = schema.oneOf ?? schema.anyOf
  return Array.isArray(options) ? options.length : 0
}

/** Names of the component schemas that a schema refers to, in their order. */
function referredIn(schema: unknown): string[] {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) look(item)
    else if (isObject(value)) for (const name of Object.keys(value)) look(value[name])
    else if (typeof value === 'string' && value.startsWith(COMPONENT))
      found.add(value.slice(COMPONENT.length))
  }
  look(schema)
  return [...found]
}
