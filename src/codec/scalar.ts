import { type JsonValue } from '../json/value.js'
import { quote } from '../json/write.js'
import { type ScalarMapping } from '../mapping/value-mapping.js'
import { type XmlReader } from '../xml/reader.js'
import { toldStep, toldSubject } from '../xml/told-name.js'
import { isUsualDay } from '../xsd/date-time.js'
import { compileFacets } from '../xsd/facets.js'
import { mayBePadded } from '../xsd/lexical.js'
import { type SimpleType } from '../xsd/model.js'
import { valueSpace } from '../xsd/value-space.js'
import { normalizeWhiteSpace } from '../xsd/white-space.js'
import { EncodeError, type JsonText, mismatch, type Tag, type XmlText } from './codec.js'
import { fromJsonNumber, plainDecimal, toJsonNumber } from './lexical.js'
import { compileNarrowing } from '../mapping/narrowing.js'
import { compileBinary, isBinary } from './binary.js'
import { escaped } from './escaped.js'
import { inPlace, RuleError } from './rule.js'
import { type ScalarCodec } from './scalar-codec.js'
import { encodeQName } from './qname.js'

export function compileScalar(mapping: ScalarMapping): ScalarCodec {
  if (mapping.type.builtIn === 'QName' && mapping.type.variety === 'atomic') return qnameCodec(mapping)
  const codec = textCodec(lexicalWriter(mapping), jsonWriter(mapping))
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
      const exponentAllowed = mapping.type.builtIn === 'float' || mapping.type.builtIn === 'double'
      const whole = !exponentAllowed && mapping.type.builtIn !== 'decimal'
      return (value) => {
        const digits = fromJsonNumber(value, exponentAllowed) ?? wrongType('a number')
        // 1.0 is an integer to JSON Schema (Validation, 6.1.1).
        return whole ? digits.replace(/\.0+$/, '') : digits
      }
    }
    case 'boolean': {
      const broken = compileFacets(mapping.type)
      const words = ['true', 'false'].some((word) => broken(word) === undefined)
      const write = (value: boolean): string => (words ? String(value) : value ? '1' : '0')
      return (value) => (typeof value === 'boolean' ? write(value) : wrongType('true or false'))
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
  if (lexical === '' || /\s/.test(lexical))
    throw new EncodeError('has an item that is empty or has white space, which a list cannot hold')
  return lexical
}

type JsonWriter = (text: string, plain: boolean) => string

const asText: JsonWriter = (text, plain) => (plain ? `"${text}"` : quote(text))

function jsonWriter(mapping: ScalarMapping): JsonWriter {
  const { type, form } = mapping
  const narrowed = compileNarrowing(mapping.narrowing, form)
  if (form === 'string' && isFree(mapping) && !narrowed) return asText
  const lexicalOf = lexicalReader(type)
  const read = formReader(mapping)
  const isText = form === 'string' || form === 'day'
  return (text, plain) => {
    const value = read(lexicalOf(text))
    const rule = narrowed?.(value)
    if (rule !== undefined) fail(rule)
    return isText ? asText(value, plain && !mapping.values) : value
  }
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
function formReader(mapping: ScalarMapping): (lexical: string) => string {
  switch (mapping.form) {
    case 'number':
      return (lexical) => toJsonNumber(lexical) ?? fail('is not finite, which a JSON number cannot say')
    case 'boolean':
      return (lexical) => (lexical === 'true' || lexical === '1' ? 'true' : 'false')
    case 'day':
      return (lexical) => (isUsualDay(lexical) ? lexical : lexical.replace(/(?:Z|[+-]\d\d:\d\d)$/, ''))
    case 'list': {
      const item = mapping.item ? jsonWriter(mapping.item) : asText
      return (lexical) =>
        lexical === ''
          ? '[]'
          : `[${lexical
              .split(' ')
              .map((part) => item(part, false))
              .join(',')}]`
    }
    case 'string': {
      const { values, type } = mapping
      if (!values) return type.builtIn === 'decimal' ? plainDecimal : (lexical) => lexical
      const { canonical } = valueSpace(mapping.type.builtIn)
      const jsonOf = new Map([...values].map(([json, xml]) => [canonical(xml), json]))
      return (lexical) => jsonOf.get(canonical(lexical)) ?? fail('is not in the values of the contract')
    }
  }
}

function fail(rule: string): never {
  throw new RuleError(rule)
}

/** xs:QName: Clark notation in JSON, since a prefix means nothing outside its document. */
function qnameCodec(mapping: ScalarMapping): ScalarCodec {
  const toLexical = (value: JsonValue): string => (typeof value === 'string' ? value : wrongType('a text'))
  const decodeContent = (reader: XmlReader, out: JsonText): void => {
    const text = reader.text()
    const allowed = mapping.type.facets.enumeration
    const name = reader.resolveQName(text, true)
    if (allowed && !allowed.some(({ value }) => value === text.trim())) {
      throw mismatch(
        reader,
        `${toldSubject(reader.localName)} is not in its enumeration.`,
        toldStep(reader.localName),
      )
    }
    out.value(quote(name))
  }
  return {
    ...textCodec(toLexical, asText),
    decodeContent,
    encode(value: JsonValue, out: XmlText, tag: Tag) {
      const { declaration, lexical } = encodeQName(toLexical(value))
      out.text += `${tag.open}${declaration}>${lexical}${tag.close}`
    },
    decode: decodeContent,
  }
}
