import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAdapter } from '../../src/index.js'
import { type Front, openFront } from './front.js'
import { answer, ScriptedBackend } from './peers/scripted-backend.js'

const WSDL = `<definitions targetNamespace="urn:p" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:p"
    xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types><xs:schema targetNamespace="urn:p" elementFormDefault="qualified">
    <xs:simpleType name="Evil"><xs:restriction base="xs:string"><xs:pattern value="(a|aa)+"/></xs:restriction></xs:simpleType>
    <xs:element name="Ask"><xs:complexType><xs:sequence>
      <xs:element name="Word" type="xs:string"/><xs:element name="Xsd" type="t:Evil" minOccurs="0"/>
      <xs:element name="Mail" type="xs:string" minOccurs="0"/><xs:element name="Key" type="xs:string" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Told"><xs:complexType><xs:sequence>
      <xs:element name="Word" type="t:Evil"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:schema></types>
  <message name="In"><part name="p" element="t:Ask"/></message>
  <message name="Out"><part name="p" element="t:Told"/></message>
  <portType name="P"><operation name="Ask"><input message="t:In"/><output message="t:Out"/></operation></portType>
  <binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Ask"><s:operation soapAction=""/><input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
  <service name="S"><port name="P" binding="t:B"><s:address location="http://localhost/"/></port></service>
</definitions>`

const contract = (endpoint: string) => ({
  openapi: '3.1.0',
  info: { title: 'Patterns', version: '1' },
  security: [],
  'x-soap-backends': { words: { wsdl: 'words.wsdl', endpoint } },
  paths: {
    '/words': {
      post: {
        operationId: 'ask',
        'x-soap': { backend: 'words', operation: 'Ask', request: { Key: '$request.query.key' } },
        parameters: [{ name: 'key', in: 'query', schema: { type: 'string', pattern: '^(\\w+\\s?)*$' } }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['word'],
                properties: {
                  word: { type: 'string', pattern: '^(a+)+$' },
                  xsd: { type: 'string' },
                  mail: { type: 'string', format: 'email', pattern: '^\\s+|[^x]+$' },
                },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'Told',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['word'],
                  properties: { word: { type: 'string' } },
                },
              },
            },
          },
        },
      },
    },
  },
})

const MANY = 'a'.repeat(30_000)
const directory = mkdtempSync(join(tmpdir(), 'patterns-'))
const backend = new ScriptedBackend()
let front: Front

beforeAll(async () => {
  await backend.start()
  writeFileSync(join(directory, 'words.wsdl'), WSDL)
  const adapter = await loadAdapter({ contract: contract(backend.url), baseDir: directory, env: {} })
  front = await openFront(adapter)
})

afterAll(async () => {
  await front.close()
  await backend.stop()
  rmSync(directory, { recursive: true })
})

function tell(word: string): void {
  const told = `<t:Told xmlns:t="urn:p"><t:Word>${word}</t:Word></t:Told>`
  backend.script = answer(
    200,
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${told}</e:Body></e:Envelope>`,
  )
}

interface Told {
  readonly status: number
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
  readonly word?: string
}

async function ask(body: object, query = ''): Promise<Told> {
  const response = await fetch(`${front.url}/words${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { ...((await response.json()) as object), status: response.status }
}

describe('a text that makes a backtracking engine slow', () => {
  const refused: readonly (readonly [
    what: string,
    body: object,
    query: string,
    pointer: string,
    detail: string,
  ])[] = [
    ['in a body', { word: `${MANY}b` }, '', '/word', 'must match pattern "^(a+)+$"'],
    [
      'in a parameter',
      { word: 'a' },
      `?key=${'a'.repeat(5000)}-`,
      'query/key',
      'must match pattern "^(\\w+\\s?)*$"',
    ],
    [
      'beside a format',
      { word: 'a', mail: `x@x.${MANY}x` },
      '',
      '/mail',
      'must match pattern "^\\s+|[^x]+$"',
    ],
  ]
  it.each(refused)('%s is 400 while another request is answered', async (_, body, query, pointer, detail) => {
    tell('a')
    const [evil, good] = await Promise.all([
      ask(body, query),
      ask({ word: 'aaa', mail: 'a@b.example' }, '?key=a'),
    ])
    expect(evil.status).toBe(400)
    expect(evil.errors).toContainEqual({ pointer, detail })
    expect(good).toEqual({ status: 200, word: 'a' })
  })

  it('against a pattern of the WSDL is 422 while another request is answered', async () => {
    tell('a')
    const [evil, good] = await Promise.all([
      ask({ word: 'a', xsd: `${MANY}b` }),
      ask({ word: 'a', xsd: MANY }),
    ])
    expect(evil.status).toBe(422)
    expect(good.status).toBe(200)
  })

  it('in a response of a backend is 502 while another request is answered', async () => {
    tell(`${MANY}b`)
    const evil = ask({ word: 'a' })
    expect((await ask({ word: 'b' })).status).toBe(400)
    expect((await evil).status).toBe(502)
  })
})
