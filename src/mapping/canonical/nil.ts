import type { QName } from '../../base/qname.js'
import type { ValueMapping } from './value-mapping.js'

/** How an element that is nil is written. */
export interface NilForm {
  /** What xsi:type says: an element of an abstract type needs one, nil or not (XML Schema Part 1, cvc-type 2). */
  readonly type: QName | undefined
}

/**
 * The form of null for an element that is nillable.
 *
 * @returns undefined where null cannot be said: a nil element still needs the attributes that its type requires, and
 *   null leaves no place for them
 */
export function formOfNil(value: ValueMapping): NilForm | undefined {
  if (value.kind === 'object') return needsAttributes(value) ? undefined : { type: undefined }
  if (value.kind !== 'polymorphic') return { type: undefined }
  const { declared, alternatives } = value
  if (!declared.abstract && !needsAttributes(declared)) return { type: undefined }
  const other = alternatives.find(({ mapping, typeName }) => typeName && !needsAttributes(mapping))
  return other && { type: other.typeName }
}

function needsAttributes({ attributes }: { readonly attributes: readonly { required: boolean }[] }): boolean {
  return attributes.some(({ required }) => required)
}
