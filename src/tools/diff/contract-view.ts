import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { Difference } from './difference.js'
import type { Direction, Judgement } from './effect.js'
import { isUnused, memberAt, type Use } from './use.js'

/** Places in the new WSDL with which the contract disagrees, and did not before: `file:line`. */
export type Disagreements = ReadonlySet<string>

export function placeKey({ file, line }: SourceLocation): string {
  return `${file}:${line}`
}

/**
 * Judges a difference for the REST side: a contract that is given the new WSDL follows how things are spelled, and
 * what it leaves out cannot break it.
 *
 * @returns nothing where the contract changes nothing about the judgement
 */
export function judgeForContract(
  difference: Difference,
  direction: Direction,
  use: Use,
  disagreements: Disagreements,
): Judgement | undefined {
  const { aspect, effect, step } = difference
  if (use.isLeftOut === true) return leavesOut
  if (aspect === 'wire') return follows
  const isStep = step !== '' && !step.startsWith('(')
  const [was, is] = isStep ? [memberAt(use.old, step), memberAt(use.new, step)] : []
  if (effect === 'demanded' && direction === 'request') {
    return is && !is.member.hidden ? hasIt : undefined
  }
  const isNowRequired = direction === 'request' && aspect === 'minimum' && effect === 'narrowed'
  if (isUnused(was, is)) return isNowRequired ? undefined : leavesOut
  if (direction === 'request') {
    const isMet = isNowRequired && is && !is.member.hidden
    return isMet && !disagreements.has(placeKey(is.at)) ? hasIt : undefined
  }
  if (effect !== 'widened') return undefined
  if (aspect === 'minimum' && is) return is.isRepeated || !is.member.required ? allows : undefined
  if (aspect === 'nil' && is?.member.nullable) return allows
  if (aspect === 'value' && !isStep) {
    const value = use.new?.kind === 'object' ? use.new.text?.value : use.new
    const isFree = value?.kind === 'scalar' && value.narrowing === undefined && value.values === undefined
    return isFree ? allows : undefined
  }
  return undefined
}

const follows: Judgement = {
  verdict: 'compatible',
  meaning: 'REST clients do not see it; the wire changes.',
  advice: 'Take the new WSDL into use together with the backend.',
}

const leavesOut: Judgement = {
  verdict: 'compatible',
  meaning: 'The contract leaves it out.',
  advice: '',
}

const hasIt: Judgement = {
  verdict: 'compatible',
  meaning: 'The contract sends it already.',
  advice: '',
}

const allows: Judgement = {
  verdict: 'compatible',
  meaning: 'The contract allows it already.',
  advice: 'Take the new WSDL into use before the backend changes.',
}
