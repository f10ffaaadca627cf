import type { OpenApiObject } from '../../openapi/document.js'
import type { ElementMapping, ValueMapping } from '../canonical/value-mapping.js'

/** `camel` is the canonical name, `preserve` the name as the XSD writes it. */
export type MemberNaming = 'camel' | 'preserve'

/** What object schemas are made with. */
export interface SchemaSource {
  readonly naming: MemberNaming
  /** The schema of a value; hints are names for it where its XSD type has none. */
  value(mapping: ValueMapping, ...hints: readonly string[]): OpenApiObject
  /** The schema of an element as a member. @param certain false where the XSD may leave out what it stands in */
  element(
    element: ElementMapping,
    options: { readonly certain: boolean; readonly parent: string },
  ): OpenApiObject
}
