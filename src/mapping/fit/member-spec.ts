import type { Located } from '../../openapi/document.js'
import type { SchemaView } from '../../openapi/schema-view.js'

/** The step of a path that leads to the text of an element with attributes, `xmime:base64Binary` say. */
export const TEXT_STEP = '#text'

/** A member of a JSON object, with all that says where in the XML it belongs. */
export interface MemberSpec {
  /** Matched against canonical names. */
  readonly name: string
  /** The member that carries the value, where that is not the name: parameters have keys of their own. */
  readonly key?: string
  readonly schema: Located
  readonly view: SchemaView
  readonly required: boolean
  /** Steps to its element or attribute, for values that do not come from the schema's own members. */
  readonly path?: readonly string[]
}
