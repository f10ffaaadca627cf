import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlElement,
  type XmlNode,
  xmlRegisterInputProvider,
  XsdValidator,
} from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

const XSD = 'http://www.w3.org/2001/XMLSchema'

/** Names as XPath wants them. */
export const SOAP_NAMESPACES = {
  wsdl: 'http://schemas.xmlsoap.org/wsdl/',
  xs: XSD,
  env11: 'http://schemas.xmlsoap.org/soap/envelope/',
  env12: 'http://www.w3.org/2003/05/soap-envelope',
} as const

const inline = new XmlBufferInputProvider({})
xmlRegisterInputProvider(inline)
xmlRegisterFsInputProviders()

type Direction = 'input' | 'output'

/** Judges envelopes by the schemas of a WSDL and by its messages, with libxml2: no part of it is ours. */
export class EnvelopeJudge {
  readonly #validator: XsdValidator
  readonly #wsdl: XmlDocument
  readonly #elements = new Map<string, string>()

  constructor(private readonly path: string) {
    this.#wsdl = XmlDocument.fromString(readFileSync(path, 'utf8'))
    const aggregate = XmlDocument.fromString(aggregateOf(this.#wsdl, path))
    this.#validator = XsdValidator.fromDoc(aggregate)
    aggregate.dispose()
  }

  /**
   * @param operation name of the wsdl:operation
   * @returns what is wrong with the envelope of a request or a response; nothing where it is valid
   */
  complaints(operation: string, direction: Direction, envelope: string): readonly string[] {
    const document = XmlDocument.fromString(envelope)
    try {
      const body = bodyOf(document)
      if (!body) return ['no soap:Envelope with one soap:Body']
      const children = body.find('*')
      const [child] = children
      if (!(child instanceof XmlElement) || children.length !== 1)
        return [`${children.length} children of soap:Body`]
      if (body.find('text()[normalize-space()]').length > 0) return ['text in soap:Body']
      const name = `{${child.namespaceUri}}${child.name}`
      const key = `${operation} ${direction}`
      const expected = this.#elements.get(key) ?? this.#messageElement(operation, direction)
      this.#elements.set(key, expected)
      if (name !== expected) return [`${name} where ${expected} is declared`]
      return this.#validate(child)
    } finally {
      document.dispose()
    }
  }

  dispose(): void {
    this.#validator.dispose()
    this.#wsdl.dispose()
  }

  #validate(element: XmlElement): readonly string[] {
    try {
      this.#validator.validate(element)
      return []
    } catch (error) {
      if (error instanceof Error) return [error.message]
      throw error
    }
  }

  /** The element of the one part of a document/literal message, in Clark's notation. */
  #messageElement(operation: string, direction: Direction): string {
    const message = localName(
      this.#one(`//wsdl:portType/wsdl:operation[@name='${operation}']/wsdl:${direction}/@message`).content,
    )
    const part = this.#one(`//wsdl:message[@name='${message}']/wsdl:part/@element`)
    const [prefix = ''] = part.content.split(':')
    const namespace = part.parent?.namespaces[prefix] ?? this.#wsdl.root.namespaces[prefix] ?? ''
    return `{${namespace}}${localName(part.content)}`
  }

  #one(xpath: string): XmlNode {
    const [found, ...more] = this.#wsdl.find(xpath, SOAP_NAMESPACES)
    if (!found || more.length > 0) throw new Error(`${xpath} does not name one node of ${this.path}`)
    return found
  }
}

/** The text of every element without children and of every attribute but those of XML Schema itself. */
export function leavesOf(envelope: string): readonly string[] {
  const document = XmlDocument.fromString(envelope)
  try {
    const xsi = 'http://www.w3.org/2001/XMLSchema-instance'
    const leaves = `//*[not(*)][not(@*[namespace-uri()='${xsi}' and local-name()='nil'])]`
    return document.find(`${leaves} | //@*[namespace-uri()!='${xsi}']`).map((node) => node.content)
  } finally {
    document.dispose()
  }
}

function bodyOf(document: XmlDocument): XmlElement | undefined {
  const found = document.find('/env11:Envelope/env11:Body | /env12:Envelope/env12:Body', SOAP_NAMESPACES)
  const [body] = found
  return found.length === 1 && body instanceof XmlElement ? body : undefined
}

/**
 * One schema that imports all of a WSDL. The schemas within wsdl:types become documents beside the WSDL, with the
 * namespaces that are in scope there, so that relative locations hold.
 */
function aggregateOf(wsdl: XmlDocument, path: string): string {
  const locations = new Map<string, string[]>()
  const add = (namespace: string, location: string) => {
    locations.set(namespace, [...(locations.get(namespace) ?? []), location])
  }
  const schemas = wsdl.find('/wsdl:definitions/wsdl:types/xs:schema', SOAP_NAMESPACES)
  for (const [index, schema] of schemas.entries()) {
    if (!(schema instanceof XmlElement)) continue
    const namespace = schema.attr('targetNamespace')?.value
    if (namespace === undefined) {
      for (const node of schema.find('xs:import[@schemaLocation]', SOAP_NAMESPACES)) {
        if (!(node instanceof XmlElement)) continue
        const location = new URL(node.attr('schemaLocation')?.value ?? '', pathToFileURL(path))
        add(node.attr('namespace')?.value ?? '', fileURLToPath(location))
      }
      continue
    }
    const location = `${path}.types-${index}.xsd`
    inline.addBuffer(location, Buffer.from(schema.canonicalizeToString()))
    add(namespace, location)
  }
  const imports = [...locations].map(([namespace, [first = '', ...others]]) => {
    let location = first
    if (others.length > 0) {
      // libxml2 takes one import for each namespace.
      location = `${path}.all-${locations.size}-${others.length}.xsd`
      const includes = [first, ...others].map((each) => `<xs:include schemaLocation="${each}"/>`)
      const document = `<xs:schema xmlns:xs="${XSD}" targetNamespace="${namespace}">${includes.join('')}</xs:schema>`
      inline.addBuffer(location, Buffer.from(document))
    }
    return `<xs:import namespace="${namespace}" schemaLocation="${location}"/>`
  })
  // With a namespace of its own, so that what it imports may import a schema without one.
  return `<xs:schema xmlns:xs="${XSD}" targetNamespace="urn:all">${imports.join('')}</xs:schema>`
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
