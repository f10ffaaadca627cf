/** Decimals as digits (XML Schema Part 2, 3.2.3): nothing here goes through a double. */

/** `[+-]? digits [. digits]`, a digit on at least one side of the point. */
export function isDecimal(text: string): boolean {
  let i = signLength(text)
  let digits = 0
  let point = false
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c >= 48 && c <= 57) digits++
    else if (c === 46 && !point) point = true
    else return false
  }
  return digits > 0
}

/** `[+-]? digits`. */
export function isInteger(text: string): boolean {
  const start = signLength(text)
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 48 || c > 57) return false
  }
  return text.length > start
}

function signLength(text: string): number {
  const c = text.charCodeAt(0)
  return c === 43 || c === 45 ? 1 : 0
}

/** A decimal without what does not count: leading and trailing zeros, the sign of zero. */
export interface Digits {
  readonly negative: boolean
  readonly whole: string
  readonly fraction: string
}

/** @param text a decimal in lexical form */
export function digitsOf(text: string): Digits {
  let start = signLength(text)
  const point = text.indexOf('.')
  const wholeEnd = point < 0 ? text.length : point
  while (start < wholeEnd && text.charCodeAt(start) === 48) start++
  let end = text.length
  if (point >= 0) while (end > point + 1 && text.charCodeAt(end - 1) === 48) end--
  const whole = text.slice(start, wholeEnd)
  const fraction = point < 0 ? '' : text.slice(point + 1, end)
  const negative = text.charCodeAt(0) === 45 && (whole !== '' || fraction !== '')
  return { negative, whole, fraction }
}

/** @returns below, at or above 0 as a is less than, equal to or greater than b */
export function compareDigits(a: Digits, b: Digits): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1
  const magnitude =
    a.whole.length - b.whole.length || compareText(a.whole, b.whole) || compareText(a.fraction, b.fraction)
  return a.negative ? -magnitude : magnitude
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The canonical form (Part 2, 3.2.3.2) but that integers have no point; equal decimals have the same one. */
export function canonicalDecimal(text: string): string {
  const { negative, whole, fraction } = digitsOf(text)
  return `${negative ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** Whether an integer in lexical form lies between two bounds, either of which may be absent. */
export function withinRange(text: string, least: string | undefined, greatest: string | undefined): boolean {
  const digits = digitsOf(text)
  if (least !== undefined && compareDigits(digits, bound(least)) < 0) return false
  return greatest === undefined || compareDigits(digits, bound(greatest)) <= 0
}

const bounds = new Map<string, Digits>()

/** Bounds are few and come from schemas. */
function bound(text: string): Digits {
  let digits = bounds.get(text)
  if (!digits) {
    digits = digitsOf(text)
    bounds.set(text, digits)
  }
  return digits
}
