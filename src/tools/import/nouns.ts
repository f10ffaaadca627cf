/** Words that have no plural of their own in English, or look like one already. */
const unchanged = new Set(
  (
    'series species news information info data metadata equipment software hardware feedback money cash weather ' +
    'status-history history access availability eligibility staff credit-information advice evidence mail ' +
    'correspondence personnel medication-information health traffic stock content'
  ).split(' '),
)

const irregular: readonly (readonly [string, string])[] = [
  ['person', 'people'],
  ['child', 'children'],
  ['man', 'men'],
  ['woman', 'women'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['index', 'indexes'],
  ['criterion', 'criteria'],
  ['analysis', 'analyses'],
  ['diagnosis', 'diagnoses'],
  ['basis', 'bases'],
  ['leaf', 'leaves'],
  ['life', 'lives'],
  ['half', 'halves'],
  ['quiz', 'quizzes'],
]

/** Nouns whose singular ends in -s. */
const singularInS = /(?:ss|us|is|as|os)$/

/** The plural of an English noun in lower case; a plural stays as it is. */
export function pluralOf(noun: string): string {
  if (unchanged.has(noun) || isPlural(noun) || isNoEnglishNoun(noun)) return noun
  const known = irregular.find(([singular]) => singular === noun)
  if (known) return known[1]
  if (/(?:s|x|z|ch|sh)$/.test(noun)) return `${noun}es`
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /[a-z]$/.test(noun) ? `${noun}s` : noun
}

/** No English noun ends like this: `historikk`, `saksbehandlingstj`; nor does a participle have a plural. */
function isNoEnglishNoun(noun: string): boolean {
  return /(?:kk|[jvq]|aa|ii|uu|[^e]ed)$/.test(noun) && !/(?:bed|feed|seed|shed|sled|weed)$/.test(noun)
}

/** The singular of an English noun in lower case; a singular stays as it is. */
export function singularOf(noun: string): string {
  if (unchanged.has(noun)) return noun
  const known = irregular.find(([singular, plural]) => plural === noun || singular === noun)
  if (known) return known[0]
  if (/[^aeiou]ies$/.test(noun) && noun.length > 4) return `${noun.slice(0, -3)}y`
  if (/(?:ss|sh|ch|x|z|us)es$/.test(noun)) return noun.slice(0, -2)
  if (/[^s]s$/.test(noun) && !singularInS.test(noun)) return noun.slice(0, -1)
  return noun
}

export function isPlural(noun: string): boolean {
  return !unchanged.has(noun) && singularOf(noun) !== noun
}
