import { isObject, type OpenApiObject } from '../object.js'
import { eachSchema } from '../schema-places.js'

const COMPONENT = '#/components/schemas/'

/**
 * Schemas of members of the options of unions that have a default, which is to be said in words and not by the keyword.
 *
 * Ajv with `useDefaults`, as express-openapi-validator 5.6 has it, gives a value the defaults of an option that it tries
 * in vain, where the union contains itself; the right option, which allows no other members, refuses the value then.
 */
export function optionDefaults(root: OpenApiObject): ReadonlySet<unknown> {
  const { components } = root
  const schemas = isObject(components) && isObject(components.schemas) ? components.schemas : {}
  const seen = new Set<unknown>()
  const found = new Set<unknown>()
  const look = (option: unknown): void => {
    if (!isObject(option) || seen.has(option)) return
    seen.add(option)
    const { $ref, allOf, properties } = option
    if (typeof $ref === 'string' && $ref.startsWith(COMPONENT)) look(schemas[$ref.slice(COMPONENT.length)])
    if (Array.isArray(allOf)) allOf.forEach(look)
    for (const member of Object.values(isObject(properties) ? properties : {}))
      if (isObject(member) && member.default !== undefined) found.add(member)
  }
  eachSchema(root, ({ oneOf, anyOf }) => {
    for (const options of [oneOf, anyOf]) {
      if (Array.isArray(options) && options.length > 1) options.forEach(look)
    }
  })
  return found
}

/** A schema that says its default in words. */
export function withDefaultInWords({ default: preset, ...schema }: OpenApiObject): OpenApiObject {
  const words = `Left out, it is ${JSON.stringify(preset)}.`
  const { description } = schema
  const isDescribed = typeof description === 'string' && description !== ''
  return { ...schema, description: isDescribed ? `${description}\n\n${words}` : words }
}
