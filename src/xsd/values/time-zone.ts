import { daysSince, momentOf } from './date-time.js'

const DAY = 86_400
const EPOCH = daysSince(1970, 1, 1) * DAY
const FIXED = /^(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)$/
/** Offsets change at most so often: one look-up an hour of the calendar. */
const HOUR = 3600
const MOST_KNOWN = 10_000

/** Is it a zone of the IANA database, such as `Europe/Brussels`, or an offset of xs:dateTime, such as `+01:00`? */
export function isTimeZone(name: string): boolean {
  if (FIXED.test(name)) return true
  // Engines take offsets in more forms than XML Schema has.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** A zone that local times are in. */
export class TimeZone {
  readonly #clock: Intl.DateTimeFormat | undefined
  readonly #known = new Map<number, number>()

  /** @param name one that `isTimeZone` takes */
  constructor(readonly name: string) {
    this.#clock = FIXED.test(name)
      ? undefined
      : new Intl.DateTimeFormat('en-US', {
          ...({ timeZone: name, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric' } as const),
          ...({ day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
        })
  }

  /**
   * An xs:dateTime with its offset: its own, or else that of the zone at that time. Of a time that the clock shows twice
   * the first is meant; one that it leaves out is counted on from before (as RFC 5545, 3.3.5, has it).
   *
   * @param lexical valid; one before the year 1 is left as it is
   */
  located(lexical: string): string {
    if (lexical.startsWith('-')) return lexical
    const { seconds, zoned } = momentOf('dateTime', lexical)
    if (zoned) return lexical
    return lexical + (this.#clock ? written(this.#offsetOf(seconds - EPOCH)) : this.name)
  }

  /** @param local seconds since 1970 by the clock of the zone */
  #offsetOf(local: number): number {
    const before = this.#offsetAt(local - DAY)
    const after = this.#offsetAt(local + DAY)
    if (before === after || this.#offsetAt(local - before) === before) return before
    return this.#offsetAt(local - after) === after ? after : before
  }

  /** @param instant seconds since 1970 */
  #offsetAt(instant: number): number {
    const hour = Math.floor(instant / HOUR)
    const known = this.#known.get(hour)
    if (known !== undefined) return known
    const offset = this.#read(hour * HOUR)
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(hour, offset)
    return offset
  }

  #read(instant: number): number {
    const parts = new Map(this.#clock?.formatToParts(instant * 1000).map(({ type, value }) => [type, value]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0)
    const year = parts.get('era')?.startsWith('B') ? 1 - part('year') : part('year')
    const days = daysSince(year, part('month'), part('day')) - daysSince(1970, 1, 1)
    return days * DAY + part('hour') * 3600 + part('minute') * 60 + part('second') - instant
  }
}

/** To the minute: before clocks were set by zones, offsets had seconds, which xs:dateTime has no place for. */
function written(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
