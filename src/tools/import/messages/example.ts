import type { JsonObject, JsonValue } from '../../../json/value.js'
import type { ElementMapping, ObjectMapping } from '../../../mapping/canonical/value-mapping.js'
import { projectedValue } from '../../../mapping/projection/sample.js'
import type { MemberNaming } from '../../../mapping/projection/schema-source.js'
import { sampleObject } from '../../../mapping/sample/sample.js'
import type { OpenApiObject } from '../../../openapi/document.js'

/** Examples are there to be read: with all that is optional up to here, without up to there, or none at all. */
const MAX_FULL = 2000
const MAX_BARE = 4000

/**
 * The `examples` of a media type for an object: a sample that is valid by the XSD, and so by the schema projected from it.
 *
 * @param shape makes the body of the object's sample
 */
export function examplesOf(
  object: ObjectMapping,
  naming: MemberNaming,
  shape: (members: JsonObject) => JsonObject = (members) => members,
): OpenApiObject {
  return examples((optionals) => {
    const value = sampleObject(object, { optionals, complete: false })
    return value && shape(projectedValue(value, object, naming) as JsonObject)
  })
}

/** The same for an object of which the body lacks members. @param without their names in the mapping */
export function examplesWithout(
  object: ObjectMapping,
  naming: MemberNaming,
  without: ReadonlySet<string>,
): OpenApiObject {
  return examples((optionals) => {
    const value = sampleObject(object, { optionals, complete: false })
    const left = value && Object.fromEntries(Object.entries(value).filter(([name]) => !without.has(name)))
    return left && projectedValue(left, object, naming)
  })
}

/** The same for the value of one element of an object. */
export function elementExamples(
  parent: ObjectMapping,
  element: ElementMapping,
  naming: MemberNaming,
): OpenApiObject {
  const { name } = element.member
  return examples((optionals) => {
    const value = sampleObject(parent, { optionals, complete: false, wanted: name })?.[name]
    return value === undefined ? undefined : projectedValue(value, element.value, naming)
  })
}

function examples(sample: (optionals: 'all' | 'none') => JsonValue | undefined): OpenApiObject {
  for (const [optionals, most] of [
    ['all', MAX_FULL],
    ['none', MAX_BARE],
  ] as const) {
    const value = sample(optionals)
    const text = value === undefined ? '' : JSON.stringify(value)
    if (text.length > 2 && text.length <= most)
      return { examples: { sample: { value: JSON.parse(text) as unknown } } }
  }
  return {}
}
