import type { DiagnosticCode } from '../../base/diagnostic/code.js'
import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { Located, OpenApiDocument } from '../../openapi/document.js'
import type { SchemaView } from '../../openapi/schema-view.js'
import type { ElementMapping, ValueMapping } from '../canonical/value-mapping.js'
import type { DocumentSchemas } from './document-schemas.js'
import type { MemberSpec } from './member-spec.js'

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
  /** The same, of a schema that is looked at already; what it says of a document in a text is passed over. */
  viewed(canonical: ValueMapping, view: SchemaView, at: SourceLocation): ValueMapping
  /** Where the schemas of documents in texts come from. */
  readonly documents: DocumentSchemas
  /** What `remember` was told under the same key. */
  known(canonical: ValueMapping, key: string): ValueMapping | undefined
  /** @param key pointer of the schema, or more where that is not all that tells */
  remember(canonical: ValueMapping, key: string, mapping: ValueMapping): void
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
