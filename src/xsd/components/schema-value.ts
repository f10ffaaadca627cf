import { clark } from '../../base/qname.js'
import type { XmlElement } from '../../xml/tree.js'
import type { SimpleType } from '../model/model.js'
import { hasNames, withNamespaces } from '../values/qualified-names.js'
import { normalizeWhiteSpace } from '../values/white-space.js'
import { referenceIn, type SchemaDocument } from './schema-document.js'

/**
 * A value that a schema gives – of an enumeration, `fixed`, `default` – in lexical form: white space dealt with as its
 * type says, qualified names in Clark notation.
 *
 * @param node where it stands: its namespaces are in scope
 */
export function schemaValue(
  node: XmlElement,
  written: string,
  type: SimpleType,
  document: SchemaDocument,
): string {
  const lexical = normalizeWhiteSpace(type.facets.whiteSpace, written)
  if (!hasNames(type)) return lexical
  return withNamespaces(type, lexical, (name) => {
    const resolved = referenceIn(node, name, document)
    return resolved && clark(resolved)
  })
}
