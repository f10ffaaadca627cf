import { isJsonObject, type JsonValue } from '../../json/value.js'
import { occurrenceOf, partsOf } from '../canonical/content-walk.js'
import type { ObjectMapping, ValueMapping } from '../canonical/value-mapping.js'
import { MemberNames } from './members.js'
import type { MemberNaming } from './schema-source.js'

type Convert = (value: JsonValue) => JsonValue

/** A value of a canonical mapping with the member names that its projected schema has. */
export function projectedValue(value: JsonValue, mapping: ValueMapping, naming: MemberNaming): JsonValue {
  if (naming === 'camel') return value
  switch (mapping.kind) {
    case 'scalar':
    case 'xml':
    case 'document':
      return value
    case 'array':
      return each(value, (item) => projectedValue(item, mapping.item.value, naming))
    case 'object':
      return projectedObject(value, mapping, naming)
    case 'polymorphic': {
      const tag = isJsonObject(value) ? value[mapping.discriminator] : undefined
      const alternative = mapping.alternatives.find((candidate) => candidate.value === tag)
      return alternative ? projectedObject(value, alternative.mapping, naming) : value
    }
  }
}

function projectedObject(
  value: JsonValue,
  mapping: Pick<ObjectMapping, 'attributes' | 'content'>,
  naming: MemberNaming,
): JsonValue {
  if (!isJsonObject(value)) return value
  const names = new MemberNames(naming, mapping)
  const members = new Map<string, { readonly name: string; readonly convert: Convert }>()
  for (const attribute of mapping.attributes) {
    members.set(attribute.member.name, { name: names.attribute(attribute).name, convert: (item) => item })
  }
  for (const part of partsOf(mapping.content)) {
    if (part.kind === 'element') {
      const convert: Convert = (item) => projectedValue(item, part.value, naming)
      members.set(part.member.name, {
        name: names.element(part).name,
        convert: part.maxOccurs > 1 ? (items) => each(items, convert) : convert,
      })
    } else if (part.kind !== 'any') {
      const content = occurrenceOf(part)
      members.set(part.member.name, {
        name: part.member.name,
        convert: (items) => each(items, (item) => projectedObject(item, { attributes: [], content }, naming)),
      })
    }
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const member = members.get(key)
      if (item === undefined) return []
      return [[member?.name ?? key, member ? member.convert(item) : item]]
    }),
  )
}

function each(value: JsonValue, convert: Convert): JsonValue {
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(convert) : value
}
