import type { Diagnostics } from '../../../base/diagnostic/diagnostic.js'
import { XOP } from '../../../base/namespaces.js'
import type { SoapOperation } from '../../../wsdl/model.js'
import type { ElementDeclaration, Term, XsdType } from '../../../xsd/model/model.js'

/** Types that lead to no xop:Include. */
const without = new WeakSet<XsdType>()

/** Warns of elements whose type is xop:Include itself: JSON would have their href, and nobody the part that it names. */
export function warnOfIncludes({ name, input, output }: SoapOperation, diagnostics: Diagnostics): void {
  for (const element of [...input.body, ...(output?.body ?? [])]) {
    const found = isInclude(element.type) ? element : includeIn(element.type)
    if (!found) continue
    diagnostics.warning(
      'attachment-include',
      `${found.name.localName} of ${name} is an xop:Include: its href would go through JSON without the part that it names. Give it the type xs:base64Binary, which xop:Include stands for, and set attachments: mtom.`,
      found.at,
    )
  }
}

function includeIn(root: XsdType): ElementDeclaration | undefined {
  const seen = new Set<XsdType>([root])
  // What is added while the set is walked is walked too.
  for (const type of seen) {
    if (without.has(type)) continue
    const pending: Term[] =
      type.kind === 'complexType' && type.content.kind === 'elements' ? [type.content.particle.term] : []
    for (let term = pending.pop(); term; term = pending.pop()) {
      if (term.kind === 'any') continue
      if (term.kind !== 'element') {
        for (const particle of term.particles) pending.push(particle.term)
      } else if (isInclude(term.type)) return term
      else seen.add(term.type)
    }
  }
  for (const type of seen) without.add(type)
  return undefined
}

function isInclude({ name }: XsdType): boolean {
  return name?.namespace === XOP && name.localName === 'Include'
}
