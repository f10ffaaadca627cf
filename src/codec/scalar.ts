import type { JsonValue } from '../json/value.js'
import { quote } from '../json/write.js'
import { fromJsonNumber, toJsonNumber } from '../mapping/canonical/json-number.js'
import { lexicalOf as lexicalOfJson, textOf, withoutZone } from '../mapping/canonical/json-value.js'
import { isFloating } from '../mapping/canonical/scalar.js'
import type { Narrowing, ScalarMapping } from '../mapping/canonical/value-mapping.js'
import { compileNarrowing } from '../mapping/fit/narrowing.js'
import type { XmlReader } from '../xml/reader.js'
import { canonicalOf, compileFacets, itemsOf } from '../xsd/facets.js'
import { mayBePadded } from '../xsd/lexical.js'
import type { SimpleType } from '../xsd/model.js'
import { hasNames } from '../xsd/qualified-names.js'
import type { TimeZone } from '../xsd/time-zone.js'
import { compileUsualForm, type UsualForm } from '../xsd/usual-form.js'
import { normalizeWhiteSpace } from '../xsd/white-space.js'
import { compileBinary, isBinary } from './binary.js'
import { EncodeError } from './codec.js'
import { escaped } from './escaped.js'
import type { JsonText } from './json-text.js'
import { compileNames } from './names.js'
import { RecurringValues } from './recurring-values.js'
import { inPlace, RuleError } from './rule.js'
import type { ScalarCodec } from './scalar-codec.js'

/** @param timeZone of the backend: what local times of its answers are taken to be in */
export function compileScalar(mapping: ScalarMapping, timeZone?: TimeZone): ScalarCodec {
  const codec = textCodec(lexicalWriter(mapping), jsonWriter(mapping, timeZone), shortCuts(mapping, timeZone))
  if (hasNames(mapping.type)) return compileNames(mapping, codec)
  return isBinary(mapping) ? compileBinary(mapping, codec) : codec
}

/** How values get from the document to JSON without becoming strings on the way. */
interface ShortCuts {
  /** Sees of a text that it is valid and stands in the document as it does in JSON. */
  readonly isUsual: UsualForm | undefined
  /** Whether it has quotes in JSON. */
  readonly isText: boolean
  readonly recurring: RecurringValues | undefined
}

function textCodec(
  toLexical: (value: JsonValue) => string,
  toJson: JsonWriter,
  { isUsual, isText, recurring }: ShortCuts,
): ScalarCodec {
  const decodeContent = (reader: XmlReader, out: JsonText): void => {
    reader.readText()
    const { octets, textStart, textEnd, hasPlainRun } = reader
    if (hasPlainRun) {
      if (isUsual?.(octets, textStart, textEnd)) {
        if (isText) out.quoted(octets, textStart, textEnd)
        else out.copied(octets, textStart, textEnd)
        return
      }
      const known = recurring?.find(octets, textStart, textEnd)
      if (known) {
        out.copied(known, 0, known.length)
        return
      }
    }
    try {
      const json = toJson(reader.lastText, reader.plain)
      out.value(json)
      if (hasPlainRun) recurring?.keep(octets, [textStart, textEnd], json)
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

function shortCuts(mapping: ScalarMapping, timeZone: TimeZone | undefined): ShortCuts {
  const { type, form, narrowing, values } = mapping
  const isText = form === 'string' || form === 'day'
  const isListed = values !== undefined || narrowing?.enum !== undefined
  const recurs = isListed || type.facets.enumeration !== undefined || type.facets.patterns.length > 0
  return {
    isUsual: isListed ? undefined : usualForm(mapping, timeZone),
    isText,
    recurring: recurs || narrowing?.pattern !== undefined ? new RecurringValues() : undefined,
  }
}

function usualForm(mapping: ScalarMapping, timeZone: TimeZone | undefined): UsualForm | undefined {
  const { type, form, narrowing } = mapping
  const isNarrowed = compileNarrowing(narrowing && { ...narrowing, format: undefined }, form) !== undefined
  if (isNarrowed || form === 'list') return undefined
  if (form === 'string' && isFree(mapping)) return narrowing?.format ? undefined : isAny
  const usual = compileUsualForm(type)
  if (narrowing?.format && narrowing.format !== FORMATS.get(type.builtIn)) return undefined
  if (!usual || !isLocalTime(type) || (!timeZone && !narrowing?.format)) return usual
  return (octets, start, end) => octets[end - 1] === ZULU && usual(octets, start, end)
}

const ZULU = 0x5a

/** What their usual forms keep to, where a time has an offset. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', 'date'],
  ['dateTime', 'date-time'],
])

function isAny(): boolean {
  return true
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
