import type { AttributeMapping, ValueMapping } from './value-mapping.js'

/** What stands on an element that is nil; without xsi:type it is of the declared type. */
export function attributesOfNil(value: ValueMapping): readonly AttributeMapping[] {
  if (value.kind === 'object') return value.attributes
  if (value.kind !== 'polymorphic') return []
  return value.alternatives.find(({ isDeclared }) => isDeclared)?.mapping.attributes ?? []
}
