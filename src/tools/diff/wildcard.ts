import type { Wildcard } from '../../xsd/model/model.js'
import { allows } from '../../xsd/model/wildcards.js'
import type { Difference } from './difference.js'

const strictness = { strict: 0, lax: 1, skip: 2 }

/** Compares what two wildcards let through (XML Schema Part 1, 3.10). */
export function compareWildcards(old: Wildcard, next: Wildcard, step: string): readonly Difference[] {
  const at = { step, aspect: 'shape' as const, old: old.at, new: next.at }
  const found: Difference[] = []
  const [isNarrower, isWider] = [!includes(next, old), !includes(old, next)]
  if (isNarrower || isWider) {
    const effect = isNarrower && isWider ? 'changed' : isNarrower ? 'narrowed' : 'widened'
    found.push({ ...at, effect, what: `it allows ${describe(next)}, it was ${describe(old)}` })
  }
  if (old.processContents !== next.processContents) {
    const effect = strictness[next.processContents] > strictness[old.processContents] ? 'widened' : 'narrowed'
    const what = `processContents ${old.processContents} became ${next.processContents}`
    found.push({ ...at, effect, what })
  }
  return found
}

/** Whether one lets through all that the other does. */
function includes({ namespaces: all }: Wildcard, { namespaces: some }: Wildcard): boolean {
  if (all.kind === 'any') return true
  if (some.kind === 'only') return some.namespaces.every((namespace) => allows(all, namespace))
  if (some.kind === 'any' || all.kind === 'only') return false
  return all.namespaces.every((namespace) => some.namespaces.includes(namespace))
}

function describe({ namespaces }: Wildcard): string {
  if (namespaces.kind === 'any') return 'any namespace'
  const names = namespaces.namespaces.map((name) => (name === '' ? 'none' : name)).join(', ')
  return namespaces.kind === 'not' ? `any namespace but ${names}` : `the namespaces ${names}`
}
