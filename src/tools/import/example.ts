import { type JsonObject, type JsonValue } from '../../json/value.js'
import { projectedValue } from '../../mapping/projection-sample.js'
import { sampleObject } from '../../mapping/sample.js'
import { type MemberNaming } from '../../mapping/schema-source.js'
import { type ElementMapping, type ObjectMapping } from '../../mapping/value-mapping.js'
import { type OpenApiObject } from '../../openapi/document.js'

/** Examples are there to be read: with all that is optional up to here, without up to there, or none at all. */
const maxFull = 2000
const maxBare = 4000

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
  return examples((optionals) =>
    shape(projectedValue(sampleObject(object, { optionals, complete: false }), object, naming) as JsonObject),
  )
}

/** The same for the value of one element of an object. */
export function elementExamples(
  parent: ObjectMapping,
  element: ElementMapping,
  naming: MemberNaming,
): OpenApiObject {
  const { name } = element.member
  return examples((optionals) => {
    const value = sampleObject(parent, { optionals, complete: false, wanted: name })[name]
    return value === undefined ? undefined : projectedValue(value, element.value, naming)
  })
}

function examples(sample: (optionals: 'all' | 'none') => JsonValue | undefined): OpenApiObject {
  for (const [optionals, most] of [
    ['all', maxFull],
    ['none', maxBare],
  ] as const) {
    const value = sample(optionals)
    const text = value === undefined ? '' : JSON.stringify(value)
    if (text.length > 2 && text.length <= most)
      return { examples: { sample: { value: JSON.parse(text) as unknown } } }
  }
  return {}
}
