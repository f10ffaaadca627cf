import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { XSD } from '../../base/namespaces.js'
import type { XmlElement } from '../../xml/tree.js'

/** What XML Schema 1.1 has and 1.0 has not. */
const constructs = new Set([
  'alternative',
  'assert',
  'assertion',
  'defaultOpenContent',
  'explicitTimezone',
  'openContent',
  'override',
])

/** Warns of what is ignored because it is of a later version; once for each construct of a schema. */
export function warnOfLaterVersion(schema: XmlElement, diagnostics: Diagnostics): void {
  const first = new Map<string, XmlElement>()
  const pending = [schema]
  for (let node = pending.pop(); node; node = pending.pop()) {
    const { namespace, localName } = node.name
    if (namespace !== XSD) continue
    if (constructs.has(localName)) {
      const known = first.get(localName)
      if (!known || node.at.line < known.at.line) first.set(localName, node)
    }
    for (const child of node.children) pending.push(child)
  }
  for (const [localName, node] of first) {
    diagnostics.warning(
      'xsd-version',
      `xs:${localName} is of XML Schema 1.1 and is ignored: only what XML Schema 1.0 says is checked.`,
      node.at,
    )
  }
}
