import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { ChangedOperation } from './change.js'
import type { Desk } from './desk.js'
import type { Judgement } from './effect.js'

/** Something that a call needs and that is no part of a message: what it is, and its text on each side. */
export type Detail = readonly [name: string, old: string, next: string]

/** Compares texts of a port or of an operation's binding. A contract takes them from the new WSDL. */
export function compareDetails(
  { changes, disagreements }: Desk,
  details: readonly Detail[],
  ends: { readonly old: SourceLocation; readonly new: SourceLocation },
  operation: ChangedOperation,
): void {
  const judgement = disagreements ? follows : breaks
  for (const [name, was, is] of details) {
    if (was === is) continue
    const what = `the ${name} ${was} became ${is}`
    changes.add({ ...judgement, direction: 'service', what, ...ends }, { ...operation, path: '' })
  }
}

const follows: Judgement = {
  verdict: 'compatible',
  meaning: 'REST clients do not see it; the calls change.',
  advice: 'Take the new WSDL into use together with the backend.',
}

const breaks: Judgement = {
  verdict: 'breaking',
  meaning: 'Calls in the old form may be refused.',
  advice: 'Call in the new form from the day on which the backend changes.',
}
