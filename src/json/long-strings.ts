const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Where a string stands in the octets of a text, its quotes left out. */
export interface StringRange {
  readonly start: number
  readonly end: number
}

/**
 * Finds the long strings without escapes of a JSON text while it arrives, as far as quotes tell them: whether the text is JSON is
 * not looked at.
 */
export class LongStrings {
  readonly found: StringRange[] = []
  readonly #least: number
  #left: number
  /** Octets of the chunks before. */
  #offset = 0
  /** Of the string that is open. */
  #start: number | undefined
  #hasEscapes = false
  #isEscaped = false

  /**
   * @param least octets of a string that is long
   * @param most strings that are looked at: of a text that has more, no others are found
   */
  constructor(least: number, most: number) {
    this.#least = least
    this.#left = most
  }

  take(chunk: Buffer): void {
    let at = 0
    // Each is looked for once for all that lies before it: a string may be nothing but escapes.
    let quote = -1
    let backslash = -1
    while (at < chunk.length && this.#left > 0) {
      if (this.#isEscaped) {
        this.#isEscaped = false
        at += 1
        continue
      }
      if (quote < at) quote = next(chunk, QUOTE, at)
      if (this.#start !== undefined) {
        if (backslash < at) backslash = next(chunk, BACKSLASH, at)
        if (backslash < quote) {
          this.#hasEscapes = true
          this.#isEscaped = true
          at = backslash + 1
          continue
        }
      }
      if (quote === chunk.length) break
      this.#pass(this.#offset + quote)
      at = quote + 1
    }
    this.#offset += chunk.length
  }

  /** A quote that begins or ends a string. */
  #pass(quote: number): void {
    if (this.#start === undefined) {
      this.#start = quote + 1
      return
    }
    if (!this.#hasEscapes && quote - this.#start >= this.#least) {
      this.found.push({ start: this.#start, end: quote })
    }
    this.#start = undefined
    this.#hasEscapes = false
    this.#left -= 1
  }
}

/** @returns the length of the chunk where there is none */
function next(chunk: Buffer, octet: number, from: number): number {
  const at = chunk.indexOf(octet, from)
  return at === -1 ? chunk.length : at
}
