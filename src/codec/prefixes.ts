import { SOAP_11, SOAP_12, SOAP_ENCODING_11, SOAP_ENCODING_12, XML, XSD, XSI } from '../base/namespaces.js'
import type { QName } from '../base/qname.js'
import { escapeAttribute } from '../xml/escape.js'

const fixed = new Map([
  [XSI, 'xsi'],
  [XSD, 'xsd'],
  [SOAP_ENCODING_11, 'soapenc'],
  [SOAP_ENCODING_12, 'enc'],
  [SOAP_11, 'soap'],
  [SOAP_12, 'soap'],
  [XML, 'xml'],
])

/** Prefixes of one backend's messages: given out once, the same in all of its envelopes. */
export class Prefixes {
  readonly #prefixOf = new Map<string, string>()

  /** @param namespaces that get the first prefixes, so that envelopes do not depend on what is compiled first */
  constructor(namespaces: Iterable<string> = []) {
    for (const namespace of namespaces) if (namespace !== '') this.#prefix(namespace)
  }

  /** The name as it is written; no namespace is not a prefix, for no default namespace is ever declared. */
  qualified({ namespace, localName }: QName): string {
    return namespace === '' ? localName : `${this.#prefix(namespace)}:${localName}`
  }

  /**
   * Declarations for an envelope, each with a space before it, in the order in which prefixes were given out, whatever the message
   * reaches first.
   */
  declarations(namespaces: ReadonlySet<string>): string {
    for (const namespace of namespaces) if (namespace !== '') this.#prefix(namespace)
    let text = ''
    for (const [namespace, prefix] of [...fixed, ...this.#prefixOf]) {
      if (namespace !== XML && namespaces.has(namespace))
        text += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`
    }
    return text
  }

  #prefix(namespace: string): string {
    const known = fixed.get(namespace) ?? this.#prefixOf.get(namespace)
    if (known !== undefined) return known
    const prefix = `n${this.#prefixOf.size + 1}`
    this.#prefixOf.set(namespace, prefix)
    return prefix
  }
}
