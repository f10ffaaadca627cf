/** Keywords that mean the same in the Schema Object of OpenAPI 3.0 (3.0.3, section 4.7.24). */
export const KEPT = new Set(
  (
    'title description default format multipleOf minLength maxLength pattern minItems maxItems uniqueItems ' +
    'minProperties maxProperties readOnly writeOnly deprecated externalDocs xml discriminator'
  ).split(' '),
)

/** Keywords with a form of their own in 3.0; what they become stands in the file that is named after their concern. */
export const REWRITTEN = new Set(
  (
    '$ref type enum const required minimum maximum exclusiveMinimum exclusiveMaximum properties additionalProperties ' +
    'patternProperties unevaluatedProperties items prefixItems unevaluatedItems contains minContains maxContains ' +
    'allOf anyOf oneOf not example examples contentEncoding contentMediaType contentSchema'
  ).split(' '),
)

/** Keywords that name places, or are for those who write schemas: nothing is lost without them. */
export const SILENT = new Set(
  '$comment $defs definitions $id $schema $anchor $dynamicAnchor $vocabulary'.split(' '),
)

/** Keywords that hold for every value alike, and change none. */
export const ANNOTATIONS = new Set(
  'title description default deprecated readOnly writeOnly externalDocs xml example examples $comment'.split(
    ' ',
  ),
)

/** Keywords of which 3.0 has no equal: values that they refuse are allowed without them. */
export const WIDENING = new Map([
  ['propertyNames', 'names of properties are not limited'],
  ['if', 'what holds under a condition is not asked for'],
  ['dependentRequired', 'properties that others ask for are optional'],
  ['dependentSchemas', 'what holds where a property is present is not asked for'],
  ['dependencies', 'what holds where a property is present is not asked for'],
  ['$dynamicRef', 'any value is allowed'],
])

/** Keywords that say something beside `if` only. */
export const CONDITIONAL = new Set(['then', 'else'])

/** Keywords by the one type whose values they look at. */
export const BY_TYPE = new Map([
  ['string', ['minLength', 'maxLength', 'pattern', 'format']],
  ['number', ['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']],
  ['array', ['items', 'minItems', 'maxItems', 'uniqueItems']],
  ['object', ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties']],
])
