import { type DiagnosticCode } from '../base/diagnostic-code.js'
import { type Diagnostics, type SourceLocation } from '../base/diagnostic.js'
import { type Located, type OpenApiDocument } from '../openapi/document.js'
import { type SchemaView } from '../openapi/schema-view.js'
import { type MemberSpec } from './member-spec.js'
import { type ElementMapping, type ValueMapping } from './value-mapping.js'

/** Which way values go decides what each side may leave out. */
export type Direction = 'request' | 'response'

/** What the parts of a contract need while they are fitted onto the canonical mappings. */
export interface Fitting {
  readonly document: OpenApiDocument
  readonly direction: Direction
  readonly diagnostics: Diagnostics
  view(schema: Located): SchemaView
  /** @param at where the XSD declares the value */
  value(canonical: ValueMapping, schema: Located, at: SourceLocation): ValueMapping
  /** A repeated element whose occurrences are the items of an array. */
  item(element: ElementMapping, items: Located): ElementMapping
  /** The properties of an object schema. */
  specs(view: SchemaView): MemberSpec[]
  /** `null` is xsi:nil, and nothing else (docs/annotation.md). */
  checkNull(element: ElementMapping, view: SchemaView): void
  /** Says where the contract and the XSD disagree. */
  mismatch(pointer: string, message: string, at: SourceLocation, code?: DiagnosticCode): void
  /** @returns false, with a diagnostic, where the schema does not allow the type */
  expectType(view: SchemaView, type: string, at: SourceLocation, because: string): boolean
}
