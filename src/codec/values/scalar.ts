import { type JsonValue, withText } from '../../json/value.js'
import { quote } from '../../json/write.js'
import { fromJsonNumber, toJsonNumber } from '../../mapping/canonical/json-number.js'
import { lexicalOf as lexicalOfJson, textOf, withoutZone } from '../../mapping/canonical/json-value.js'
import { isFloating } from '../../mapping/canonical/scalar.js'
import type { Narrowing, ScalarMapping } from '../../mapping/canonical/value-mapping.js'
import { compileNarrowing } from '../../mapping/fit/narrowing.js'
import type { XmlReader } from '../../xml/reader.js'
import type { BuiltInName, SimpleType } from '../../xsd/model/model.js'
import { canonicalOf, compileFacets, itemsOf } from '../../xsd/values/facets.js'
import { mayBePadded } from '../../xsd/values/lexical.js'
import { hasNames } from '../../xsd/values/qualified-names.js'
import type { TimeZone } from '../../xsd/values/time-zone.js'
import { type UsualForm, usualFormOf, usualText } from '../../xsd/values/usual-form.js'
import { normalizeWhiteSpace } from '../../xsd/values/white-space.js'
import { EncodeError } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { PlainValue } from '../leaves/plain-value.js'
import { RecurringValues } from '../leaves/recurring-values.js'
import { compileBinary, isBinary } from './binary.js'
import { escaped } from './escaped.js'
import { compileNames } from './names.js'
import { inPlace, RuleError } from './rule.js'
import type { ScalarCodec } from './scalar-codec.js'

/** @param timeZone of the backend: what local times of its answers are taken to be in */
export function compileScalar(mapping: ScalarMapping, timeZone?: TimeZone): ScalarCodec {
  const codec = textCodec(
    lexicalWriter(mapping),
    jsonWriter(mapping, timeZone),
    plainValue(mapping, timeZone),
  )
  if (hasNames(mapping.type)) return compileNames(mapping, codec)
  return isBinary(mapping) ? compileBinary(mapping, codec) : codec
}

function textCodec(
  toLexical: (value: JsonValue) => string,
  toJson: JsonWriter,
  plain: PlainValue,
): ScalarCodec {
  const decodeContent = (reader: XmlReader, out: JsonText): void => {
    reader.readText()
    const { octets, source, textStart, textEnd, hasPlainRun } = reader
    const isPlain = hasPlainRun && plain.end(octets, textStart) === textEnd
    if (isPlain && plain.write(out, source, textStart, textEnd)) return
    try {
      const json = toJson(reader.lastText, reader.plain)
      out.value(json)
      if (hasPlainRun) plain.recurring?.keep(octets, [textStart, textEnd], json)
    } catch (error) {
      throw inPlace(reader, error)
    }
  }
  return {
    isBinary: false,
    plain,
    toLexical,
    toJson,
    encodeContent(value, out) {
      out.text += escaped(toLexical(value))
    },
    decodeContent,
    encode(value, out, tag) {
      out.text += `${tag.open}>${escaped(toLexical(value))}${tag.close}`
    },
    decode: decodeContent,
  }
}

function plainValue(mapping: ScalarMapping, timeZone: TimeZone | undefined): PlainValue {
  const { type, form, narrowing, values } = mapping
  const isText = form === 'string' || form === 'day'
  const isListed = values !== undefined || narrowing?.enum !== undefined
  const usual = isListed ? undefined : usualForm(mapping, timeZone)
  const recurs = isListed || type.facets.enumeration !== undefined || type.facets.patterns.length > 0
  const recurring = !usual && (recurs || narrowing?.pattern !== undefined) ? new RecurringValues() : undefined
  return new PlainValue(usual, isText, recurring)
}

function usualForm(mapping: ScalarMapping, timeZone: TimeZone | undefined): UsualForm | undefined {
  const { type, form, narrowing } = mapping
  const { format, minLength = 0, maxLength = Infinity, ...rest } = narrowing ?? {}
  if (form === 'list' || compileNarrowing(rest, form) !== undefined) return undefined
  if (form === 'string' && isOnlyMeasured(type)) {
    if (format) return undefined
    const { facets } = type
    return usualText({
      least: Math.max(minLength, facets.length ?? facets.minLength ?? 0),
      most: Math.min(maxLength, facets.length ?? facets.maxLength ?? Infinity),
      whiteSpace: facets.whiteSpace,
    })
  }
  if (minLength > 0 || maxLength < Infinity) return undefined
  if (format && format !== FORMATS.get(type.builtIn)) return undefined
  return usualFormOf(type, { isUtc: timeZone !== undefined || format !== undefined })
}

const TEXTS: ReadonlySet<BuiltInName> = new Set(['string', 'normalizedString', 'token', 'anySimpleType'])

/** Whether only their length tells which texts are values of the type. */
function isOnlyMeasured({ variety, builtIn, facets }: SimpleType): boolean {
  return variety === 'atomic' && TEXTS.has(builtIn) && facets.patterns.length === 0 && !facets.enumeration
}

/** What their usual forms keep to, where a time has an offset. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', 'date'],
  ['dateTime', 'date-time'],
])

function lexicalWriter(mapping: ScalarMapping): (value: JsonValue) => string {
  const broken = compileFacets(mapping.type)
  const write = formWriter(mapping)
  const { whiteSpace } = mapping.type.facets
  return (value) => {
    const lexical = write(withText(value))
    const rule = broken(normalizeWhiteSpace(whiteSpace, lexical))
    if (rule !== undefined) throw new EncodeError(rule)
    return lexical
  }
}

function formWriter(mapping: ScalarMapping): (value: JsonValue) => string {
  switch (mapping.form) {
    case 'number': {
      const { specials } = mapping
      const exponentAllowed = isFloating(mapping.type.builtIn)
      const form = { exponentAllowed }
      const whole = !exponentAllowed && mapping.type.builtIn !== 'decimal'
      return (value) => {
        if (typeof value === 'string' && specials?.includes(value)) return value
        const digits = fromJsonNumber(value, form) ?? wrongType('a number')
        // 1.0 is an integer to JSON Schema (Validation, 6.1.1).
        return whole ? digits.replace(/\.0+$/, '') : digits
      }
    }
    case 'boolean': {
      const broken = compileFacets(mapping.type)
      const [yes, no] = [
        ['true', '1'],
        ['false', '0'],
      ].map(([word = '', digit = '']) => (broken(word) === undefined ? word : digit))
      return (value) =>
        (typeof value === 'boolean' ? (value ? yes : no) : undefined) ?? wrongType('true or false')
    }
    case 'list': {
      const item = mapping.item ? lexicalWriter(mapping.item) : () => wrongType('a list')
      return (value) =>
        Array.isArray(value)
          ? value.map((entry: JsonValue) => listItem(item(entry))).join(' ')
          : wrongType('an array')
    }
    case 'string':
    case 'day': {
      const { values } = mapping
      if (!values) return (value) => (typeof value === 'string' ? value : wrongType('a text'))
      return (value) =>
        (typeof value === 'string' ? values.get(value) : undefined) ?? wrongType('one of its values')
    }
  }
}

function wrongType(expected: string): never {
  throw new EncodeError(`must be ${expected}`)
}

function listItem(lexical: string): string {
  if (lexical === '' || /[ \t\n\r]/.test(lexical))
    throw new EncodeError('has an item that is empty or has white space, which a list cannot hold')
  return lexical
}

type JsonWriter = (text: string, plain: boolean) => string

const asText: JsonWriter = (text, plain) => (plain ? `"${text}"` : quote(text))

function jsonWriter(mapping: ScalarMapping, timeZone?: TimeZone): JsonWriter {
  const { type, form, specials, narrowing } = mapping
  const narrowed = compileNarrowing(narrowing, form)
  if (form === 'string' && isFree(mapping) && !narrowed) return asText
  const lexicalOf = lexicalReader(type)
  const listed = compileListed(mapping)
  const read = formReader(mapping, timeZone)
  const isText = form === 'string' || form === 'day'
  return (text, plain) => {
    const lexical = lexicalOf(text)
    if (specials?.includes(lexical)) return special(lexical, narrowing)
    const given = listed?.(lexical)
    if (listed && given === undefined) fail(UNLISTED)
    const value = given ?? read(lexical)
    const rule = narrowed?.(value)
    if (rule !== undefined) fail(rule)
    return isText ? asText(value, plain && given === undefined && !mapping.values) : value
  }
}

const UNLISTED = 'is not in the enumeration of the contract'

function special(lexical: string, narrowing: Narrowing | undefined): string {
  if (narrowing?.enum && !narrowing.enum.includes(lexical)) fail(UNLISTED)
  return `"${lexical}"`
}

/** Equal values are given as the contract lists them, whatever form the backend has sent. */
function compileListed(mapping: ScalarMapping): ((lexical: string) => string | undefined) | undefined {
  const { narrowing, form, type, values } = mapping
  if (!narrowing?.enum || values || (form !== 'string' && form !== 'list')) return undefined
  const canonical = canonicalOf(type)
  const texts = new Map<string, string>()
  for (const value of narrowing.enum) {
    const lexical = lexicalOfJson(mapping, value)
    if (lexical === undefined) continue
    texts.set(canonical(lexical), typeof value === 'string' ? value : JSON.stringify(value))
  }
  return (lexical) => texts.get(canonical(lexical))
}

/** From a text of a document to the lexical form of a value, which is what most texts are as they stand. */
function lexicalReader(type: SimpleType): (text: string) => string {
  const broken = compileFacets(type)
  const { whiteSpace } = type.facets
  const isTight = whiteSpace === 'preserve' || (type.variety === 'atomic' && !mayBePadded(type.builtIn))
  return (text) => {
    if (isTight && broken(text) === undefined) return text
    const lexical = normalizeWhiteSpace(whiteSpace, text)
    const rule = broken(lexical)
    if (rule !== undefined) fail(rule)
    return lexical
  }
}

/** Any text at all is a value of the type. */
function isFree({ type, values }: ScalarMapping): boolean {
  const { facets } = type
  if (type.variety !== 'atomic' || values || facets.whiteSpace !== 'preserve') return false
  if (type.builtIn !== 'string' && type.builtIn !== 'anySimpleType') return false
  const { patterns, enumeration, length, minLength, maxLength } = facets
  return (
    patterns.length === 0 &&
    !enumeration &&
    length === undefined &&
    minLength === undefined &&
    maxLength === undefined
  )
}

/** From the lexical form to the JSON value's text; texts without their quotes. */
function formReader(mapping: ScalarMapping, timeZone?: TimeZone): (lexical: string) => string {
  switch (mapping.form) {
    case 'number':
      return (lexical) => toJsonNumber(lexical) ?? fail('is not finite, which a JSON number cannot say')
    case 'boolean':
      return (lexical) => (lexical === 'true' || lexical === '1' ? 'true' : 'false')
    case 'day':
      return withoutZone
    case 'list': {
      const item = mapping.item ? jsonWriter(mapping.item, timeZone) : asText
      return (lexical) =>
        `[${itemsOf(lexical)
          .map((part) => item(part, false))
          .join(',')}]`
    }
    case 'string': {
      const { values, type } = mapping
      if (!values)
        return timeZone && isLocalTime(type) ? (lexical) => timeZone.located(lexical) : textOf(type)
      const canonical = canonicalOf(type)
      const jsonOf = new Map([...values].map(([json, xml]) => [canonical(xml), json]))
      return (lexical) => jsonOf.get(canonical(lexical)) ?? fail('is not in the values of the contract')
    }
  }
}

function isLocalTime({ variety, builtIn }: SimpleType): boolean {
  return variety === 'atomic' && builtIn === 'dateTime'
}

function fail(rule: string): never {
  throw new RuleError(rule)
}
