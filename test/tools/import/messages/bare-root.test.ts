import { describe, expect, test } from 'vitest'
import { loadAdapter } from '../../../../src/index.js'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

/** A body whose one element is of a named type, from which others derive: xsi:type tells (XML Schema Part 1, 3.3.4). */

const types = `<xs:complexType name="Party"><xs:sequence><xs:element name="name" type="xs:string"/></xs:sequence></xs:complexType>
<xs:complexType name="Person"><xs:complexContent><xs:extension base="t:Party"><xs:sequence><xs:element name="born" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="Alone"><xs:sequence><xs:element name="name" type="xs:string"/></xs:sequence></xs:complexType>`

function imported(type: string) {
  const elements = `<xs:element name="Echo" type="t:${type}"/><xs:element name="EchoResponse" type="t:${type}"/>`
  const text = wsdlText([{ name: 'Echo', input: '', output: '' }], types).replaceAll(
    /<xs:element name="Echo(?:Response)?"><xs:complexType><xs:sequence><\/xs:sequence><\/xs:complexType><\/xs:element>\n?/g,
    '',
  )
  const { directory, file } = writeWsdl(text.replace('</xs:schema>', `${elements}</xs:schema>`))
  return { directory, document: importWsdl(file, { baseDir: directory, style: 'rpc' }) }
}

async function echoOf(document: OpenApiObject, baseDir: string) {
  const adapter = await loadAdapter({ contract: document, baseDir, env: {} })
  expect(adapter.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const [operation] = adapter.operations.values()
  if (!operation) throw new Error('no operation')
  return {
    decode: (type: string, content: string): string =>
      String(
        operation.decode({
          status: 200,
          headers: { 'content-type': 'text/xml' },
          body: `<E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/"><E:Body><t:EchoResponse xmlns:t="urn:test:shop" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"${type && ` i:type="t:${type}"`}>${content}</t:EchoResponse></E:Body></E:Envelope>`,
        }).body,
      ),
    encode: (body: object): string =>
      String(operation.encode({ path: {}, query: {}, headers: {}, body: body as never }).body),
  }
}

const name = '<t:name>a</t:name>'
const person = `${name}<t:born>1980</t:born>`

describe('the element of a bare body', () => {
  test('is of the declared type or of one derived from it', async () => {
    const { directory, document: made } = imported('Party')
    const { document } = await made
    const { decode, encode } = await echoOf(document, directory)
    expect(decode('', name)).toBe('{"type":"Party","name":"a"}')
    expect(decode('Party', name)).toBe('{"type":"Party","name":"a"}')
    expect(decode('Person', person)).toBe('{"type":"Person","name":"a","born":1980}')
    expect(() => decode('Alone', name)).toThrow('xsi:type that the contract does not allow')
    expect(encode({ type: 'Party', name: 'a' })).toContain(':Echo><')
    expect(encode({ type: 'Person', name: 'a', born: 1980 })).toMatch(/:Echo xsi:type="\w+:Person">/)
  })

  test('has its members as the body where nothing derives from its type', async () => {
    const { directory, document: made } = imported('Alone')
    const { document } = await made
    const { decode, encode } = await echoOf(document, directory)
    expect(decode('', name)).toBe('{"name":"a"}')
    expect(decode('Alone', name)).toBe('{"name":"a"}')
    expect(() => decode('Party', name)).toThrow('xsi:type that the contract does not allow')
    expect(encode({ name: 'a' })).toContain(':Echo><')
  })

  test('has them too where the contract knows the declared type alone', async () => {
    const { directory, document: made } = imported('Party')
    const { document } = await made
    const [[path, item] = []] = Object.entries(document.paths as Readonly<Record<string, OpenApiObject>>)
    const post = item?.post as OpenApiObject
    const { operation } = post['x-soap'] as OpenApiObject
    const schema = {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { name: { type: 'string' } },
    }
    const content = { 'application/json': { schema } }
    const contract = {
      ...document,
      paths: {
        [path ?? '']: {
          post: {
            operationId: 'echo',
            'x-soap': { operation },
            requestBody: { required: true, content },
            responses: { '200': { description: 'ok', content } },
          },
        },
      },
    }
    const { decode, encode } = await echoOf(contract, directory)
    expect(decode('Party', name)).toBe('{"name":"a"}')
    expect(() => decode('Person', person)).toThrow('xsi:type that the contract does not allow')
    expect(encode({ name: 'a' })).toContain(':Echo><')
  })
})
