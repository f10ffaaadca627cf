import { describe, expect, test } from 'vitest'
import { type AnswerReader, readAnswer } from '../../../src/adapter/reply/answer.js'
import { readPages } from '../../../src/adapter/reply/answer-pages.js'
import { textOf } from '../../../src/base/bytes/source.js'
import { ByteStream } from '../../../src/base/bytes/stream.js'
import { AdapterError } from '../../../src/base/errors.js'
import { BodyCodec } from '../../../src/codec/body.js'
import { Compiler } from '../../../src/codec/compile.js'
import { JsonText } from '../../../src/codec/json/text.js'
import { Prefixes } from '../../../src/codec/prefixes.js'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import { bodyOf } from '../../../src/mapping/operation/message/body.js'
import fc from '../../oracle/property.js'
import { loadWsdlText } from '../wsdl-text.js'

const soap = 'http://schemas.xmlsoap.org/soap/envelope/'

/** Members before, between and after two lists, one in a wrapper; items with lists of their own. */
const schema = `
  <xs:complexType name="Line"><xs:sequence>
    <xs:element name="Text" type="xs:string"/>
    <xs:element name="Tag" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="Scan" type="xs:base64Binary" minOccurs="0"/>
  </xs:sequence><xs:attribute name="id" type="xs:int"/></xs:complexType>
  <xs:complexType name="Lines"><xs:sequence>
    <xs:element name="Line" type="t:Line" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType>
  <xs:element name="Get"><xs:complexType/></xs:element>
  <xs:element name="GetResponse"><xs:complexType><xs:sequence>
    <xs:element name="Before" type="xs:string"/>
    <xs:element name="Warning" type="xs:string" minOccurs="0" maxOccurs="3"/>
    <xs:element name="Lines" type="t:Lines" minOccurs="0"/>
    <xs:element name="Between" type="xs:decimal" minOccurs="0"/>
    <xs:element name="Page"><xs:complexType><xs:sequence>
      <xs:element name="Entry" type="t:Line" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="More" type="xs:boolean"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="After" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>`

const operation = loadWsdlText(schema, 'Get')
const reader = ((): Omit<AnswerReader, 'newText'> => {
  const canonical = new CanonicalMappings(operation.schemas)
  return {
    namespace: soap,
    output: new BodyCodec(bodyOf(operation.output, canonical), new Compiler(new Prefixes())),
    header: (xml) => {
      xml.skip()
    },
    detail: () => undefined,
  }
})()

const headers = { 'content-type': 'text/xml; charset=utf-8' }

function whole(xml: string): string {
  const answer = readAnswer({ status: 200, headers, body: xml }, reader)
  if (answer.kind !== 'output') throw new Error('no output')
  return textOf([answer.json])
}

interface Read {
  readonly text: string
  readonly pages: number
}

/** @param first bytes that are there before the stream begins @param chunk bytes of each chunk after that */
async function streamed(octets: Buffer, first: number, chunk: number, least: number): Promise<Read> {
  const rest = new ByteStream({ pause: noOp, resume: noOp, cancel: noOp })
  for (let from = first; from < octets.length; from += chunk) rest.push(octets.subarray(from, from + chunk))
  rest.end()
  const pages = readPages(
    { body: octets.subarray(0, first), rest, charset: undefined },
    (xml, pager) =>
      readAnswer(
        { status: 200, headers, body: xml },
        { ...reader, newText: () => new JsonText(undefined, { isTaker: false, pager }) },
      ),
    least,
  )
  let text = ''
  let count = 0
  for await (const page of pages) {
    count++
    if (!page.isLast) text += textOf(page.json)
    else if (page.result.kind === 'output') text += textOf(page.result.segments ?? [page.result.json])
  }
  return { text, pages: count }
}

const noOp = (): void => undefined

const declaration = '<?xml version="1.0" encoding="utf-8"?>'
const envelope = (body: string): string =>
  `${declaration}<s:Envelope xmlns:s="${soap}"><s:Header><x:h xmlns:x="urn:x"/></s:Header>` +
  `<s:Body><t:GetResponse xmlns:t="urn:t" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">${body}</t:GetResponse></s:Body></s:Envelope>`

const line = (name: string, id: number, text: string, tags = 0): string =>
  `<t:${name} id="${id}"><t:Text>${text}</t:Text>${'<t:Tag>x</t:Tag>'.repeat(tags)}</t:${name}>`
const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, index) => line(name, index, `é&amp;${index} 𝄞`, index % 3)).join('\n ')
const page = (entries: string): string => `<t:Page>${entries}<t:More>true</t:More></t:Page>`
const before = '<t:Before>b</t:Before>'

const answers: Readonly<Record<string, string>> = {
  'one list in the middle': envelope(`${before}${page(lines('Entry', 7))}<t:After>a</t:After>`),
  'two long lists': envelope(
    `${before}<t:Lines>${lines('Line', 5)}</t:Lines><t:Between>1.50</t:Between>${page(lines('Entry', 6))}`,
  ),
  'a short list before long ones': envelope(
    `${before}<t:Warning>w</t:Warning><t:Warning>v</t:Warning><t:Lines>${lines('Line', 4)}</t:Lines>${page(lines('Entry', 3))}`,
  ),
  'an item that is longer than a page': envelope(
    `${before}${page(`${lines('Entry', 2)}${line('Entry', 9, 'long '.repeat(200), 80)}${lines('Entry', 2)}`)}`,
  ),
  'comments and sections': envelope(
    `${before}<t:Page><!-- <t:Entry> -->${line('Entry', 1, '<![CDATA[<t:Entry>]]>&#x41;')}<!-- -->${lines('Entry', 3)}<t:More>false</t:More></t:Page>`,
  ),
  'namespaces declared on items': envelope(
    `${before}<t:Page><Entry xmlns="urn:t" id="1"><Text>d</Text></Entry>${lines('Entry', 3)}<t:More>1</t:More></t:Page>`,
  ),
  'empty lists': envelope(`${before}<t:Lines/>${page('')}`),
  'octets in an item': envelope(
    `${before}${page(`${lines('Entry', 2)}<t:Entry><t:Text>s</t:Text><t:Scan>${Buffer.alloc(90_000, 7).toString('base64')}</t:Scan></t:Entry>${lines('Entry', 2)}`)}`,
  ),
}

describe('a response that is read while it arrives', () => {
  test.each(Object.entries(answers))(
    '%s: the same text as of the whole, wherever it is cut',
    async (name, xml) => {
      const octets = Buffer.from(xml)
      const expected = whole(xml)
      const first = 60
      const ends = name === 'octets in an item' ? [1000, 60_000] : [1, 2, 3, 5, 7, 16, 61, 250, 4000]
      let mostPages = 0
      for (const chunk of ends) {
        for (const least of [1, 40, 700]) {
          const { text, pages } = await streamed(octets, first, chunk, least)
          expect(text, `${chunk} bytes, pages of ${least}`).toBe(expected)
          mostPages = Math.max(mostPages, pages)
        }
      }
      if (name !== 'empty lists') expect(mostPages).toBeGreaterThan(1)
    },
  )

  test('the same text for any cut at which the stream begins', async () => {
    const xml = answers['two long lists'] ?? ''
    const octets = Buffer.from(xml)
    const expected = whole(xml)
    for (let first = declaration.length; first <= octets.length; first++) {
      expect((await streamed(octets, first, 50, 30)).text).toBe(expected)
    }
  })

  test('the same text for any lengths of lists and chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          warnings: fc.nat(3),
          first: fc.nat(12),
          second: fc.nat(12),
          chunk: fc.integer({ min: 1, max: 400 }),
          least: fc.integer({ min: 1, max: 400 }),
        }),
        async ({ warnings, first, second, chunk, least }) => {
          const xml = envelope(
            `${before}${'<t:Warning>w</t:Warning>'.repeat(warnings)}<t:Lines>${lines('Line', first)}</t:Lines>${page(lines('Entry', second))}`,
          )
          expect((await streamed(Buffer.from(xml), 60, chunk, least)).text).toBe(whole(xml))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('one page where it ends before a list does, or has none', async () => {
    const xml = answers['empty lists'] ?? ''
    expect(await streamed(Buffer.from(xml), 60, 1000, 1)).toEqual({ text: whole(xml), pages: 1 })
  })

  const bad: readonly (readonly [what: string, xml: string, code: string])[] = [
    ['cut short', (answers['one list in the middle'] ?? '').slice(0, -60), 'backend-malformed'],
    ['cut in an item', (answers['one list in the middle'] ?? '').slice(0, 500), 'backend-malformed'],
    ['more after its end', `${answers['one list in the middle'] ?? ''}<x/>`, 'backend-malformed'],
    [
      'an end tag of another element',
      envelope(`${before}${page(`${lines('Entry', 4)}<t:Entry></t:Entri>`)}`),
      'backend-malformed',
    ],
    [
      'an item that is none',
      envelope(`${before}${page(`${lines('Entry', 4)}<t:Other/>`)}`),
      'backend-mismatch',
    ],
    [
      'a number that is none',
      envelope(`${before}${page(`${lines('Entry', 4)}<t:Entry id="x"><t:Text/></t:Entry>`)}`),
      'backend-mismatch',
    ],
    [
      'a member missing at the end',
      envelope(`${before}<t:Page>${lines('Entry', 4)}</t:Page>`),
      'backend-mismatch',
    ],
    ['a member missing before', envelope(page(lines('Entry', 4))), 'backend-mismatch'],
    [
      'too many of a short list',
      envelope(`${before}${'<t:Warning>w</t:Warning>'.repeat(9)}${page(lines('Entry', 3))}`),
      'backend-mismatch',
    ],
    [
      'a document type',
      `<!DOCTYPE a [<!ENTITY e "x">]>${(answers['one list in the middle'] ?? '').slice(declaration.length)}`,
      'backend-malformed',
    ],
  ]
  test.each(bad)('%s: an error, whatever the pages', async (_, xml, code) => {
    for (const chunk of [1, 33, 400, 10_000]) {
      for (const least of [1, 100, 10_000]) {
        const error: unknown = await streamed(Buffer.from(xml), 60, chunk, least).catch(
          (thrown: unknown) => thrown,
        )
        expect(error).toBeInstanceOf(AdapterError)
        expect((error as AdapterError).code).toBe(code)
      }
    }
  })

  test.each(['utf-16le', 'utf-16be', 'iso-8859-1', 'windows-1252'] as const)(
    'octets in %s',
    async (encoding) => {
      const isWide = encoding.startsWith('utf-16')
      const xml = envelope(`${before}${page(line('Entry', 1, isWide ? 'é𝄞' : 'é').repeat(9))}`).replace(
        'utf-8',
        isWide ? 'utf-16' : encoding,
      )
      const octets = isWide ? Buffer.from(`\ufeff${xml}`, 'utf16le') : Buffer.from(xml, 'latin1')
      if (encoding === 'utf-16be') octets.swap16()
      for (const chunk of [1, 2, 3, 7, 100]) {
        expect((await streamed(octets, isWide ? 160 : 80, chunk, 50)).text).toBe(whole(xml))
      }
    },
  )

  test('invalid bytes after the first page', async () => {
    const octets = Buffer.from(answers['one list in the middle'] ?? '')
    octets[octets.length - 120] = 0xff
    await expect(streamed(octets, 400, 20, 20)).rejects.toThrow(/UTF-8/)
  })
})
