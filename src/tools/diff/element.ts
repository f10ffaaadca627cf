import type { AttributeUse, ElementDeclaration } from '../../xsd/model/model.js'
import type { Difference } from './difference.js'

/** Compares two declarations of an element (XML Schema Part 1, 3.3), without their types. */
export function compareElements(old: ElementDeclaration, next: ElementDeclaration): readonly Difference[] {
  const at = { step: old.name.localName, old: old.at, new: next.at }
  const found: Difference[] = []
  if (old.nillable !== next.nillable) {
    const what = next.nillable ? 'it may be nil, it was not' : 'it may not be nil, it was'
    found.push({ ...at, aspect: 'nil', effect: next.nillable ? 'widened' : 'narrowed', what })
  }
  if (old.abstract !== next.abstract) {
    const what = next.abstract ? 'it is abstract, it was not' : 'it is not abstract, it was'
    found.push({ ...at, aspect: 'shape', effect: next.abstract ? 'narrowed' : 'widened', what })
  }
  return [...found, ...compareValues(old, next, at)]
}

/** Compares default and fixed, of elements or attributes. */
export function compareValues(
  old: Pick<AttributeUse, 'default' | 'fixed'>,
  next: Pick<AttributeUse, 'default' | 'fixed'>,
  at: Pick<Difference, 'step' | 'old' | 'new'>,
): readonly Difference[] {
  const found: Difference[] = []
  if (old.fixed !== next.fixed) {
    const effect = old.fixed === undefined ? 'narrowed' : next.fixed === undefined ? 'widened' : 'changed'
    const what = `the fixed value ${shown(old.fixed)} became ${shown(next.fixed)}`
    found.push({ ...at, aspect: 'value', effect, what })
  }
  if (old.default !== next.default) {
    const what = `the default ${shown(old.default)} became ${shown(next.default)}`
    found.push({ ...at, aspect: 'value', effect: 'silent', what })
  }
  return found
}

function shown(value: string | undefined): string {
  return value === undefined ? '(none)' : JSON.stringify(value)
}
