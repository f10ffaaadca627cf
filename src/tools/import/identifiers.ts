import { plainWords } from './names.js'
import { singularOf } from './nouns.js'
import { type ScalarInput } from './inputs.js'

const suffixes = new Set(
  'id ids ident identifier number no nr num code key ref reference uuid guid oid uid nummer numero kode codigo'.split(
    ' ',
  ),
)
const complete = new Set('iban isin bic ssn vin ean isbn upc sku email username uri url'.split(' '))
const unfit = new Set(
  'boolean float double dateTime time duration base64Binary hexBinary anyURI QName NOTATION decimal'.split(
    ' ',
  ),
)

/**
 * What an input identifies: `accountNumber` an account, so `[account]`; `id` says nothing of it, so `[]`.
 *
 * @returns undefined where it is no identifier
 */
export function identified(input: ScalarInput): readonly string[] | undefined {
  if (!fitsPath(input)) return undefined
  const words = plainWords(input.xmlName)
  const last = words.at(-1) ?? ''
  if (complete.has(last)) return words.slice(0, -1)
  return suffixes.has(last) ? words.slice(0, -1) : undefined
}

/** Can it be one step of a path? */
export function fitsPath({ repeated, scalar }: ScalarInput): boolean {
  return (
    !repeated && (scalar.form === 'string' || scalar.form === 'number') && !unfit.has(scalar.type.builtIn)
  )
}

const vague = new Set(
  'request req input in parameters params param message body payload query filter text'.split(' '),
)

/** Says its name that it holds the question, rather than what is asked for? */
export function isVague({ xmlName }: ScalarInput): boolean {
  return vague.has(plainWords(xmlName).join(' '))
}

/** A name that a tool made up for a parameter of a method: `arg0`. */
export function isNumbered(name: string): boolean {
  return /^(?:arg|in|param|parameter|p)\d+$/i.test(name)
}

const secrets =
  /^(?:password|passwort|passwd|pwd|secret|token|pin|cvv|cvc|credential|credentials|otp|tan|passphrase)$/

/** Queries end up in logs, histories and referrers: secrets stay out of them. */
export function isSecret({ xmlName }: ScalarInput): boolean {
  return plainWords(xmlName).some((word) => secrets.test(word))
}

/** Where an identifier stands towards a noun. */
export type Placement =
  /** It identifies the noun, or what the noun begins with: `rest` is what is left. */
  | { readonly kind: 'own'; readonly collection: readonly string[]; readonly rest: readonly string[] }
  /** It identifies something else, that the noun belongs to. */
  | { readonly kind: 'parent'; readonly collection: readonly string[] }

export function placementOf(stem: readonly string[], noun: readonly string[]): Placement {
  if (stem.length === 0 || endsWith(noun, stem)) return { kind: 'own', collection: noun, rest: [] }
  if (startsWith(noun, stem))
    return { kind: 'own', collection: noun.slice(0, stem.length), rest: noun.slice(stem.length) }
  if (endsWith(stem, noun)) return { kind: 'own', collection: noun, rest: [] }
  return { kind: 'parent', collection: stem }
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.length <= words.length && start.every((word, index) => same(word, words[index] ?? ''))
}

function endsWith(words: readonly string[], end: readonly string[]): boolean {
  const from = words.length - end.length
  return from >= 0 && end.every((word, index) => same(word, words[from + index] ?? ''))
}

function same(a: string, b: string): boolean {
  return singularOf(a) === singularOf(b)
}
