import { wordsOf } from '../../../mapping/canonical/member-names.js'
import { asciiName } from '../../../mapping/projection/component-names.js'
import { withWholeWords } from './acronyms.js'

/** Words in lower-case ASCII. */
export function plainWords(name: string): string[] {
  return wordsOf(withWholeWords(name)).map((word) => asciiName(word).toLowerCase())
}

/**
 * The noun of a service: `ICustomerAccountService_v2` is about customer accounts.
 *
 * @param otherwise names to try where the first says nothing, `Service1` say
 */
export function serviceWords(name: string, ...otherwise: readonly string[]): string[] {
  const words = plainWords(name.replace(/^I(?=_|\p{Lu}\p{Ll})/u, ''))
  const parts = new Set(
    'service services ws wsexp port porttype type soap soap11 soap12 binding endpoint web webservice interface impl svc api http https httpget httppost sf'.split(
      ' ',
    ),
  )
  const kept = words.filter((word) => !parts.has(word) && !/^(?:v|service)?\d+$/.test(word))
  const [next, ...rest] = otherwise
  if (kept.length === 0 && next !== undefined) return serviceWords(next, ...rest)
  return kept.length === 0 ? words : saidOnce(kept)
}

/** `gosys person gosys person` says one thing twice. */
function saidOnce(words: readonly string[]): string[] {
  const half = words.length / 2
  const isTwice =
    words.length % 2 === 0 && words.slice(0, half).every((word, index) => word === words[half + index])
  return isTwice ? words.slice(0, half) : [...words]
}

export function kebab(words: readonly string[]): string {
  return words.join('-')
}

export function pascal(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

export function camel(words: readonly string[]): string {
  const name = pascal(words)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

export function sentence(words: readonly string[]): string {
  const text = words.join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
