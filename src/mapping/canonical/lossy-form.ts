import { PatternRun } from '../../pattern/pattern-run.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { compileFacets, itemsOf } from '../../xsd/values/facets.js'
import { toJsonNumber } from './json-number.js'
import type { ScalarForm } from './value-mapping.js'

/**
 * Whether JSON numbers, booleans or lists of them would lose what the schema asks for: a pattern takes a value in a form
 * that JSON does not have, and not in the form that JSON would give back (`0042`, which comes back as `42`); or an
 * enumeration lists its values in such a form. The value is a text then.
 *
 * @param form of the value, or of the items of a list
 */
export function losesForm(type: SimpleType, form: ScalarForm): boolean {
  if (form !== 'number' && form !== 'boolean') return false
  const item = type.variety === 'list' ? type.itemType : type
  const isFloating = item?.builtIn === 'float' || item?.builtIn === 'double'
  const { patterns, enumeration } = type.facets
  if (form === 'number' && enumeration?.some(({ value }) => !itemsOf(value).every(isAsJsonWrites)))
    return true
  if (patterns.length === 0) return false
  // Writers of JSON give 1.50 as 1.5 and 100000 as 1e5: a pattern on such numbers is a pattern on texts.
  if (form === 'number' && isFloating) return true
  if (form === 'boolean' && type.variety !== 'list') return false
  const sources = patterns.flatMap(({ published, javaScript }) => published?.javaScript ?? javaScript ?? [])
  return new Search(type, sources, form === 'number' ? integer : truth).findsLoss()
}

function isAsJsonWrites(lexical: string): boolean {
  return toJsonNumber(lexical) === undefined || String(Number(lexical)) === lexical || isLongInteger(lexical)
}

function isLongInteger(lexical: string): boolean {
  return /^-?[1-9]\d{15,}$/.test(lexical)
}

/** Rewrites a lexical form into the one that JSON gives back, a character at a time. */
interface Rewriter {
  readonly alphabet: string
  /** @returns what is written and what is remembered; undefined where no lexical form goes on so */
  next(state: string, character: string): { readonly state: string; readonly written: string } | undefined
  /** @returns what remains to be written; undefined where no lexical form ends here */
  end(state: string): string | undefined
}

/** Signs and zeros that do not count are held back: `''`, `+`, `-`, zeros after them, digits. */
const integer: Rewriter = {
  alphabet: '0123456789+-',
  next(state, character) {
    if (character === '+' || character === '-')
      return state === '' ? { state: character, written: '' } : undefined
    if (state === 'digits') return { state, written: character }
    const sign = state.startsWith('-') ? '-' : ''
    if (character === '0') return { state: `${sign}0`, written: '' }
    return { state: 'digits', written: sign + character }
  },
  end(state) {
    if (state === 'digits') return ''
    return state.endsWith('0') ? '0' : undefined
  },
}

const truth: Rewriter = {
  alphabet: 'truefals10',
  next: (state, character) => (state.length < 5 ? { state: state + character, written: '' } : undefined),
  end(state) {
    if (state === 'true' || state === '1') return 'true'
    return state === 'false' || state === '0' ? 'false' : undefined
  },
}

/** Beyond, nothing is known, and a text loses nothing. */
const MOST_STATES = 20_000

interface Place {
  /** Where each pattern is after the text, and after what JSON gives back of it. */
  readonly given: readonly PatternRun[]
  readonly back: readonly PatternRun[]
  readonly state: string
  readonly text: string
}

/** Goes through all lexical forms that the patterns take, those that lead to the same as one. */
class Search {
  readonly #isOfType: (lexical: string) => boolean
  readonly #isList: boolean

  constructor(
    type: SimpleType,
    readonly sources: readonly string[],
    readonly rewriter: Rewriter,
  ) {
    const check = compileFacets(type)
    this.#isOfType = (lexical) => check(lexical) === undefined
    this.#isList = type.variety === 'list'
  }

  findsLoss(): boolean {
    try {
      return this.#search()
    } catch (error) {
      if (error instanceof RangeError) return true
      throw error
    }
  }

  #search(): boolean {
    const start = this.sources.map((source) => PatternRun.of(source))
    const pending: Place[] = [{ given: start, back: start, state: '', text: '' }]
    const seen = new Set<string>()
    for (let place = pending.shift(); place; place = pending.shift()) {
      if (this.#isLost(place)) return true
      for (const character of this.rewriter.alphabet + (this.#isList ? ' ' : '')) {
        const next = this.#after(place, character)
        if (!next) continue
        const key = [...next.given, ...next.back].map((run) => run.key).join('|') + next.state
        if (seen.has(key)) continue
        seen.add(key)
        if (seen.size > MOST_STATES) return true
        pending.push(next)
      }
    }
    return false
  }

  #isLost({ given, back, state, text }: Place): boolean {
    if (!given.every((run) => run.matches)) return false
    const rest = this.rewriter.end(state)
    if (rest === undefined) return false
    return !back.every((run) => run.after(rest).matches) && this.#isOfType(text)
  }

  #after({ given, back, state, text }: Place, character: string): Place | undefined {
    const rest = character === ' ' ? this.rewriter.end(state) : undefined
    const step =
      character === ' '
        ? rest === undefined
          ? undefined
          : { state: '', written: `${rest} ` }
        : this.rewriter.next(state, character)
    if (!step) return undefined
    const after = given.map((run) => run.after(character))
    if (after.some((run) => run.isDead)) return undefined
    return {
      given: after,
      back: back.map((run) => run.after(step.written)),
      state: step.state,
      text: text + character,
    }
  }
}
