import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Page = string | ((req: IncomingMessage, res: ServerResponse) => void)

/** A server on a free port of 127.0.0.1: XML pages by path and query, and what it was asked for. */
export class WebServer {
  readonly asked: string[] = []
  readonly #server = createServer((req, res) => {
    const url = req.url ?? '/'
    this.asked.push(url)
    const page = this.pages[url]
    if (page === undefined) res.writeHead(404).end('No such page.')
    else if (typeof page === 'string') res.writeHead(200, { 'content-type': 'text/xml' }).end(page)
    else page(req, res)
  })

  private constructor(readonly pages: Record<string, Page>) {}

  static async start(pages: Record<string, Page> = {}): Promise<WebServer> {
    const server = new WebServer(pages)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  url(path: string): URL {
    return new URL(path, `http://${this.host}`)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

export function redirectTo(location: string): Page {
  return (_, res) => res.writeHead(302, { location }).end('Elsewhere.')
}

/** A WSDL of one operation, whose types are in the schemas that it imports. */
export function wsdlText(imports: readonly string[], types = '', wsdlImports = ''): string {
  const schemas = imports.map((location) => `<xs:import namespace="urn:t" schemaLocation='${location}'/>`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" xmlns:w="urn:w" targetNamespace="urn:w">
<wsdl:documentation>Says <b>nothing</b>, not even schemaLocation="here.xsd".</wsdl:documentation>
${wsdlImports}<wsdl:types><xs:schema targetNamespace="urn:other">${schemas.join('')}</xs:schema>${types}</wsdl:types>
<wsdl:message name="In"><wsdl:part name="p" element="t:GetThing"/></wsdl:message>
<wsdl:message name="Out"><wsdl:part name="p" element="t:GetThingResponse"/></wsdl:message>
<wsdl:portType name="P"><wsdl:operation name="GetThing"><wsdl:input message="w:In"/><wsdl:output message="w:Out"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="B" type="w:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="GetThing"><soap:operation soapAction="urn:get"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="P" binding="w:B"><soap:address location="http://soap.example/things"/></wsdl:port></wsdl:service>
</wsdl:definitions>`
}

export function schemaText(content: string): string {
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">${content}</xs:schema>`
}

const sequence = (...content: readonly string[]) =>
  `<xs:complexType><xs:sequence>${content.join('')}</xs:sequence></xs:complexType>`

/** What {@link wsdlText} needs of `urn:t`. */
export const things =
  `<xs:element name="GetThing">${sequence('<xs:element name="Id" type="xs:string"/>')}</xs:element>` +
  `<xs:element name="GetThingResponse">${sequence('<xs:element name="Name" type="xs:string"/>')}</xs:element>`
