import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import { trimXml, xmlWords } from '../../xml/white-space.js'
import type { Wildcard } from '../model/model.js'
import { annotated } from './annotation.js'

/** Builds xs:any or xs:anyAttribute (Part 1, 3.10.2). */
export function buildWildcard(node: XmlElement, targetNamespace: string, diagnostics: Diagnostics): Wildcard {
  const process = trimXml(attributeOf(node, 'processContents')) ?? 'strict'
  const processContents = process === 'lax' || process === 'skip' ? process : 'strict'
  if (process !== processContents) {
    diagnostics.error('xsd-wildcard', 'processContents must be strict, lax or skip.', node.at)
  }
  const namespace = attributeOf(node, 'namespace') ?? '##any'
  return {
    kind: 'any',
    namespaces: namespaces(trimXml(namespace), targetNamespace),
    processContents,
    ...annotated(node),
  }
}

function namespaces(lexical: string, targetNamespace: string): Wildcard['namespaces'] {
  if (lexical === '##any') return { kind: 'any' }
  if (lexical === '##other') return { kind: 'not', namespaces: [...new Set([targetNamespace, ''])] }
  const only = xmlWords(lexical).map((name) =>
    name === '##targetNamespace' ? targetNamespace : name === '##local' ? '' : name,
  )
  return { kind: 'only', namespaces: [...new Set(only)] }
}
