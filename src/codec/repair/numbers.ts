import type { LenientKind } from '../../base/lenient-kind.js'
import { isSpecialNumber } from '../../json/special-number.js'
import type { ScalarMapping } from '../../mapping/canonical/value-mapping.js'
import { trimXml } from '../../xml/white-space.js'

const EXPONENT = /^([+-]?)(\d{1,400})?(?:\.(\d{0,400}))?[eE]([+-]?\d{1,3})$/
const INFINITE = /^([+-]?)(?:inf|infinity|1\.#inf)$/i
const NOT_A_NUMBER = /^[+-]?(?:nan|1\.#(?:ind|qnan))$/i

/** Of more digits than this, zeros included, a number is left as it stands. */
const MAX_DIGITS = 400

/** A number in a spelling that XML Schema does not have, and that means one thing only. */
export interface Respelled {
  readonly kind: LenientKind
  readonly text: string
}

/** @returns undefined where the text is to be read as it stands */
export function respelled({ type, item }: ScalarMapping, text: string): Respelled | undefined {
  if (type.variety === 'union') return undefined
  if (type.variety === 'list') return item && respelledList(item, text)
  const lexical = trimXml(text)
  if (type.builtIn === 'float' || type.builtIn === 'double') return special(lexical)
  if (!isDecimal(type.builtIn)) return undefined
  const digits = withoutExponent(lexical, { isWhole: type.builtIn !== 'decimal' })
  return digits === undefined ? undefined : { kind: 'exponents', text: digits }
}

function respelledList(item: ScalarMapping, text: string): Respelled | undefined {
  const items = trimXml(text).split(/[ \t\r\n]+/)
  const found = items.map((each) => respelled(item, each))
  const kind = found.find((each) => each !== undefined)?.kind
  return kind && { kind, text: items.map((each, index) => found[index]?.text ?? each).join(' ') }
}

function special(lexical: string): Respelled | undefined {
  if (isSpecialNumber(lexical)) return undefined
  const infinite = INFINITE.exec(lexical)
  if (infinite) return { kind: 'specialNumbers', text: infinite[1] === '-' ? '-INF' : 'INF' }
  return NOT_A_NUMBER.test(lexical) ? { kind: 'specialNumbers', text: 'NaN' } : undefined
}

const WHOLE =
  /^(?:integer|long|int|short|byte|(?:non(?:Positive|Negative)|positive|negative)Integer|unsigned(?:Long|Int|Short|Byte))$/

function isDecimal(builtIn: string): boolean {
  return builtIn === 'decimal' || WHOLE.test(builtIn)
}

/** `1.0E+15` → `1000000000000000`, `1E-7` → `0.0000001`: the point moves, and no digit is lost. */
function withoutExponent(lexical: string, { isWhole }: { readonly isWhole: boolean }): string | undefined {
  const [match, sign = '', whole = '', fraction = '', exponent = '0'] = EXPONENT.exec(lexical) ?? []
  const digits = whole + fraction
  if (match === undefined || digits === '') return undefined
  const point = whole.length + Number(exponent)
  if (point > MAX_DIGITS || point < -MAX_DIGITS) return undefined
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const end = Math.max(point, 1)
  let start = 0
  while (start < end - 1 && padded.charCodeAt(start) === 0x30) start++
  let last = padded.length
  while (last > end && padded.charCodeAt(last - 1) === 0x30) last--
  if (isWhole && last > end) return undefined
  return `${sign === '-' ? '-' : ''}${padded.slice(start, end)}${last > end ? `.${padded.slice(end, last)}` : ''}`
}
