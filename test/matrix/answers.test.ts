import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadAdapter, type RestResponse } from '../../src/index.js'
import { type Cell, matrixContract, matrixWsdl } from './contract.js'
import { bodyJson } from './response.js'

/** What a stack has answered, for where it is not installed. */
interface Seen extends Cell {
  readonly from: string
  readonly what: string
  readonly mediaType: string
  readonly status: number
  readonly answer: string
  readonly expected: object
}

const order = {
  id: 77,
  customer: 'Ünal',
  placed: '2026-11-22T18:29:59.250Z',
  express: true,
  weight: 1.5,
  color: 'GREEN',
  payload: 'AP8QgA==',
  discount: null,
  items: [{ sku: 'A-1', quantity: 2, price: '10.50' }],
}
const done = { status: 200, body: { receipt: '2xA-1', order } }
const rejected = { status: 409, body: { fault: { code: 'R<1>', left: 3 } } }

const seen: readonly Seen[] = [
  {
    from: 'Axis 1.4',
    what: 'rpc:result before the parts, which SOAP 1.2 Part 2, 4.2.1, asks for',
    style: 'rpc literal',
    soap: '1.2',
    mediaType: 'application/soap+xml; charset=utf-8',
    status: 200,
    answer: `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://www.w3.org/2003/05/soap-envelope" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><SubmitResponse xmlns="urn:matrix"><ns1:result xmlns:ns1="http://www.w3.org/2003/05/soap-rpc">receipt</ns1:result><receipt xmlns="">2xA-1</receipt><order xmlns=""><ns2:id xmlns:ns2="urn:matrix">77</ns2:id><ns3:customer xmlns:ns3="urn:matrix">&#xDC;nal</ns3:customer><ns4:placed xmlns:ns4="urn:matrix">2026-11-22T18:29:59.250Z</ns4:placed><ns5:express xmlns:ns5="urn:matrix">true</ns5:express><ns6:weight xmlns:ns6="urn:matrix">1.5</ns6:weight><ns7:color xmlns:ns7="urn:matrix">GREEN</ns7:color><ns8:payload xmlns:ns8="urn:matrix">AP8QgA==</ns8:payload><ns9:discount xsi:nil="true" xmlns:ns9="urn:matrix"/><ns10:items xmlns:ns10="urn:matrix"><ns10:item><ns10:sku>A-1</ns10:sku><ns10:quantity>2</ns10:quantity><ns10:price>10.50</ns10:price></ns10:item></ns10:items></order></SubmitResponse></soapenv:Body></soapenv:Envelope>`,
    expected: done,
  },
  {
    from: 'Axis 1.4',
    what: 'everything in multiRef, in no order, members of arrays named like the array',
    style: 'rpc encoded',
    soap: '1.1',
    mediaType: 'text/xml; charset=utf-8',
    status: 200,
    answer: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><ns1:SubmitResponse soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns1="urn:matrix"><receipt xsi:type="xsd:string">2xA-1</receipt><order href="#id0"/></ns1:SubmitResponse><multiRef id="id0" soapenc:root="0" xsi:type="ns2:Order" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns2="urn:matrix"><id href="#id1"/><customer xsi:type="xsd:string">&#xDC;nal</customer><placed xsi:type="xsd:dateTime">2026-11-22T18:29:59.250Z</placed><express href="#id2"/><weight href="#id3"/><color href="#id4"/><payload xsi:type="xsd:base64Binary">AP8QgA==</payload><discount xsi:type="xsd:decimal" xsi:nil="true"/><items soapenc:arrayType="ns2:Item[1]" xsi:type="soapenc:Array"><items href="#id5"/></items></multiRef><multiRef id="id5" soapenc:root="0" xsi:type="ns5:Item" xmlns:ns5="urn:matrix" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"><sku xsi:type="xsd:string">A-1</sku><quantity href="#id9"/><price href="#id10"/></multiRef><multiRef id="id4" xsi:type="ns3:Color" xmlns:ns3="urn:matrix">GREEN</multiRef><multiRef id="id3" xsi:type="xsd:double">1.5</multiRef><multiRef id="id1" xsi:type="xsd:long">77</multiRef><multiRef id="id2" xsi:type="xsd:boolean">true</multiRef><multiRef id="id9" xsi:type="xsd:int">2</multiRef><multiRef id="id10" xsi:type="xsd:decimal">10.50</multiRef></soapenv:Body></soapenv:Envelope>`,
    expected: done,
  },
  {
    from: 'Axis 1.4',
    what: 'a fault whose detail is behind it, beside a stack trace and the name of the host',
    style: 'rpc encoded',
    soap: '1.1',
    mediaType: 'text/xml; charset=utf-8',
    status: 500,
    answer: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>soapenv:Server.generalException</faultcode><faultstring></faultstring><detail><Rejected href="#id0"/><ns1:exceptionName xmlns:ns1="http://xml.apache.org/axis/">Rejection</ns1:exceptionName><ns2:stackTrace xmlns:ns2="http://xml.apache.org/axis/">at Submission</ns2:stackTrace><ns3:hostname xmlns:ns3="http://xml.apache.org/axis/">till-7</ns3:hostname></detail></soapenv:Fault><multiRef id="id0" soapenc:root="0" soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xsi:type="ns4:Rejection" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns4="urn:matrix"><code xsi:type="xsd:string">R&lt;1&gt;</code><left href="#id1"/></multiRef><multiRef id="id1" xsi:type="xsd:int">3</multiRef></soapenv:Body></soapenv:Envelope>`,
    expected: rejected,
  },
  {
    from: 'SOAP::Lite 1.27',
    what: 'a default namespace that leaks from the wrapper into its accessors',
    style: 'rpc encoded',
    soap: '1.1',
    mediaType: 'text/xml; charset=utf-8',
    status: 200,
    answer: `<soap:Envelope soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body><SubmitResponse xmlns="urn:matrix"><receipt xsi:type="xsd:string">2xA-1</receipt><order xmlns:m="urn:matrix" xsi:type="m:Order"><id xsi:type="xsd:long">77</id><customer xsi:type="xsd:string">Ünal</customer><placed xsi:type="xsd:dateTime">2026-11-22T18:29:59.250Z</placed><express xsi:type="xsd:boolean">true</express><weight xsi:type="xsd:double">1.5</weight><payload xsi:type="xsd:base64Binary">AP8QgA==</payload><discount xsi:nil="true" xsi:type="xsd:decimal" /><color xmlns:m="urn:matrix" xsi:type="m:Color">GREEN</color><items soapenc:arrayType="m:Item[1]" xsi:type="soapenc:Array"><item xmlns:m="urn:matrix" xsi:type="m:Item"><sku xsi:type="xsd:string">A-1</sku><quantity xsi:type="xsd:int">2</quantity><price xsi:type="xsd:decimal">10.50</price></item></items></order></SubmitResponse></soap:Body></soap:Envelope>`,
    expected: done,
  },
  {
    from: 'node-soap 1.13',
    what: 'a fault with status 200',
    style: 'document wrapped',
    soap: '1.1',
    mediaType: 'text/xml; charset=utf-8',
    status: 200,
    answer: `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"  xmlns:m="urn:matrix"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>Not today</faultstring><detail><Rejected xmlns="urn:matrix"><code>R&lt;1&gt;</code><left>3</left></Rejected></detail></soap:Fault></soap:Body></soap:Envelope>`,
    expected: rejected,
  },
]

describe.each(seen)('$from: $what (SOAP $soap, $style)', (cell) => {
  let folder: string
  let server: Server

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'answers-'))
    writeFileSync(join(folder, 'matrix.wsdl'), matrixWsdl(cell, 'http://localhost:1/'))
    server = createServer((_request, response) => {
      response.writeHead(cell.status, { 'content-type': cell.mediaType }).end(cell.answer)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  test('is understood', async () => {
    const { port } = server.address() as AddressInfo
    const adapter = await loadAdapter({
      contract: matrixContract(cell, 'matrix.wsdl'),
      baseDir: folder,
      env: { MATRIX_URL: `http://127.0.0.1:${port}/` },
    })
    const request = { path: {}, query: {}, headers: {}, body: order }
    const response: RestResponse | undefined = await adapter.operations.get('submit')?.invoke(request)
    await adapter.close()
    expect({ status: response?.status, body: bodyJson(response) }).toMatchObject(cell.expected)
  })
})
