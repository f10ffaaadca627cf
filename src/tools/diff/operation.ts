import type { SoapFault, SoapOperation } from '../../wsdl/model.js'
import type { ChangedOperation } from './change.js'
import { judgeForContract } from './contract-view.js'
import type { Desk } from './desk.js'
import { compareDetails, type Detail } from './detail.js'
import { type Effect, judge } from './effect.js'
import { compareFaultDetails, compareMessages, type Mappings, type MessageDifference } from './messages.js'
import { unknownUse } from './use.js'
import type { TypeWalk } from './walk.js'

/** Compares two operations with all their messages. */
export function compareOperations(
  desk: Desk,
  {
    old,
    next,
    operation,
    mappings = {},
  }: {
    readonly old: SoapOperation
    readonly next: SoapOperation
    readonly operation: ChangedOperation
    readonly mappings?: Mappings
  },
): void {
  const details: readonly Detail[] = [
    ['soapAction', old.soapAction || '(none)', next.soapAction || '(none)'],
    ['style', old.style, next.style],
  ]
  compareDetails(desk, details, { old: old.at, new: next.at }, operation)
  const { walk } = desk
  const found: MessageDifference[] = [
    ...compareMessages(walk, { direction: 'request', old: old.input, next: next.input, mappings }),
    ...(old.output && next.output
      ? compareMessages(walk, { direction: 'response', old: old.output, next: next.output, mappings })
      : []),
  ]
  if (!old.output !== !next.output) {
    const what = next.output ? 'it answers, it was one-way' : 'it is one-way, it answered'
    const ends = { old: (old.output ?? old).at, new: (next.output ?? next).at }
    const difference = { step: '', effect: 'changed', aspect: 'shape', what, ...ends } as const
    found.push({ path: '', difference, direction: 'response', use: unknownUse })
  }
  found.push(...compareFaults(walk, old, next, mappings))
  for (const each of found) place(desk, each, operation)
}

function place(desk: Desk, found: MessageDifference, operation: ChangedOperation): void {
  const { difference, direction, path, use } = found
  const { effect, what, old, new: next } = difference
  const judgement =
    (desk.disagreements && judgeForContract(difference, direction, use, desk.disagreements)) ??
    judge(effect, direction)
  const isEverywhere =
    difference.aspect === 'wire' && difference.step === '' && what.startsWith('its elements')
  desk.changes.add(
    { ...judgement, direction, what, old, new: next },
    { ...operation, path },
    { isEverywhere },
  )
}

function compareFaults(
  walk: TypeWalk,
  old: SoapOperation,
  next: SoapOperation,
  mappings: Mappings,
): readonly MessageDifference[] {
  const found: MessageDifference[] = []
  const there = (
    fault: SoapFault,
    effect: Effect,
    what: string,
    { isOld }: { readonly isOld: boolean },
  ): void => {
    const ends = isOld ? { old: fault.at, new: next.at } : { old: old.at, new: fault.at }
    const difference = { step: '', effect, aspect: 'shape', what, ...ends } as const
    found.push({ path: fault.name, difference, direction: 'response', use: unknownUse })
  }
  for (const fault of old.faults) {
    const partner = next.faults.find(({ name }) => name === fault.name)
    if (!partner) {
      there(fault, 'narrowed', 'this fault is not declared any more', { isOld: true })
      continue
    }
    const use = {
      old: mappings.old?.faults.find(({ name }) => name === fault.name)?.value,
      new: mappings.new?.faults.find(({ name }) => name === fault.name)?.value,
    }
    found.push(
      ...compareFaultDetails(walk, fault.element, partner.element, use).map((each) => ({
        ...each,
        path: `${fault.name}: ${each.path}`,
      })),
    )
  }
  for (const fault of next.faults) {
    if (old.faults.some(({ name }) => name === fault.name)) continue
    there(fault, 'alternative', 'this fault is new', { isOld: false })
  }
  return found
}
