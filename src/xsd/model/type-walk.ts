import type { ElementDeclaration, Particle, Term, XsdType } from './model.js'

/** What to do with each kind of term. A kind that a caller forgets does not compile. */
export interface TermCases<R> {
  element(element: Extract<Term, { kind: 'element' }>): R
  any(wildcard: Extract<Term, { kind: 'any' }>): R
  group(group: Extract<Term, { kind: 'sequence' | 'choice' | 'all' }>): R
}

/** The one place that tells terms of particles apart. */
export function matchTerm<R>(term: Term, cases: TermCases<R>): R {
  switch (term.kind) {
    case 'element':
      return cases.element(term)
    case 'any':
      return cases.any(term)
    case 'sequence':
    case 'choice':
    case 'all':
      return cases.group(term)
  }
}

/** The elements of a content model in document order, groups opened. */
export function elementsWithin(particle: Particle): ElementDeclaration[] {
  const elements: ElementDeclaration[] = []
  const cases: TermCases<unknown> = {
    element: (element) => elements.push(element),
    any: () => undefined,
    group: ({ particles }) => {
      for (const { term } of particles) matchTerm(term, cases)
    },
  }
  matchTerm(particle.term, cases)
  return elements
}

/** The types of elements. */
export function contentTypes(elements: Iterable<ElementDeclaration>): XsdType[] {
  return Array.from(elements, ({ type }) => type)
}

/**
 * All types that types lead to by their content, themselves first, each once; without recursion.
 *
 * @param beside what else a type leads to
 */
export function* typesWithin(
  roots: Iterable<XsdType>,
  beside: (type: XsdType) => readonly XsdType[] = () => [],
): Generator<XsdType> {
  const seen = new Set<XsdType>()
  const pending = [...roots].reverse()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    yield next
    if (next.kind === 'complexType' && next.content.kind === 'elements')
      for (const type of contentTypes(elementsWithin(next.content.particle)).reverse()) pending.push(type)
    for (const type of beside(next)) pending.push(type)
  }
}
