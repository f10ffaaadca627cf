/**
 * Makes a text that a regular expression matches (XML Schema Part 2, appendix F; ECMA-262 patterns of the same
 * shape work too). Deterministic. What it does not know it passes over, so the caller checks the result.
 *
 * @param generosity how often a part repeats beyond its minimum
 */
export function samplePattern(pattern: string, generosity: number): string {
  return new PatternSampler(pattern.replace(/^\^/, '').replace(/\$$/, ''), generosity).alternatives()
}

const escapes: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  n: '\n',
  t: '\t',
  r: '\r',
  i: 'a',
  c: 'a',
  D: 'a',
  W: '-',
  S: 'a',
  I: '-',
  C: ' ',
}
const preferred = 'A1a0BbZz9-_ .:/'

class PatternSampler {
  #at = 0
  readonly #characters: readonly string[]

  constructor(
    pattern: string,
    readonly generosity: number,
  ) {
    this.#characters = [...pattern]
  }

  /** The first alternative; the others are read and dropped. */
  alternatives(): string {
    const first = this.#branch()
    while (this.#peek() === '|') {
      this.#at++
      this.#branch()
    }
    return first
  }

  #branch(): string {
    let text = ''
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const atom = this.#atom()
      text += atom.repeat(this.#quantity())
    }
    return text
  }

  #atom(): string {
    const character = this.#next()
    switch (character) {
      case '(': {
        if (this.#peek() === '?')
          while (this.#peek() !== undefined && /[?:=!<]/.test(this.#peek() ?? '')) this.#at++
        const group = this.alternatives()
        this.#at++
        return group
      }
      case '[':
        return this.#class()
      case '.':
        return 'a'
      case '\\':
        return this.#escape()
      case '^':
      case '$':
        return ''
      default:
        return character
    }
  }

  #escape(): string {
    const letter = this.#next()
    if (letter !== 'p' && letter !== 'P') return escapes[letter] ?? letter
    const property = this.#until('}')
    if (letter === 'P') return /^\{[LN]/.test(property) ? '-' : 'a'
    if (property.startsWith('{Lu')) return 'A'
    if (property.startsWith('{N')) return '1'
    return property.startsWith('{Z') ? ' ' : property.startsWith('{P') ? '-' : 'a'
  }

  #until(end: string): string {
    let text = ''
    for (let next = this.#next(); next !== '' && next !== end; next = this.#next()) text += next
    return text
  }

  /** One character of a class; subtraction (`[a-z-[aeiou]]`) is honoured. */
  #class(): string {
    const negated = this.#peek() === '^'
    if (negated) this.#at++
    const ranges: [string, string][] = []
    const literal: string[] = []
    let without: string | undefined
    for (let next = this.#next(); next !== '' && next !== ']'; next = this.#next()) {
      if (next === '-' && this.#peek() === '[') {
        this.#at++
        without = this.#class()
        continue
      }
      const from = next === '\\' ? this.#escape() : next
      const isRange =
        this.#peek() === '-' &&
        this.#characters[this.#at + 1] !== ']' &&
        this.#characters[this.#at + 1] !== '['
      if (isRange) {
        this.#at++
        const to = this.#next()
        ranges.push([from, to === '\\' ? this.#escape() : to])
      } else literal.push(from)
    }
    const inClass = (c: string): boolean =>
      (literal.includes(c) || ranges.some(([from, to]) => c >= from && c <= to)) !== negated
    const candidates = [...preferred, ...literal, ...ranges.flatMap(([from, to]) => [from, to])]
    return candidates.find((c) => inClass(c) && c !== without) ?? literal[0] ?? ''
  }

  #quantity(): number {
    const mark = this.#peek()
    if (mark === '*' || mark === '+' || mark === '?') {
      this.#at++
      const least = mark === '+' ? 1 : 0
      return mark === '?' ? Math.min(1, this.generosity) : least + this.generosity
    }
    if (mark !== '{') return 1
    this.#at++
    const [least = '1', most = least] = this.#until('}').split(',')
    const minimum = Number(least)
    return Math.min(most === '' ? Infinity : Number(most), minimum + this.generosity)
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #next(): string {
    return this.#characters[this.#at++] ?? ''
  }
}
