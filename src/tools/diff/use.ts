import { elementsOf } from '../../mapping/canonical/content-walk.js'
import type {
  AttributeMapping,
  ContentMapping,
  ElementMapping,
  Member,
  ValueMapping,
} from '../../mapping/canonical/value-mapping.js'

/** What a contract does with a value: its mapping on each side, where there is one. */
export interface Use {
  readonly old: ValueMapping | undefined
  readonly new: ValueMapping | undefined
  /** The contract leaves out an element around the value. */
  readonly isLeftOut?: boolean
}

/** Of values that the contract says nothing about. */
export const unknownUse: Use = { old: undefined, new: undefined }

/** What a contract does with what stands at a step below a value. */
export function useAt(use: Use, step: string): Use {
  const isLeftOut = use.isLeftOut === true || isUnused(memberAt(use.old, step), memberAt(use.new, step))
  return { old: valueAt(use.old, step), new: valueAt(use.new, step), isLeftOut }
}

/** Left out on each side on which it is known. */
export function isUnused(was: Used | undefined, is: Used | undefined): boolean {
  const known = [was, is].filter((used) => used !== undefined)
  return known.length > 0 && known.every(({ member }) => member.hidden)
}

/** An element or attribute as the contract has it. */
export interface Used {
  readonly member: Member
  readonly isRepeated: boolean
  readonly value: ValueMapping
  readonly at: ElementMapping['at']
}

/** What a contract does with the element or attribute at a step below a value; nothing where that is not known. */
export function memberAt(mapping: ValueMapping | undefined, step: string): Used | undefined {
  if (!mapping) return undefined
  switch (mapping.kind) {
    case 'object': {
      const attribute = mapping.attributes.find(({ name }) => `@${name.localName}` === step)
      if (attribute) return fromAttribute(attribute)
      return elementAt(mapping.content, step, { isHidden: false })
    }
    case 'array':
      return mapping.item.name.localName === step ? fromElement(mapping.item, { isHidden: false }) : undefined
    case 'polymorphic': {
      const declared = mapping.alternatives.find(({ isDeclared }) => isDeclared) ?? mapping.alternatives[0]
      return memberAt(declared?.mapping, step)
    }
    case 'scalar':
    case 'xml':
    case 'document':
      return undefined
  }
}

/** The mapping of a derived type, or of what stands at a step. */
function valueAt(mapping: ValueMapping | undefined, step: string): ValueMapping | undefined {
  if (!step.startsWith('(')) return memberAt(mapping, step)?.value
  if (mapping?.kind !== 'polymorphic') return undefined
  return mapping.alternatives.find(({ typeName }) => `(${typeName?.localName ?? ''})` === step)?.mapping
}

function elementAt(
  content: ContentMapping | undefined,
  step: string,
  { isHidden }: { readonly isHidden: boolean },
): Used | undefined {
  if (!content || content.kind === 'any') return undefined
  if (content.kind === 'element') {
    const branch = content.branches && elementAt(content.branches, step, { isHidden })
    if (branch) return { ...fromElement(content, { isHidden }), at: branch.at }
    return content.name.localName === step ? fromElement(content, { isHidden }) : undefined
  }
  const isInside = isHidden || content.member?.hidden === true
  for (const particle of content.particles) {
    const found = elementAt(particle, step, { isHidden: isInside })
    if (found) return found
  }
  return undefined
}

function fromElement(
  { member, maxOccurs, value, flattened, at }: ElementMapping,
  { isHidden }: { readonly isHidden: boolean },
): Used {
  const hidden = isHidden || (member.hidden && !(flattened && usesAnything(value)))
  return { member: { ...member, hidden }, isRepeated: maxOccurs > 1, value, at }
}

/** A flattened element has no member of its own; what is in it may have. */
function usesAnything(value: ValueMapping): boolean {
  if (value.kind !== 'object') return true
  for (const element of elementsOf(value.content)) {
    if (!element.member.hidden || (element.flattened && usesAnything(element.value))) return true
  }
  return value.attributes.some(({ member }) => !member.hidden) || value.text?.member.hidden === false
}

function fromAttribute({ member, value, at }: AttributeMapping): Used {
  return { member, isRepeated: false, value, at }
}
