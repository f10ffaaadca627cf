import { GraphQLEnumType } from 'graphql'
import { UniqueNames } from '../base/unique-names.js'
import type { SchemaView } from '../openapi/schema-view.js'
import { legalName } from './names.js'

/** Names that GraphQL keeps for its literals (GraphQL, October 2021, section 2.9.6). */
const LITERALS = ['true', 'false', 'null']

/** Whether a schema is an enumeration of texts. */
export function isEnumeration(view: SchemaView): boolean {
  return textsOf(view) !== undefined
}

/**
 * An enumeration of texts. A value that is no GraphQL name gets the nearest; its description then says what it is in JSON.
 */
export function enumerationOf(view: SchemaView, name: string): GraphQLEnumType {
  const values = textsOf(view) ?? []
  const names = new UniqueNames(LITERALS)
  // Values that are names keep theirs, whatever the others are mapped to.
  const kept = new Map(
    values.filter((value) => legalName(value) === value).map((value) => [value, names.take(value)]),
  )
  return new GraphQLEnumType({
    name,
    description: descriptionOf(view),
    values: Object.fromEntries(
      values.map((value) => {
        const own = kept.get(value) ?? names.take(legalName(value))
        return [own, { value, ...(own !== value && { description: `\`${value}\`` }) }]
      }),
    ),
  })
}

function textsOf({ types, keywords }: SchemaView): readonly string[] | undefined {
  const { enum: listed } = keywords
  if (!Array.isArray(listed) || (types.size > 0 && !types.has('string'))) return undefined
  const real = [...new Set(listed)].filter((value) => value !== null)
  const texts = real.filter((value) => typeof value === 'string')
  return texts.length > 0 && texts.length === real.length ? texts : undefined
}

export function descriptionOf({ keywords }: Pick<SchemaView, 'keywords'>): string | undefined {
  return typeof keywords.description === 'string' ? keywords.description : undefined
}
