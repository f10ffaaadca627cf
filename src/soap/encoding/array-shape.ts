import { isBlank, trimXml, xmlWords } from '../../xml/white-space.js'
/** What the attributes of an array say of it (SOAP 1.1, 5.4.2; SOAP 1.2 Part 2, 3.1.6). */
export interface ArrayShape {
  /** What members are that have no xsi:type, in Clark notation; absent where that is any type, or an array again. */
  readonly itemType: string | undefined
  /** Of each dimension; undefined where it is not said. Absent for one dimension of any size. */
  readonly sizes: readonly (number | undefined)[] | undefined
  /** Position of the first member that is transmitted (SOAP 1.1, 5.4.2.1). */
  readonly offset: readonly number[] | undefined
}

/** soapenc:arrayType: a type, the brackets of arrays that are members, and the sizes of this one: `xsd:int[][2,3]`. */
export function arrayType(
  value: string,
): { item: string; isNested: boolean; sizes: (number | undefined)[] } | undefined {
  const match = /^([^ \t\n\r[\]]+)[ \t\n\r]*((?:\[[\d, \t\n\r]*\][ \t\n\r]*)*)\[([\d, \t\n\r]*)\]$/.exec(
    trimXml(value),
  )
  if (!match) return undefined
  const [, item = '', inner = '', sizes = ''] = match
  const read = sizes.split(',').map((size) => (isBlank(size) ? undefined : Number(size)))
  if (read.some((size) => size !== undefined && !Number.isSafeInteger(size))) return undefined
  return { item, isNested: inner !== '', sizes: read }
}

/** enc:arraySize: sizes with spaces between them, the first perhaps an asterisk (SOAP 1.2 Part 2, 3.1.6). */
export function arraySize(value: string): (number | undefined)[] | undefined {
  const sizes = xmlWords(value)
  if (
    sizes.length === 0 ||
    !sizes.every((size, index) => (index === 0 && size === '*') || /^\d+$/.test(size))
  ) {
    return undefined
  }
  const read = sizes.map((size) => (size === '*' ? undefined : Number(size)))
  return read.some((size) => size !== undefined && !Number.isSafeInteger(size)) ? undefined : read
}

/** soapenc:position and soapenc:offset: `[2,3]` (SOAP 1.1, 5.4.2.1 and 5.4.2.2). */
export function position(value: string): number[] | undefined {
  const match = /^\[[ \t\n\r]*(\d+(?:[ \t\n\r]*,[ \t\n\r]*\d+)*)[ \t\n\r]*\]$/.exec(trimXml(value))
  const read = match?.[1]?.split(',').map(Number)
  return read?.every(Number.isSafeInteger) === true ? read : undefined
}

/**
 * The place of each member, counted through in row-major order: the last dimension runs fastest (SOAP 1.1, 5.4.2).
 *
 * @param positions of each member that is transmitted, undefined where it has none
 * @returns the places, or in words what is wrong
 */
export function placesOf(
  sizes: readonly number[],
  offset: readonly number[] | undefined,
  positions: readonly (readonly number[] | undefined)[],
): number[] | string {
  const places: number[] = []
  const taken = new Set<number>()
  let next = offset ? linear(sizes, offset) : 0
  for (const own of positions) {
    const place = own ? linear(sizes, own) : next
    if (place === undefined) return 'has a member whose position lies outside of it'
    if (taken.has(place)) return 'has two members at one position'
    taken.add(place)
    places.push(place)
    next = place + 1
  }
  return places
}

function linear(sizes: readonly number[], at: readonly number[]): number | undefined {
  if (at.length !== sizes.length) return undefined
  let place = 0
  for (const [dimension, index] of at.entries()) {
    const size = sizes[dimension] ?? 0
    if (index >= size) return undefined
    place = place * size + index
  }
  return place
}
