import type { BuiltInName } from '../model/model.js'
import { isDate, isDateTime, isGregorian, isTime } from './date-time.js'
import { isDecimal, isInteger, withinRange } from './decimal.js'

type Check = (collapsed: string) => boolean

/**
 * Whether a text is in the lexical space of a built-in type (XML Schema Part 2, section 3).
 *
 * @param collapsed the text after its type's white space is dealt with
 */
export function isLexical(builtIn: BuiltInName, collapsed: string): boolean {
  return checks[builtIn](collapsed)
}

/** The same check without the look-up, for those who ask often. */
export function lexicalCheck(builtIn: BuiltInName): Check {
  return checks[builtIn]
}

const LOOSE: ReadonlySet<BuiltInName> = new Set([
  'anySimpleType',
  'string',
  'normalizedString',
  'anyURI',
  'base64Binary',
])

/** Whether its check takes texts with white space that collapsing would take away. */
export function mayBePadded(builtIn: BuiltInName): boolean {
  return LOOSE.has(builtIn)
}

const matches =
  (expression: RegExp): Check =>
  (text) =>
    expression.test(text)

/** Characters that no XML 1.0 document can hold, and halves of surrogate pairs. */
const unwritable =
  /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** What has none of these needs no closer look. */
const suspicious = /[\0-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/

const isText: Check = (text) => !suspicious.test(text) || !unwritable.test(text)
const isToken: Check = (text) => isText(text) && !/[\t\n\r]|^ | $| {2}/.test(text)
const isBoolean: Check = (text) => text === 'true' || text === 'false' || text === '1' || text === '0'
const isFloat = matches(/^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)$/)
const isHex = matches(/^(?:[0-9a-fA-F]{2})*$/)

const duration = /^-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/

const START = 'A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}' // prettier-ignore
const PART = `${START}\\-.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040`
const isNCName = matches(new RegExp(`^[${START}][${PART}]*$`, 'u'))
const isName = matches(new RegExp(`^[:${START}][:${PART}]*$`, 'u'))
const isNmtoken = matches(new RegExp(`^[:${PART}]+$`, 'u'))
const isQName = matches(new RegExp(`^(?:[${START}][${PART}]*:)?[${START}][${PART}]*$`, 'u'))

const inBraces = /^\{[^{}]*\}/

/** A name in Clark notation: `{namespace}local`, or `local` without one. */
export function isExpandedName(text: string): boolean {
  return isNCName(text.startsWith('{') ? text.replace(inBraces, '') : text)
}

const listOf =
  (item: Check): Check =>
  (text) =>
    text !== '' && text.split(' ').every(item)

const integerUpTo =
  (least: string | undefined, greatest: string | undefined): Check =>
  (text) =>
    isInteger(text) && withinRange(text, least, greatest)

/** Base64 in groups of four, the last one padded (Part 2, 3.2.16); single spaces may stand anywhere. */
const isBase64: Check = (text) => {
  const compact = text.includes(' ') ? text.replaceAll(' ', '') : text
  if (compact.length % 4 !== 0) return false
  let end = compact.length
  if (compact.endsWith('==')) {
    end -= 2
    if (!/[AQgw]/.test(compact.charAt(end - 1))) return false
  } else if (compact.endsWith('=')) {
    end -= 1
    if (!/[AEIMQUYcgkosw048]/.test(compact.charAt(end - 1))) return false
  }
  for (let i = 0; i < end; i++) if (base64[compact.charCodeAt(i)] !== 1) return false
  return true
}

const base64 = new Uint8Array(128)
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  base64[c.charCodeAt(0)] = 1

const checks: Readonly<Record<BuiltInName, Check>> = {
  anySimpleType: isText,
  string: isText,
  boolean: isBoolean,
  decimal: isDecimal,
  float: isFloat,
  double: isFloat,
  duration: (text) => duration.test(text),
  dateTime: isDateTime,
  time: isTime,
  date: isDate,
  gYearMonth: isGregorian('gYearMonth'),
  gYear: isGregorian('gYear'),
  gMonthDay: isGregorian('gMonthDay'),
  gDay: isGregorian('gDay'),
  gMonth: isGregorian('gMonth'),
  hexBinary: isHex,
  base64Binary: isBase64,
  anyURI: isText,
  QName: isQName,
  NOTATION: isQName,
  normalizedString: (text) => isText(text) && !/[\t\n\r]/.test(text),
  token: isToken,
  language: matches(/^[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*$/),
  NMTOKEN: isNmtoken,
  NMTOKENS: listOf(isNmtoken),
  Name: isName,
  NCName: isNCName,
  ID: isNCName,
  IDREF: isNCName,
  IDREFS: listOf(isNCName),
  ENTITY: isNCName,
  ENTITIES: listOf(isNCName),
  integer: isInteger,
  nonPositiveInteger: integerUpTo(undefined, '0'),
  negativeInteger: integerUpTo(undefined, '-1'),
  long: integerUpTo('-9223372036854775808', '9223372036854775807'),
  int: integerUpTo('-2147483648', '2147483647'),
  short: integerUpTo('-32768', '32767'),
  byte: integerUpTo('-128', '127'),
  nonNegativeInteger: integerUpTo('0', undefined),
  unsignedLong: integerUpTo('0', '18446744073709551615'),
  unsignedInt: integerUpTo('0', '4294967295'),
  unsignedShort: integerUpTo('0', '65535'),
  unsignedByte: integerUpTo('0', '255'),
  positiveInteger: integerUpTo('1', undefined),
}
