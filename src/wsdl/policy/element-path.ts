import { SOAP_11, SOAP_12 } from '../../base/namespaces.js'
import type { QName } from '../../base/qname.js'
import type { NamespaceScope } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'

/** Elements of a message that a policy names by a plain path: names of elements, one below the other. */
export interface ElementPath {
  /** Below soap:Body or soap:Header; `anywhere` where the path does not say. */
  readonly within: 'body' | 'header' | 'anywhere'
  /** None where the soap:Body itself is meant. */
  readonly steps: readonly QName[]
}

/** An XPath of a policy. */
export interface Selection {
  readonly xpath: string
  /** Undefined for all but plain paths. */
  readonly path: ElementPath | undefined
}

const STEP = /^(?:([\p{L}_][\p{L}\p{N}_.-]*):)?([\p{L}_][\p{L}\p{N}_.-]*)$/u

/**
 * Reads an XPath 1.0 whose context is the soap:Envelope (WS-SecurityPolicy 1.3, section 4.1.2).
 *
 * @param namespaces that its prefixes are declared in
 * @returns undefined where it is anything but a path of names from the envelope, its parts or anywhere on
 */
export function readElementPath(xpath: string, namespaces: NamespaceScope): ElementPath | undefined {
  const [, start = '', rest = ''] = /^(\/{0,2})([^]*)$/.exec(trimXml(xpath)) ?? []
  const steps: QName[] = []
  for (const step of rest.split('/')) {
    const [, prefix, localName] = STEP.exec(trimXml(step)) ?? []
    const namespace = prefix === undefined ? '' : namespaceOf(prefix, namespaces)
    if (localName === undefined || namespace === undefined) return undefined
    steps.push({ namespace, localName })
  }
  if (start === '/' || isOfSoap(steps[0], 'Envelope')) {
    if (!isOfSoap(steps.shift(), 'Envelope')) return undefined
  }
  const [first, ...below] = steps
  if (isOfSoap(first, 'Body')) return { within: 'body', steps: below }
  if (isOfSoap(first, 'Header')) return below.length === 0 ? undefined : { within: 'header', steps: below }
  return start === '//' ? { within: 'anywhere', steps } : undefined
}

function isOfSoap(name: QName | undefined, localName: string): boolean {
  return name?.localName === localName && (name.namespace === SOAP_11 || name.namespace === SOAP_12)
}

function namespaceOf(prefix: string, scope: NamespaceScope): string | undefined {
  for (let each: NamespaceScope | undefined = scope; each; each = each.parent) {
    const namespace = each.declared.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return undefined
}
