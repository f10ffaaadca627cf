import { listed } from '../../../base/listed.js'
import { singularOf } from '../words/nouns.js'
import type { OperationName } from './operation-name.js'

/** What a sentence on an operation is made from. */
export interface Described {
  readonly name: OperationName
  /** What it acts on. */
  readonly noun: readonly string[]
  /** The same as several of it are called. */
  readonly several: string
  readonly returnsList: boolean
  /** Names of the parameters in its path. */
  readonly path: readonly string[]
}

/** What an operation does, as a sentence, where the WSDL does not say. */
export function describe(soapName: string, described: Described): string {
  const { name, noun, path } = described
  const by = path.length > 0 ? ` by ${quoted(path)}` : ''
  if (noun.length === 0) return sentenceOf(soapName, described)
  const last = noun.at(-1) ?? ''
  const many = described.several.replaceAll('-', ' ')
  const one = [...noun.slice(0, -1), name.acronyms.has(last) ? last : singularOf(last)].join(' ')
  const isSeveral = name.isMany || name.isBatch || described.returnsList || noun.join(' ') !== one
  const what = `${isSeveral ? many : `the ${one}`}${name.state.length > 0 ? ` (${name.state.join(' ')})` : ''}`
  const owner = name.owner.length > 0 ? ` of the ${name.owner.join(' ')}` : ''
  const link = name.owner.length > 0 ? ` ${linkOf(name)} the ${name.owner.join(' ')}` : ''
  switch (name.intent) {
    case 'search':
      return `Lists ${many}${owner}${by}.`
    case 'read':
      return `${isSeveral ? 'Lists' : 'Gives'} ${what}${owner}${by}.`
    case 'create':
      return `${toldBy(name, 'Creates')} ${isSeveral ? many : `${article(one)} ${one}`}${link}.`
    case 'update':
      return `${toldBy(name, 'Changes')} ${what}${owner}${by}.`
    case 'delete':
      return `${toldBy(name, 'Deletes')} ${what}${link}${by}.`
    case 'check':
      return `${checked(name, { one, what })}${by}, without changing anything.`
    case 'action':
      if (name.isForeign || name.verb === undefined) return `Carries out \`${soapName}\` on ${what}${by}.`
      return `${saidOf(name.verb)} ${what}${tailOf(name)}${by}.`
    case undefined:
      return `Carries out \`${soapName}\` of the backend.`
  }
}

const readers = new Set(
  (
    'check calculate calc compute estimate validate compare count export preview simulate evaluate determine echo ' +
    'predict forecast suggest recommend detect parse inspect locate geocode convert lint diff'
  ).split(' '),
)

function checked(
  { verb = '', isForeign }: OperationName,
  { one, what }: { readonly one: string; readonly what: string },
): string {
  if (isForeign || verb === '') return `Answers a question about the ${one}`
  if (/^exists?$/.test(verb)) return `Tells whether the ${one} exists`
  if (/^(?:ping|heartbeat|dummy|noop)$/.test(verb)) return 'Tells whether the backend answers'
  return readers.has(verb)
    ? `${saidOf(verb)} ${what}`
    : `Tells whether the ${one} is ${verb.replaceAll('-', ' ')}`
}

/** Of an operation that acts on nothing that its name says. */
function sentenceOf(soapName: string, { name }: Described): string {
  const { verb = '', intent, isForeign } = name
  if (/^(?:ping|heartbeat|dummy|noop|healthcheck)$/.test(verb)) return 'Tells whether the backend answers.'
  if (intent === 'check') return `Answers \`${soapName}\` of the backend, without changing anything.`
  if (isForeign || !/^[a-z]+$/.test(verb)) return `Carries out \`${soapName}\` of the backend.`
  const state = name.state.length > 0 ? ` ${name.state.join(' ')}` : ''
  return `${saidOf(verb)}${state}${tailOf(name)}, as \`${soapName}\` of the backend does.`
}

function linkOf({ tail: [preposition = ''] }: OperationName): string {
  return preposition === '' || preposition === 'of' ? 'of' : preposition
}

function tailOf({ tail }: OperationName): string {
  return tail.length > 0 ? ` ${tail.join(' ')}` : ''
}

/** The verb of the name, where it is an English one and not cut short: `upd`. */
function toldBy({ verb = '', isForeign }: OperationName, otherwise: string): string {
  return isForeign || verb.length < 3 || /^(?:upd|del|ins|mod|put|book)$/.test(verb)
    ? otherwise
    : saidOf(verb)
}

/** `Creates and sends` for `create-and-send`. */
function saidOf(verb: string): string {
  const words = verb.split('-')
  const said = words.map((word, index) => {
    return index === 0 || /^(?:and|or)$/.test(words[index - 1] ?? '') ? thirdPerson(word) : word
  })
  const text = said.join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function thirdPerson(verb: string): string {
  const [, stem, particle] = /^(log|sign|check|roll|back|set|top)(in|out|on|off|up|back)$/.exec(verb) ?? []
  if (stem !== undefined && particle !== undefined) return `${stem}s ${particle}`
  if (/(?:s|x|z|ch|sh|o)$/.test(verb)) return `${verb}es`
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`
}

function article(noun: string): string {
  return /^[aeiou](?!se|ni|u)/.test(noun) ? 'an' : 'a'
}

function quoted(names: readonly string[]): string {
  return listed(names.map((name) => `\`${name}\``))
}
