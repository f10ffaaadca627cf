import { MSDATA, XSD } from '../../base/namespaces.js'
import { clark } from '../../base/qname.js'
import { attributeOf, childrenNamed, resolveQName, type XmlElement } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'
import type { IdentityConstraint, IdentityPath, NameTest } from '../model/model.js'

const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}._-]*$/u

/**
 * The keys that an xs:element declares for what is below it (XML Schema Part 1, 3.11). An xs:keyref asks for nothing to be there,
 * so that it is none of them; nor is one whose XPath is not of the subset of section 3.11.6, which selects nothing.
 */
export function identityConstraintsOf(node: XmlElement): IdentityConstraint[] {
  if (node.children.length === 0) return []
  return ['key', 'unique'].flatMap((kind) =>
    childrenNamed(node, XSD, kind).flatMap((constraint) => {
      const [selector] = childrenNamed(constraint, XSD, 'selector').map(pathsOf)
      const fields = childrenNamed(constraint, XSD, 'field').map(pathsOf)
      const known = fields.flatMap((paths) => (paths ? [paths] : []))
      return selector && known.length > 0 && known.length === fields.length
        ? [{ kind: kind === 'key' || isPrimary(constraint) ? 'key' : 'unique', selector, fields: known }]
        : []
    }),
  )
}

/** A DataSet of .NET writes its primary keys, whose columns are never null, as xs:unique. */
function isPrimary(constraint: XmlElement): boolean {
  const name = clark({ namespace: MSDATA, localName: 'PrimaryKey' })
  return trimXml(constraint.attributes.get(name)) === 'true'
}

/** The alternatives of an XPath, or nothing where one of them is not allowed. */
function pathsOf(node: XmlElement): readonly IdentityPath[] | undefined {
  const written = (attributeOf(node, 'xpath') ?? '').split('|')
  const paths = written.flatMap((path) => pathOf(node, path.replaceAll(/\s/g, '')) ?? [])
  return paths.length === written.length ? paths : undefined
}

function pathOf(node: XmlElement, path: string): IdentityPath | undefined {
  const isDeep = path.startsWith('.//')
  const written = (isDeep ? path.slice(3) : path).split('/').filter((step) => step !== '.')
  const steps = written.flatMap((step) => stepOf(node, step) ?? [])
  const isWhole =
    steps.length === written.length && steps.slice(0, -1).every(({ isAttribute }) => !isAttribute)
  return isWhole ? { isDeep, steps } : undefined
}

function stepOf(node: XmlElement, step: string): NameTest | undefined {
  const bare = step.replace(/^(?:@|attribute::|child::)/, '')
  const isAttribute = step.startsWith('@') || step.startsWith('attribute::')
  if (bare === '*') return { isAttribute }
  if (bare.endsWith(':*')) {
    const name = resolveQName(node, `${bare.slice(0, -1)}any`)
    return name && { isAttribute, namespace: name.namespace }
  }
  // A name without a prefix is one without a namespace (XPath 1.0, 2.3).
  const name = bare.includes(':') ? resolveQName(node, bare) : { namespace: '', localName: bare }
  return name && NAME.test(name.localName) ? { isAttribute, ...name } : undefined
}
