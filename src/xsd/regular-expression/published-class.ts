import {
  type CodePoints,
  complement,
  intersection,
  LAST_CODE_POINT,
  union,
} from '../../pattern/characters.js'
import { parsePattern } from '../../pattern/syntax.js'
import type { ClassExpression } from './character-class.js'

/**
 * Characters of a class between two sets: those that it certainly has, and those that it may have. Between them lie
 * the characters beyond ASCII of a category such as `\p{L}`, which only a table of Unicode could list.
 */
interface Bounds {
  readonly least: CodePoints
  readonly most: CodePoints
}

export interface PublishedClass {
  /** One character or one class, which means the same with and without the flag `u`. */
  readonly javaScript: string
  /** Whether the class as the schema has it takes characters that this one does not. */
  readonly isNarrower: boolean
}

const ASCII: CodePoints = [0, 0x7f]
const BEYOND_ASCII = complement(ASCII)
const DIGITS: CodePoints = [0x30, 0x39]
const ASTRAL: CodePoints = [0x10000, LAST_CODE_POINT]

/**
 * A class in the regular expressions that all validators read alike (JSON Schema Core 2020-12, 6.4): ranges only, and
 * none beyond U+FFFF. It takes all that the class takes, and where categories of Unicode are named more; `\d` alone is
 * taken for the ten digits of ASCII.
 *
 * @param isAscii whether texts have ASCII only, whatever the pattern says: those of dates, numbers, bytes
 */
export function publishedClass(
  expression: ClassExpression,
  { isAscii }: { readonly isAscii: boolean },
): PublishedClass {
  const evaluation = new Evaluation({ isAscii })
  const { most } = evaluation.bounds(expression)
  return { javaScript: written(most), isNarrower: evaluation.isNarrower }
}

class Evaluation {
  isNarrower = false
  readonly #isAscii: boolean

  constructor({ isAscii }: { readonly isAscii: boolean }) {
    this.#isAscii = isAscii
  }

  bounds(expression: ClassExpression): Bounds {
    switch (expression.kind) {
      case 'members':
        return this.#members(expression.inside)
      case 'union': {
        const all = expression.of.map((member) => this.bounds(member))
        return {
          least: union(all.flatMap(({ least }) => least)),
          most: union(all.flatMap(({ most }) => most)),
        }
      }
      case 'not': {
        const { least, most } = this.bounds(expression.of)
        return { least: complement(most), most: complement(least) }
      }
      case 'without': {
        const whole = this.bounds(expression.of)
        const taken = this.bounds(expression.subtracted)
        return {
          least: intersection(whole.least, complement(taken.most)),
          most: intersection(whole.most, complement(taken.least)),
        }
      }
    }
  }

  #members(inside: string): Bounds {
    if (inside === '\\p{Nd}') {
      this.isNarrower ||= !this.#isAscii
      return exactly(DIGITS)
    }
    if (inside === '\\P{Nd}') return exactly(complement(DIGITS))
    if (!/\\p\{/i.test(inside)) return exactly(listed(inside))
    const least = asciiOf(inside)
    return { least, most: this.#isAscii ? least : union([...least, ...BEYOND_ASCII]) }
  }
}

function listed(inside: string): CodePoints {
  const node = parsePattern(`[${inside}]`)
  return node.kind === 'set' ? node.set.points : []
}

function asciiOf(inside: string): CodePoints {
  const expression = new RegExp(`[${inside}]`, 'u')
  const codes = Array.from({ length: 128 }, (_, code) => code)
  return union(
    codes.filter((code) => expression.test(String.fromCharCode(code))).flatMap((code) => [code, code]),
  )
}

function exactly(points: CodePoints): Bounds {
  return { least: points, most: points }
}

/** With characters beyond U+FFFF it is what it does not take that is written: all of them are taken then. */
function written(points: CodePoints): string {
  const hasAstral = (points.at(-1) ?? 0) > 0xffff
  const listed = hasAstral ? intersection(complement(points), complement(ASTRAL)) : points
  const [only, same] = listed
  if (!hasAstral && listed.length === 2 && only !== undefined && only === same)
    return character(only, { isInClass: false })
  if (hasAstral && listed.length === 0) return '[\\s\\S]'
  let inside = ''
  for (let i = 0; i < listed.length; i += 2) {
    const [first = 0, last = 0] = [listed[i], listed[i + 1]]
    inside += character(first, { isInClass: true })
    if (last > first) inside += `${last > first + 1 ? '-' : ''}${character(last, { isInClass: true })}`
  }
  return `[${hasAstral ? '^' : ''}${inside}]`
}

const NAMED: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' }

function character(point: number, { isInClass }: { readonly isInClass: boolean }): string {
  const text = String.fromCodePoint(point)
  const special = isInClass ? /[\\\]^[-]/ : /[\\^$.*+?()[\]{}|]/
  if (special.test(text)) return `\\${text}`
  if (point >= 0x20 && point < 0x7f) return text
  return NAMED[point] ?? `\\u${point.toString(16).toUpperCase().padStart(4, '0')}`
}
