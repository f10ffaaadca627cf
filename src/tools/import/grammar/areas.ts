import { prepositions } from '../words/non-nouns.js'
import { isVerbInside, verbOf } from '../words/verbs.js'
import type { NamingStyle } from './naming-style.js'

/** From how many names or things on what they share is said as a matter of form. */
export const MIN_SHARED = 3

/** What stands before `Get`: no thing, where several say it of different things, or of several one thing is said. */
export function areasOf(names: readonly (readonly string[])[]): ReadonlySet<string> {
  const found = names.flatMap((words) => {
    const at = insideAt(words)
    return at > 0 && at < words.length - 1 && !prepositions.has(words[at + 1] ?? '')
      ? [{ area: words.slice(0, at).join(' '), thing: words.slice(at + 1).join(' ') }]
      : []
  })
  const count = (key: 'area' | 'thing', value: string): number =>
    new Set(found.filter((each) => each[key] === value).map(({ area, thing }) => `${area} ${thing}`)).size
  return new Set(
    found.flatMap(({ area, thing }) =>
      Math.max(count('area', area), count('thing', thing)) >= MIN_SHARED ? [area] : [],
    ),
  )
}

/** Where a verb stands in the midst of a name that does not begin with one. */
function insideAt(words: readonly string[]): number {
  return verbOf(words[0] ?? '') ? -1 : words.findIndex((word) => isVerbInside(word))
}

/** Parts a name into the area that it begins with, and what it says of that. */
export function areaOf(
  words: readonly string[],
  { areas }: NamingStyle,
): { readonly area: readonly string[]; readonly rest: readonly string[] } {
  const at = insideAt(words)
  return at > 0 && areas.has(words.slice(0, at).join(' '))
    ? { area: words.slice(0, at), rest: words.slice(at) }
    : { area: [], rest: words }
}
