/**
 * Formats of our own: what xs:dateTime and xs:date allow, and RFC 3339 does not. An offset may be missing or follow a
 * date, the day may end at 24:00:00, years may have a sign and more than four digits (XML Schema Part 2, 3.2.7 and
 * 3.2.9).
 */
export const LOCAL_DATE_TIME = 'xsd-date-time'
export const LOCAL_DATE = 'xsd-date'

// Somewhat wider than the types, so that each character can be one place only: 24:00:01 and 30 February pass here.
const DAY = '-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
const TIME = '([01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?'
const ZONE = '(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?'

/** What a schema says of them, by built-in type. */
export const CALENDAR_PATTERNS: Readonly<Record<string, string>> = {
  dateTime: `^${DAY}T${TIME}${ZONE}$`,
  date: `^${DAY}${ZONE}$`,
}

/** The formats of RFC 3339, section 5.6, that a contract may promise instead, by built-in type. */
export type PromisedFormat = 'date-time' | 'date' | 'time'

export const PROMISED_FORMATS: Readonly<Record<string, PromisedFormat>> = {
  dateTime: 'date-time',
  date: 'date',
  time: 'time',
}

/**
 * Does a lexical form keep to the format of RFC 3339?
 *
 * @param lexical valid for the XSD type; of a date, without its offset
 */
export function keepsTo(format: PromisedFormat, lexical: string): boolean {
  if (format === 'date') return lexical.length === 10
  if (!hasOffset(lexical)) return false
  if (format === 'time') return !lexical.startsWith('24')
  return lexical.charAt(4) === '-' && !lexical.startsWith('-') && !lexical.startsWith('24', 11)
}

/** Whether a dateTime or time says where its clock stands. */
export function hasOffset(lexical: string): boolean {
  return lexical.endsWith('Z') || /[+-]\d\d:\d\d$/.test(lexical)
}
