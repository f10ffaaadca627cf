import { newId } from './markup.js'

/** Shorter ones are not worth a second look. */
const WORTH = 16_384
const MARKUP = ['&', '>', '"', "'", ']', '-', '?']
const TAG = 'CipherValue>'

/**
 * Long base64 of a response, taken out of its text, so that what reads the response need not go over each of its
 * characters. A name that nobody can guess stands for each.
 */
export class LongValues {
  static readonly none = new LongValues(new Map())

  private constructor(readonly values: ReadonlyMap<string, string>) {}

  /** @returns the text without them */
  static takenFrom(text: string): { readonly text: string; readonly long: LongValues } {
    const values = new Map<string, string>()
    let short = ''
    let from = 0
    for (let at = text.indexOf(TAG); at !== -1; at = text.indexOf(TAG, at)) {
      const start = at + TAG.length
      const end = text.indexOf('<', start)
      at = end === -1 ? text.length : end
      if (end - start < WORTH) continue
      const value = text.slice(start, end)
      // What is markup, or ends an attribute, must be seen where it stands.
      if (MARKUP.some((character) => value.includes(character))) continue
      const name = newId('long')
      values.set(name, value)
      short += text.slice(from, start) + name
      from = end
    }
    if (values.size === 0) return { text, long: LongValues.none }
    return { text: short + text.slice(from), long: new LongValues(values) }
  }

  original(text: string): string {
    return this.values.get(text) ?? text
  }

  /** Puts those back that still stand in a text. */
  restored(text: string): string {
    let result = text
    for (const [name, value] of this.values)
      if (result.includes(name)) result = result.replace(name, () => value)
    return result
  }
}
