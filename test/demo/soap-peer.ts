import { fileURLToPath } from 'node:url'
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { expect } from 'vitest'

xmlRegisterFsInputProviders()

export interface SoapPeerOptions {
  readonly soapVersion: '1.1' | '1.2'
  /** Of the schema that declares the messages, below wsdl/. */
  readonly schema: string
  /** By prefix, that of the messages first; `env` and `xsi` are added. */
  readonly namespaces: Readonly<Record<string, string>>
}

/** The answer to one call, already judged by libxml2. */
export class Answer {
  constructor(
    readonly status: number,
    readonly xml: string,
    /** Local name of the output element, or of the fault's detail. */
    readonly name: string,
    private readonly document: XmlDocument,
    private readonly namespaces: Readonly<Record<string, string>>,
  ) {}

  all(xpath: string): string[] {
    return this.document.find(xpath, this.namespaces).map((node) => node.content)
  }

  one(xpath: string): string {
    const found = this.all(xpath)
    expect(found, xpath).toHaveLength(1)
    return found[0] ?? ''
  }
}

/** Writes envelopes by hand and has everything that is sent and received validated by libxml2. */
export class SoapPeer {
  /** Namespace of the envelope. */
  readonly envelope: string
  readonly #namespaces: Readonly<Record<string, string>>
  readonly #validator: XsdValidator
  readonly #documents: XmlDocument[] = []

  constructor(private readonly options: SoapPeerOptions) {
    this.envelope =
      options.soapVersion === '1.1'
        ? 'http://schemas.xmlsoap.org/soap/envelope/'
        : 'http://www.w3.org/2003/05/soap-envelope'
    this.#namespaces = {
      env: this.envelope,
      xsi: 'http://www.w3.org/2001/XMLSchema-instance',
      ...options.namespaces,
    }
    const path = fileURLToPath(new URL(`../../wsdl/${options.schema}`, import.meta.url))
    const [messages = ''] = Object.values(options.namespaces)
    const include = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <xs:import namespace="${messages}" schemaLocation="${path}"/></xs:schema>`
    const document = XmlDocument.fromString(include)
    this.#validator = XsdValidator.fromDoc(document)
    document.dispose()
  }

  /**
   * @param body of the envelope, in the peer's prefixes
   * @param action the operation's soapAction
   */
  async call(url: string, body: string, action: string): Promise<Answer> {
    const declarations = Object.entries(this.#namespaces).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
    const envelope = `<env:Envelope ${declarations.join(' ')}><env:Body>${body}</env:Body></env:Envelope>`
    this.#judge(this.#parse(envelope), '/env:Envelope/env:Body/*')
    const response = await fetch(url, {
      method: 'POST',
      headers:
        this.options.soapVersion === '1.1'
          ? { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` }
          : { 'content-type': `application/soap+xml; charset=utf-8; action="${action}"` },
      body: envelope,
    })
    const xml = await response.text()
    const document = this.#parse(xml)
    const detail = this.options.soapVersion === '1.1' ? 'detail' : 'env:Detail'
    const isFault = document.find('/env:Envelope/env:Body/env:Fault', this.#namespaces).length > 0
    const name = this.#judge(document, `/env:Envelope/env:Body/${isFault ? `env:Fault/${detail}/*` : '*'}`)
    return new Answer(response.status, xml, name, document, this.#namespaces)
  }

  /** Frees what the responses hold. */
  clear(): void {
    for (const document of this.#documents.splice(0)) document.dispose()
  }

  dispose(): void {
    this.clear()
    this.#validator.dispose()
  }

  #parse(xml: string): XmlDocument {
    const document = XmlDocument.fromString(xml)
    this.#documents.push(document)
    return document
  }

  #judge(document: XmlDocument, xpath: string): string {
    const found = document.find(xpath, this.#namespaces)
    expect(found, `${xpath} in ${document.toString()}`).toHaveLength(1)
    const [element] = found
    if (!(element instanceof XmlElement)) throw new TypeError(`${xpath} is not an element`)
    this.#validator.validate(element)
    return element.name
  }
}
