import { parsePattern } from '../../pattern/syntax.js'
import { isObject, type OpenApiObject } from '../object.js'
import { join } from '../pointer.js'
import { eachSchema, NAMED_SUBSCHEMAS, type SchemaVisitor, SUBSCHEMA, SUBSCHEMAS } from '../schema-places.js'

/** A keyword that does not say what its author thought. */
export interface KeywordFinding {
  readonly severity: 'error' | 'warning'
  readonly code: 'schema-keyword' | 'pattern-anchor'
  readonly pointer: string
  readonly message: string
}

/** What is wrong with a keyword; undefined where it says what it seems to. */
type Rule = (
  value: unknown,
  schema: OpenApiObject,
) => Omit<KeywordFinding, 'pointer' | 'code'> | string | undefined

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isSchema = (value: unknown): boolean => isObject(value) || typeof value === 'boolean'
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const mustBe =
  (is: (value: unknown) => boolean, what: string): Rule =>
  (value) =>
    is(value) ? undefined : `must be ${what}`

const warning = (message: string): Rule => {
  return () => ({ severity: 'warning', message })
}

const rules = new Map<string, Rule>()
const ruleOf = (keywords: string | Iterable<string>, rule: Rule): void => {
  for (const keyword of typeof keywords === 'string' ? keywords.split(' ') : keywords)
    rules.set(keyword, rule)
}
const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])
const isType = (value: unknown): boolean => typeof value === 'string' && TYPES.has(value)

// JSON Schema 2020-12, Core 10 and Validation 6 to 9.
ruleOf(SUBSCHEMA, mustBe(isSchema, 'a schema'))
ruleOf(
  SUBSCHEMAS,
  mustBe((value) => Array.isArray(value) && value.length > 0 && value.every(isSchema), 'a list of schemas'),
)
ruleOf(
  NAMED_SUBSCHEMAS,
  mustBe((value) => isObject(value) && Object.values(value).every(isSchema), 'an object of schemas'),
)
ruleOf(
  'maximum minimum',
  mustBe((value) => typeof value === 'number', 'a number'),
)
ruleOf(
  'multipleOf',
  mustBe((value) => typeof value === 'number' && value > 0, 'a number above 0'),
)
ruleOf('exclusiveMaximum exclusiveMinimum', (value) => {
  if (typeof value === 'number') return undefined
  return typeof value === 'boolean'
    ? 'is a number since OpenAPI 3.1: the limit itself, in the place of maximum or minimum'
    : 'must be a number'
})
ruleOf(
  'maxLength minLength maxItems minItems maxContains minContains maxProperties minProperties',
  mustBe(isCount, 'an integer from 0'),
)
ruleOf(
  'uniqueItems deprecated readOnly writeOnly',
  mustBe((value) => typeof value === 'boolean', 'true or false'),
)
ruleOf(
  'pattern format title description contentEncoding contentMediaType $comment $ref $id $anchor $dynamicAnchor $dynamicRef',
  mustBe((value) => typeof value === 'string', 'a text'),
)
ruleOf('required', mustBe(isTexts, 'a list of names'))
ruleOf('enum examples', mustBe(Array.isArray, 'a list'))
ruleOf(
  'type',
  mustBe(
    (value) => isType(value) || (Array.isArray(value) && value.length > 0 && value.every(isType)),
    `one of ${[...TYPES].join(', ')}, or a list of them`,
  ),
)
ruleOf(
  'dependentRequired',
  mustBe((value) => isObject(value) && Object.values(value).every(isTexts), 'an object of lists of names'),
)

// What other versions mean, and nobody would judge.
ruleOf('items', (value) => {
  if (isSchema(value)) return undefined
  return Array.isArray(value)
    ? 'is one schema since JSON Schema 2020-12: write prefixItems for schemas by position'
    : 'must be a schema'
})
ruleOf('nullable', (value) =>
  value === true
    ? { severity: 'warning', message: 'means nothing since OpenAPI 3.1: write type: [string, "null"], say' }
    : undefined,
)
ruleOf(
  '$recursiveRef $recursiveAnchor',
  () => 'is of JSON Schema 2019-09: write $dynamicRef and $dynamicAnchor, or $ref',
)
ruleOf(
  'additionalItems',
  warning('means nothing since JSON Schema 2020-12: items says it beside prefixItems'),
)
ruleOf('dependencies', () => 'is of JSON Schema draft 7: write dependentRequired or dependentSchemas')
ruleOf('$schema', (value) =>
  isDialect(value) ? undefined : `must be ${DIALECTS.join(' or ')}: no other is read`,
)
ruleOf('prefixItems', (value, schema) => {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isSchema))
    return 'must be a list of schemas'
  const { items, maxItems = Infinity } = schema
  return items === false || (typeof maxItems === 'number' && maxItems <= value.length)
    ? undefined
    : 'is judged only where nothing follows it: say items: false, or no more than so many maxItems'
})

const DIALECTS = [
  'https://json-schema.org/draft/2020-12/schema',
  'https://spec.openapis.org/oas/3.1/dialect/base',
] as const

function isDialect(value: unknown): boolean {
  return (
    DIALECTS.some((dialect) => dialect === value) ||
    String(value).startsWith('https://spec.openapis.org/oas/3.1/dialect/')
  )
}

/** Judges the keywords of all schemas of a document, where they are mapped and where they are not. */
export function keywordFindings(root: OpenApiObject): readonly KeywordFinding[] {
  const found = [...dialectFindings(root)]
  eachSchema(root, keywordVisitor(found))
  return found
}

/** Judges in which language a document says that its schemas are written. */
export function dialectFindings({ jsonSchemaDialect: dialect }: OpenApiObject): readonly KeywordFinding[] {
  if (dialect === undefined || isDialect(dialect)) return []
  const message = `jsonSchemaDialect must be ${DIALECTS.join(' or ')}: no other is read.`
  return [{ severity: 'error', code: 'schema-keyword', pointer: '/jsonSchemaDialect', message }]
}

/** Judges the keywords of each schema that it visits. @param found takes what is wrong */
export function keywordVisitor(found: KeywordFinding[]): SchemaVisitor {
  return (schema, pointerOf) => {
    for (const keyword of Object.keys(schema)) {
      const value = schema[keyword]
      const wrong = rules.get(keyword)?.(value, schema)
      if (wrong !== undefined) {
        const { severity, message } =
          typeof wrong === 'string' ? { severity: 'error' as const, message: wrong } : wrong
        found.push({
          severity,
          code: 'schema-keyword',
          pointer: join(pointerOf(), keyword),
          message: `The keyword ${keyword} ${message}.`,
        })
      }
      const anchor = keyword === 'pattern' && typeof value === 'string' ? halfAnchored(value) : undefined
      if (anchor !== undefined)
        found.push({
          severity: 'warning',
          code: 'pattern-anchor',
          pointer: join(pointerOf(), keyword),
          message: anchor,
        })
    }
  }
}

/** `^a|b$` is `^a` or `b$`: alternatives bind looser than what stands beside them. */
function halfAnchored(pattern: string): string | undefined {
  let node: ReturnType<typeof parsePattern>
  try {
    node = parsePattern(new RegExp(pattern, 'u').source)
  } catch {
    return undefined
  }
  if (node.kind !== 'choice') return undefined
  const ends = node.options.map((option) => {
    const parts = option.kind === 'sequence' ? option.parts : [option]
    return { starts: isPlace(parts[0], 'start'), ends: isPlace(parts.at(-1), 'end') }
  })
  const first = ends[0]
  const last = ends.at(-1)
  const isWhole = ends.every(({ starts, ends: stops }) => starts && stops)
  if (
    isWhole ||
    !first?.starts ||
    !last?.ends ||
    ends.every(({ starts }) => starts) ||
    ends.every(({ ends: e }) => e)
  )
    return undefined
  return `The pattern ${pattern} asks for ^ of its first alternative alone and for $ of its last: other texts match that only contain one. Write ^(?:…|…)$ for whole texts.`
}

function isPlace(node: ReturnType<typeof parsePattern> | undefined, place: string): boolean {
  return node?.kind === 'place' && node.place === place && !node.negative
}
