import { isAnchored, isLinearForBacktracking } from './ambiguity.js'
import { Automaton } from './automaton.js'
import { assertSize, compileProgram } from './program.js'
import { parsePattern } from './syntax.js'

/** A regular expression that takes time in proportion to the length of a text, whatever it says. */
export interface TextPattern {
  /** Whether JavaScript's own engine runs it: it never goes back on this pattern. */
  readonly native: boolean
  /** What `new RegExp(source, 'u').test(text)` would return in the end. */
  readonly test: (text: string) => boolean
}

/** What is remembered of one pattern is bounded; so is their number, though contracts have fewer. */
const MOST_KNOWN = 10_000
const known = new Map<string, TextPattern>()
/** So that the letters of its alphabet fit 16 bits. */
const LONGEST_SOURCE = 20_000

/**
 * Compiles a regular expression of ECMA-262 with the flag `u`.
 *
 * @throws SyntaxError where it is none, or one that has no linear time: with references back to groups
 * @throws RangeError where it is too large
 */
export function compilePattern(source: string): TextPattern {
  const before = known.get(source)
  if (before) return before
  const pattern = compile(source)
  if (known.size < MOST_KNOWN) known.set(source, pattern)
  return pattern
}

function compile(source: string): TextPattern {
  const expression = new RegExp(source, 'u')
  const node = parsePattern(source)
  if (isLinearForBacktracking(node)) return { native: true, test: (text) => expression.test(text) }
  if (source.length > LONGEST_SOURCE) throw new RangeError('it is too long')
  assertSize(node)
  let automaton: Automaton | undefined
  return {
    native: false,
    test: (text) =>
      (automaton ??= new Automaton(compileProgram(node), { anchored: isAnchored(node) })).test(text),
  }
}

/** @returns why texts cannot be judged by the pattern in linear time; undefined where they can */
export function whyNotLinear(source: string): string | undefined {
  try {
    compilePattern(source)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** For the author of a contract, whose pattern is a valid one. */
export function whatToDo(why: string): string {
  return `The pattern cannot be judged in time proportional to a text: ${why}. Rewrite it without that, or bound the text by maxLength instead.`
}
