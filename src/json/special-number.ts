/** What xs:float and xs:double have and numbers of JSON have not (XML Schema Part 2, 3.2.4 and 3.2.5): texts in JSON. */
export const SPECIAL_NUMBERS = ['INF', '-INF', 'NaN'] as const

export type SpecialNumber = (typeof SPECIAL_NUMBERS)[number]

const all: ReadonlySet<unknown> = new Set(SPECIAL_NUMBERS)

export function isSpecialNumber(value: unknown): value is SpecialNumber {
  return all.has(value)
}
