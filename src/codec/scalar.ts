import type { JsonValue } from '../json/value.js'
import { quote } from '../json/write.js'
import { fromJsonNumber, toJsonNumber } from '../mapping/canonical/json-number.js'
import { lexicalOf as lexicalOfJson, textOf, withoutZone } from '../mapping/canonical/json-value.js'
import { isFloating } from '../mapping/canonical/scalar.js'
import type { Narrowing, ScalarMapping } from '../mapping/canonical/value-mapping.js'
import { compileNarrowing } from '../mapping/fit/narrowing.js'
import type { XmlReader } from '../xml/reader.js'
import { isUsualDay } from '../xsd/date-time.js'
import { canonicalOf, compileFacets, itemsOf } from '../xsd/facets.js'
import { mayBePadded } from '../xsd/lexical.js'
import type { SimpleType } from '../xsd/model.js'
import { hasNames } from '../xsd/qualified-names.js'
import type { TimeZone } from '../xsd/time-zone.js'
import { normalizeWhiteSpace } from '../xsd/white-space.js'
import { compileBinary, isBinary } from './binary.js'
import { EncodeError, type JsonText } from './codec.js'
import { escaped } from './escaped.js'
import { compileNames } from './names.js'
import { inPlace, RuleError } from './rule.js'
import type { ScalarCodec } from './scalar-codec.js'

/** @param timeZone of the backend: what local times of its answers are taken to be in */
export function compileScalar(mapping: ScalarMapping, timeZone?: TimeZone): ScalarCodec {
  const codec = textCodec(lexicalWriter(mapping), jsonWriter(mapping, timeZone))
  if (hasNames(mapping.type)) return compileNames(mapping, codec)
  return isBinary(mapping) ? compileBinary(mapping, codec) : codec
}

function textCodec(toLexical: (value: JsonValue) => string, toJson: JsonWriter): ScalarCodec {
  const decodeContent = (reader: XmlReader, out: JsonText): void => {
    const text = reader.text()
    try {
      out.value(toJson(text, reader.plain))
    } catch (error) {
      throw inPlace(reader, error)
    }
  }
  return {
    isBinary: false,
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

function lexicalWriter(mapping: ScalarMapping): (value: JsonValue) => string {
  const broken = compileFacets(mapping.type)
  const write = formWriter(mapping)
  const { whiteSpace } = mapping.type.facets
  return (value) => {
    const lexical = write(value)
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
      return (lexical) => (isUsualDay(lexical) ? lexical : withoutZone(lexical))
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
