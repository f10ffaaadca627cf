/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

const OFFSET_HOURS = 1
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The moment as an `xs:dateTime` of the backends' own zone, one hour ahead of UTC. */
export function dateTime(moment: Date): string {
  const local = new Date(moment.getTime() + OFFSET_HOURS * HOUR_MS).toISOString().slice(0, 19)
  return `${local}+0${OFFSET_HOURS}:00`
}

/** The day on which the moment falls in the backends' own zone. */
export function dayOf(moment: Date): Day {
  return dateTime(moment).slice(0, 10)
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The same day some months later; the last of the month where that month is shorter. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** Whether the text is a day that exists; an offset after it is not allowed. */
export function isDay(lexical: string): boolean {
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(lexical) ? new Date(`${lexical}T00:00:00Z`) : undefined
  return moment !== undefined && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(lexical)
}
