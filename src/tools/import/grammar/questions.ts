import { adjectives, prepositions } from '../words/non-nouns.js'
import { ownerIn } from './noun-phrases.js'
import { nothing, type Phrase } from './phrase.js'

const questions = new Set('is are was has have can may should does er har kan ist hat'.split(' '))

/** `isAlive`, `IsUserActive`, `hasPermission`: a question, whose answer changes nothing. */
export function readQuestion([first = '', ...rest]: readonly string[]): Phrase | undefined {
  if (!questions.has(first) || rest.length === 0) return undefined
  const at = rest.findIndex((word) => prepositions.has(word))
  const asked = at < 0 ? rest : rest.slice(0, at)
  const tail = at < 0 ? [] : rest.slice(at)
  const stateAt = asked.findIndex((word, index) => index > 0 && isState(word))
  const isSubject = stateAt > 0 || (asked.length > 1 && !isState(asked[0] ?? ''))
  const isMember = ownerIn(tail).length > 0 && asked.length === 1 && !isState(asked[0] ?? '')
  if (isMember)
    return {
      ...nothing,
      verb: '',
      intent: 'check',
      noun: asked,
      tail,
      link: tail,
      qualifier: tail.slice(1),
      owner: ownerIn(tail),
    }
  const noun = !isSubject ? [] : stateAt > 0 ? asked.slice(0, stateAt) : asked.slice(0, -1)
  return {
    ...nothing,
    verb: asked.slice(noun.length).join('-'),
    intent: 'check',
    noun,
    tail,
    link: tail,
    qualifier: tail.slice(1),
    owner: ownerIn(tail),
    isForeign: /^(?:er|har|kan|ist|hat)$/.test(first),
  }
}

/** Verbs that look for something, and, where the answer is yes or no, ask whether it is there. */
const looks = new Set(
  'find lookup search locate finn sok soek suche finde zoek buscar busca cerca hledej najdi'.split(' '),
)
const identifiers = /^(?:id|ids|code|number|no|key|ref|reference)$/

/** `FindCustomerId` that answers yes or no asks whether there is such a customer. */
export function asExistence<T extends Phrase>(phrase: T): T {
  const { verb = '', noun } = phrase
  if (!looks.has(verb) || noun.length === 0) return phrase
  const thing = noun.length > 1 && identifiers.test(noun.at(-1) ?? '') ? noun.slice(0, -1) : noun
  return { ...phrase, verb: 'exists', intent: 'check', noun: thing, isMany: false }
}

function isState(word: string): boolean {
  return adjectives.has(word) || /(?:[^e]ed|able|ible|ing)$/.test(word) || word === 'alive'
}
