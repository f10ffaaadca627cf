import { inFullBeforeId } from '../words/abbreviations.js'
import { withoutBinding } from '../words/compounds.js'
import { plainWords } from '../words/names.js'
import { isAlike, singularOf } from '../words/nouns.js'
import type { ScalarInput } from './inputs.js'
import { isSecret } from './secrets.js'

const suffixes = new Set(
  'id ids ident identifier number no nr num code key ref reference uuid guid oid uid nummer numero kode codigo kennung kennzeichen cislo kodu numarasi'.split(
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
 * @returns undefined where it is not an identifier
 */
export function identified(input: ScalarInput): readonly string[] | undefined {
  if (!fitsPath(input)) return undefined
  const words = withoutCompound(plainWords(input.xmlName))
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  if (complete.has(last)) return before
  const [first = '', ...after] = words
  // `idPersona`, `codCliente`: in other languages the kind of identifier comes first.
  if (leading.has(first) && after.length > 0 && !suffixes.has(last) && !notNamed.has(last)) return after
  if (!suffixes.has(last)) return undefined
  const stem = before.filter((word) => word !== 'iso').map((word) => inFullBeforeId(withoutBinding(word)))
  return stem.length === 1 && attributes.has(stem[0] ?? '') ? [] : stem
}

/** `kundennummer` is a number of a `kunde`, `behandlingsnr` of a `behandling`, `customerid` an id of a customer. */
function withoutCompound(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? ''
  const [, thing, number] =
    /^([a-z]{4,}?)(nummer|nr|id)$/.exec(last) ??
    /^(org|cust|acct|prod|doc|emp)(nummer|nr|no|id)$/.exec(last) ??
    []
  return thing === undefined || number === undefined || noIds.has(last)
    ? words
    : [...words.slice(0, -1), withoutBinding(thing), number]
}

/** They end as identifiers do, and are none. */
const noIds = new Set(
  (
    'android asteroid celluloid hybrid humanoid invalid liquid openid orchid overpaid paranoid plasmid postpaid prepaid pyramid ' +
    'rhomboid splendid steroid stupid tabloid thyroid unpaid'
  ).split(' '),
)

const leading = new Set(['id', 'cod', 'codigo', 'numero', 'nr'])
const notNamed = new Set('type card list status tipo lista of count date'.split(' '))

/** Numbers and codes of these tell things apart, and are no things themselves: `trackingNumber`, `taxNumber`. */
const attributes = new Set(
  (
    'tax phone mobile telephone fax tracking postal zip post serial registration reference language lang locale version error status ' +
    'type check security confirmation telefon handy mobil kontroll'
  ).split(' '),
)

const languages = new Set('language lang locale sprache idioma langue lingua taal sprog'.split(' '))

/** Says in which language something is told, and not what: `languageId`. */
export function isLanguage({ xmlName }: ScalarInput): boolean {
  return languages.has(plainWords(xmlName)[0] ?? '')
}

export function isLanguageNoun(noun: readonly string[]): boolean {
  return noun.some((word) => languages.has(singularOf(word)))
}

/** Names a person chose, which may stand beside an identifier: in the path of a read, but not of what is done. */
export function isAddress({ xmlName }: ScalarInput): boolean {
  return /(?:e-?mail|user_?name|ur[il])$/i.test(xmlName)
}

/** It identifies by itself, whatever it is a member of: `IBAN`. */
export function isComplete(input: ScalarInput): boolean {
  return fitsPath(input) && complete.has(plainWords(input.xmlName).join('')) && !isAddress(input)
}

/** Can it be one step of a path? */
export function fitsPath(input: ScalarInput): boolean {
  const { repeated, scalar } = input
  const isOne = !repeated && (scalar.form === 'string' || scalar.form === 'number')
  return isOne && !unfit.has(scalar.type.builtIn) && !isSecret(input)
}

const vague = new Set(
  'request req input in parameters params param message body payload query filter text'.split(' '),
)

/** They begin the names of switches: `usingPin`, `includeDeleted`. */
const modes = new Set('using use with without include including exclude only show force is has'.split(' '))

/** Says its name that it holds the question, rather than what is asked for? */
export function isVague({ xmlName }: ScalarInput): boolean {
  const words = plainWords(xmlName)
  return vague.has(words.join(' ')) || modes.has(words[0] ?? '')
}

/** A name that a tool made up for a parameter of a method: `arg0`. */
export function isNumbered(name: string): boolean {
  return /^(?:arg|in|param|parameter|p)\d+$/i.test(name)
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
  // `ap country code` of an access point.
  if (stem.length > 1 && noun.length > 1 && noun[0] === stem.map((word) => word.charAt(0)).join(''))
    return { kind: 'own', collection: stem, rest: noun.slice(1) }
  const inside = noun.findIndex((_, index) => index > 0 && startsWith(noun.slice(index), stem))
  if (inside > 0) {
    const end = inside + stem.length
    return { kind: 'own', collection: noun.slice(0, end), rest: noun.slice(end) }
  }
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
  // `orgnummer` of an organisation, in whatever language.
  if (isAlike(inFullBeforeId(a), inFullBeforeId(b))) return true
  return (a === 'org' && b.startsWith('organi')) || (b === 'org' && a.startsWith('organi'))
}
