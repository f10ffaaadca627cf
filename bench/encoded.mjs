/** What rpc/encoded costs: the same rows as document/literal, and as an array of SOAP 1.1, section 5, with `xsi:type` everywhere. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cpuMicros } from './credential.mjs'
import { importFrom, ownBuild } from './builds.mjs'
import { median } from './load.mjs'
import { transactionList } from './messages.mjs'

const namespace = 'urn:example:ledger:v1'
const XSD = 'http://www.w3.org/2001/XMLSchema'
const SOAP_ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/'

/** Members of a row, in order, with their types and how JSON has them. */
const MEMBERS = {
  Id: ['long', { type: 'integer', format: 'int64' }],
  Booked: ['date', { type: 'string', format: 'date' }],
  Value: ['date', { type: 'string', format: 'date' }],
  Entered: ['dateTime', { type: 'string', format: 'date-time' }],
  Amount: ['decimal', { type: 'string', format: 'decimal' }],
  Balance: ['decimal', { type: 'string', format: 'decimal' }],
  Ccy: ['string', { type: 'string' }],
  Kind: ['string', { type: 'string' }],
  Text: ['string', { type: 'string' }],
  Memo: ['string', { type: 'string' }],
  Open: ['boolean', { type: 'boolean' }],
}

/**
 * @returns by direction and number of rows: CPU microseconds of both styles, and the ratio, medians of the rounds. Answers are
 *   decoded to JSON, requests encoded from the same rows
 */
export async function measureEncoded({ rounds, milliseconds, directory, progress }) {
  const { compileContract } = await importFrom(ownBuild, 'adapter/adapter.js')
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  const operations = Object.fromEntries(
    ['literal', 'encoded'].map((style) => {
      const contract = writeContract(directory, style)
      return [style, compileContract({ contract }).operations]
    }),
  )
  const results = {}
  for (const count of [1, 20, 200]) {
    progress(`rpc/encoded: ${count} rows`)
    const rows = rowsOf(count)
    const bodies = { literal: literal(rows), encoded: encoded(rows) }
    const answers = (style) => {
      const operation = operations[style].get('listRows')
      return () => operation.decode({ status: 200, headers, body: bodies[style] }).body
    }
    const [one, other] = ['literal', 'encoded'].map((style) => String(answers(style)()))
    if (one !== other) throw new Error('both styles must give the same JSON')
    const request = { path: {}, query: {}, headers: {}, body: JSON.parse(one) }
    const requests = (style) => {
      const operation = operations[style].get('addRows')
      return () => operation.encode(request).body
    }
    const runs = { rounds, milliseconds }
    results[`${count} rows`] = measured(answers, bodies, runs)
    const sent = { literal: requests('literal')(), encoded: requests('encoded')() }
    results[`${count} rows sent`] = measured(requests, sent, runs)
  }
  return results
}

/**
 * @param jobOf the work in a style, which gives something that has a length
 * @param messages in both styles
 */
function measured(jobOf, messages, { rounds, milliseconds }) {
  const micros = { literal: [], encoded: [] }
  const jobs = { literal: jobOf('literal'), encoded: jobOf('encoded') }
  for (let round = 0; round < rounds; round++) {
    for (const style of Object.keys(micros)) {
      micros[style].push(cpuMicros(() => jobs[style]().length, milliseconds))
    }
  }
  return {
    literalMicros: median(micros.literal),
    encodedMicros: median(micros.encoded),
    timesLiteral: median(micros.encoded.map((each, round) => each / micros.literal[round])),
    timesBytes: Buffer.byteLength(messages.encoded) / Buffer.byteLength(messages.literal),
  }
}

/** The rows of the list that all parts measure with, each as its members and their texts; what is absent is empty. */
function rowsOf(count) {
  const items = transactionList(count).match(/<Items>.*?<\/Items>/gs) ?? []
  return items.map((item) =>
    Object.keys(MEMBERS).map((name) => [
      name,
      new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(item)?.[1] ?? '',
    ]),
  )
}

function literal(rows) {
  const items = rows.map(
    (row) => `<Rows>${row.map(([name, text]) => `<${name}>${text}</${name}>`).join('')}</Rows>`,
  )
  return Buffer.from(
    `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
      `<ListRowsResponse xmlns="${namespace}">${items.join('')}</ListRowsResponse></soap:Body></soap:Envelope>`,
  )
}

function encoded(rows) {
  const leaf = ([name, text]) => `<${name} xsi:type="xsd:${MEMBERS[name][0]}">${text}</${name}>`
  const items = rows.map((row) => `<item xsi:type="led:Row">${row.map(leaf).join('')}</item>`)
  return Buffer.from(
    `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="${XSD}" ` +
      `xmlns:xsi="${XSD}-instance" xmlns:enc="${SOAP_ENCODING}" xmlns:led="${namespace}">` +
      `<soap:Body soap:encodingStyle="${SOAP_ENCODING}"><led:ListRowsResponse>` +
      `<Rows xsi:type="enc:Array" enc:arrayType="led:Row[${rows.length}]">${items.join('')}</Rows>` +
      `</led:ListRowsResponse></soap:Body></soap:Envelope>`,
  )
}

/** @returns the path of an OpenAPI document with one list, beside its WSDL */
function writeContract(directory, style) {
  const isEncoded = style === 'encoded'
  const wsdl = `${style}.wsdl`
  writeFileSync(join(directory, wsdl), isEncoded ? encodedWsdl() : literalWsdl())
  const properties = Object.fromEntries(
    Object.entries(MEMBERS).map(([name, [, schema]]) => [name[0].toLowerCase() + name.slice(1), schema]),
  )
  const row = { type: 'object', required: Object.keys(properties), properties }
  const rows = { type: 'array', items: row }
  const content = {
    'application/json': { schema: { type: 'object', required: ['rows'], properties: { rows } } },
  }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Rows', version: '1.0.0' },
    servers: [{ url: '/v1' }],
    security: [],
    'x-soap-backends': { ledger: { wsdl, endpoint: 'http://127.0.0.1:9/ledger' } },
    paths: {
      '/rows': {
        get: {
          operationId: 'listRows',
          'x-soap': { operation: 'ListRows' },
          responses: { 200: { description: 'The rows.', content } },
        },
        post: {
          operationId: 'addRows',
          'x-soap': { operation: 'AddRows' },
          requestBody: { required: true, content },
          responses: { 204: { description: 'They are added.' } },
        },
      },
    },
  }
  const contract = join(directory, `${style}.json`)
  writeFileSync(contract, JSON.stringify(document))
  return contract
}

const OPERATIONS = ['ListRows', 'AddRows']

function wsdlOf(types, output, style, body) {
  return `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="${XSD}" xmlns:enc="${SOAP_ENCODING}" xmlns:led="${namespace}" targetNamespace="${namespace}">
<wsdl:types><xs:schema targetNamespace="${namespace}" elementFormDefault="${style === 'rpc' ? 'unqualified' : 'qualified'}">${types}</xs:schema></wsdl:types>
${output}
<wsdl:portType name="P">${OPERATIONS.map((name) => `<wsdl:operation name="${name}"><wsdl:input message="led:${name}In"/><wsdl:output message="led:${name}Out"/></wsdl:operation>`).join('')}</wsdl:portType>
<wsdl:binding name="B" type="led:P"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/>
${OPERATIONS.map((name) => `<wsdl:operation name="${name}"><soap:operation soapAction=""/><wsdl:input>${body}</wsdl:input><wsdl:output>${body}</wsdl:output></wsdl:operation>`).join('')}</wsdl:binding>
<wsdl:service name="S"><wsdl:port name="P" binding="led:B"><soap:address location="http://127.0.0.1:9/ledger"/></wsdl:port></wsdl:service></wsdl:definitions>`
}

const rowType = `<xs:complexType name="Row"><xs:sequence>${Object.entries(MEMBERS)
  .map(([name, [type]]) => `<xs:element name="${name}" type="xs:${type}"/>`)
  .join('')}</xs:sequence></xs:complexType>`

function literalWsdl() {
  const wrapper = (name, content) =>
    `<xs:element name="${name}"><xs:complexType><xs:sequence>${content}</xs:sequence></xs:complexType></xs:element>`
  const rows = '<xs:element name="Rows" type="led:Row" minOccurs="0" maxOccurs="unbounded"/>'
  const lists = wrapper('ListRows', '') + wrapper('ListRowsResponse', rows)
  const types = rowType + lists + wrapper('AddRows', rows) + wrapper('AddRowsResponse', '')
  const message = (name, element) =>
    `<wsdl:message name="${name}"><wsdl:part name="parameters" element="led:${element}"/></wsdl:message>`
  const messages = OPERATIONS.map(
    (name) => message(`${name}In`, name) + message(`${name}Out`, `${name}Response`),
  ).join('')
  return wsdlOf(types, messages, 'document', '<soap:body use="literal"/>')
}

function encodedWsdl() {
  const array =
    '<xs:complexType name="Rows"><xs:complexContent><xs:restriction base="enc:Array">' +
    '<xs:attribute ref="enc:arrayType" wsdl:arrayType="led:Row[]"/></xs:restriction></xs:complexContent></xs:complexType>'
  const part = '<wsdl:part name="Rows" type="led:Rows"/>'
  const messages =
    `<wsdl:message name="ListRowsIn"/><wsdl:message name="ListRowsOut">${part}</wsdl:message>` +
    `<wsdl:message name="AddRowsIn">${part}</wsdl:message><wsdl:message name="AddRowsOut"/>`
  const body = `<soap:body use="encoded" namespace="${namespace}" encodingStyle="${SOAP_ENCODING}"/>`
  return wsdlOf(rowType + array, messages, 'rpc', body)
}
