import { suffixes } from '../words/non-nouns.js'
import { verbOf } from '../words/verbs.js'
import type { NamingStyle } from './naming-style.js'

/* What stands around the phrase of a name, and says nothing of what is done. */

/** `CAESolicitar` for `FECAESolicitar`. */
export function withoutCapitals(name: string, capitals: string): string {
  return capitals !== '' && name.startsWith(capitals) ? name.slice(capitals.length) : name
}

/** Takes off what all names begin with, and prefixes of namespaces, `ns1:getOrder`. */
export function withoutPrefix(
  words: readonly string[],
  prefix: readonly string[],
): { readonly words: readonly string[]; readonly prefix: readonly string[] } {
  const begin = words.length > 1 && /^(?:ns\d*|tns)$/.test(words[0] ?? '') ? 1 : 0
  const said = words.slice(begin)
  const isThere = prefix.length > 0 && prefix.every((word, index) => said[index] === word)
  return isThere && said.length > prefix.length
    ? { words: said.slice(prefix.length), prefix }
    : { words: said, prefix: [] }
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['ex', 'extended'],
  ['ext', 'extended'],
])

/** Takes off `V2`, `Ex`, `Async`, `Request` and the like. What is left of a name is never a bare verb without its noun. */
export function withoutSuffixes(
  words: readonly string[],
  { requestIsForm }: Pick<NamingStyle, 'requestIsForm'>,
): { readonly words: readonly string[]; readonly variant: readonly string[] } {
  const variant: string[] = []
  const begin = words.length > 1 && /^(?:ns\d*|tns)$/.test(words[0] ?? '') ? 1 : 0
  let end = words.length
  while (end - begin > 1) {
    const last = words[end - 1] ?? ''
    const isForm = /^(?:requests?|rq|req|response|operation|op|service|call|method|soap)$/.test(last)
    const isVersion = /^v?\d+$/.test(last)
    if (!isVersion && !suffixes.has(last)) break
    if (
      isForm &&
      !/^r[qs]$/.test(last) &&
      end - begin === 2 &&
      verbOf(words[begin] ?? '') &&
      !isObserved(words[begin] ?? '')
    )
      break
    if (/^requests?$/.test(last) && (!requestIsForm || last === 'requests')) break
    if (isVersion) variant.unshift(last.startsWith('v') ? last : `v${last}`)
    else if (meanings.has(last)) variant.unshift(meanings.get(last) ?? last)
    end--
  }
  return { words: words.slice(begin, end), variant }
}

function isObserved(word: string): boolean {
  return /^(?:inquiry|enquiry|inq)$/.test(word)
}
