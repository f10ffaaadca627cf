import { isObject, type OpenApiObject } from '../../openapi/document.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import { NAMED_SUBSCHEMAS, SUBSCHEMA, SUBSCHEMAS } from '../../openapi/schema-places.js'
import { type JudgedOperation, judgedOperation } from './judged-operation.js'
import { ASSERTED_FORMATS, PATTERN_FORMAT } from './schema.js'
import { SharedSchemas } from './shared-schemas.js'

/** What the validator's compiler does not go deeper than for sure: it recurses. */
const DEEPEST = 50

const TYPES: ReadonlySet<unknown> = new Set([
  ...['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'],
])

/** Where there is but one value per parameter, or a list of them. */
const STYLES: ReadonlySet<unknown> = new Set(['form', 'simple'])

type Test = (value: unknown) => boolean

const isText: Test = (value) => typeof value === 'string'
const isFlag: Test = (value) => typeof value === 'boolean'
const isNumber: Test = (value) => typeof value === 'number' && Number.isFinite(value)
const isType: Test = (value) => TYPES.has(value)
const isListOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test)
const isAny: Test = () => true

/** What the values of keywords are that hold no schemas (JSON Schema 2020-12, Validation); others are for the compiler. */
const KEYWORDS: ReadonlyMap<string, Test> = new Map([
  ...[
    'maximum',
    'minimum',
    'exclusiveMaximum',
    'exclusiveMinimum',
    'multipleOf',
    'maxLength',
    'minLength',
    'maxItems',
    'minItems',
    'maxContains',
    'minContains',
    'maxProperties',
    'minProperties',
  ].map((keyword): [string, Test] => [keyword, isNumber]),
  ...['$ref', 'contentEncoding', 'contentMediaType'].map((keyword): [string, Test] => [keyword, isText]),
  ...['readOnly', 'uniqueItems', 'writeOnly'].map((keyword): [string, Test] => [keyword, isFlag]),
  ['const', isAny],
  ['dependentRequired', (value) => isObject(value) && Object.values(value).every(isListOf(isText))],
  ['enum', (value) => Array.isArray(value) && value.length > 0],
  ['format', isFormat],
  ['pattern', isPattern],
  ['required', isListOf(isText)],
  ['type', (value) => (Array.isArray(value) ? value.length > 0 && value.every(isType) : isType(value))],
])

/**
 * The operations of a document of which only the validator's compiler can tell whether it takes their schemas. Of all others
 * it is certain, by what keywords and values they have, so that they can be compiled when they are first needed.
 */
export function doubtfulOperations(
  root: OpenApiObject,
  operations: readonly OpenApiOperation[],
): readonly OpenApiOperation[] {
  const schemas = new SharedSchemas(root)
  const judged = operations.map((operation) => judgedIn(schemas, operation))
  const doubtful = doubtfulSchemas(schemas)
  const isDoubtful = (name: string): boolean => doubtful.has(name)
  return operations.filter((_, index) => {
    const own = judged[index]
    if (!own?.isPlain) return true
    return doubtful.size > 0 && own.references.some(isDoubtful)
  })
}

/** @returns undefined where the operation cannot even be taken out of its document */
function judgedIn(
  schemas: SharedSchemas,
  operation: OpenApiOperation,
): { readonly isPlain: boolean; readonly references: readonly string[] } | undefined {
  try {
    const judged = judgedOperation(operation, schemas)
    const references = [...judged.parameters.references, ...judged.bodies.references]
    return { isPlain: isPlainOperation(judged), references }
  } catch {
    // The compiler is told the same, and says why.
    return undefined
  }
}

/** The names of shared schemas of which it is not certain, and of all that reach one of them. */
function doubtfulSchemas(schemas: SharedSchemas): ReadonlySet<string> {
  const referringTo = new Map<string, string[]>()
  const doubtful = new Set<string>()
  for (const [name, shared] of schemas.givenAway()) {
    if (!shared || !isCompilable(shared.schema)) doubtful.add(name)
    for (const reference of shared?.references ?? []) {
      const referring = referringTo.get(reference)
      if (referring) referring.push(name)
      else referringTo.set(reference, [name])
    }
  }
  // A set gives what is added to it meanwhile, too.
  for (const name of doubtful) for (const referring of referringTo.get(name) ?? []) doubtful.add(referring)
  return doubtful
}

function isPlainOperation({ operation }: JudgedOperation): boolean {
  const { parameters, requestBody } = operation
  const content = isObject(requestBody) && isObject(requestBody.content) ? requestBody.content : {}
  const isParameter: Test = (value) =>
    isObject(value) && STYLES.has(value.style) && isCompilable(value.schema)
  const isMedia: Test = (value) => isObject(value) && isCompilable(value.schema)
  return isListOf(isParameter)(parameters) && Object.values(content).every(isMedia)
}

/** @param schema as it is given to the validator */
function isCompilable(schema: unknown, depth = 0): boolean {
  if (typeof schema === 'boolean') return true
  if (!isObject(schema) || depth > DEEPEST) return false
  const isSchema: Test = (value) => isCompilable(value, depth + 1)
  return Object.entries(schema).every(([keyword, value]) => {
    if (SUBSCHEMA.has(keyword)) return isSchema(value)
    if (keyword === 'prefixItems') return isClosedTuple(schema) && isListOf(isSchema)(value)
    if (SUBSCHEMAS.has(keyword)) return isListOf(isSchema)(value)
    if (!NAMED_SUBSCHEMAS.has(keyword)) return KEYWORDS.get(keyword)?.(value) ?? false
    if (!isObject(value) || Object.hasOwn(value, '__proto__')) return false
    const areNames = keyword !== 'patternProperties' || Object.keys(value).every(isPattern)
    return areNames && Object.values(value).every(isSchema)
  })
}

/** The validator refuses others, which `closeTuples` has taken apart. */
function isClosedTuple({
  prefixItems,
  minItems,
  maxItems,
  items,
}: Readonly<Record<string, unknown>>): boolean {
  const length = Array.isArray(prefixItems) ? prefixItems.length : undefined
  return length !== undefined && minItems === length && maxItems === length && items === false
}

/** Formats of the contract that are not asserted have been left out; those that stand for patterns are told with the schema. */
function isFormat(value: unknown): boolean {
  return typeof value === 'string' && (ASSERTED_FORMATS.has(value) || value.startsWith(PATTERN_FORMAT))
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    return new RegExp(value, 'u') instanceof RegExp
  } catch {
    return false
  }
}
