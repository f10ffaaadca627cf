import { describe, expect, test } from 'vitest'
import { type AnswerReader, readAnswer } from '../../../src/adapter/reply/answer.js'
import { readPages } from '../../../src/adapter/reply/answer-pages.js'
import { textOf } from '../../../src/base/bytes/source.js'
import { ByteStream } from '../../../src/base/bytes/stream.js'
import { AdapterError } from '../../../src/base/errors.js'
import { SOAP_11, XSI } from '../../../src/base/namespaces.js'
import { BodyCodec } from '../../../src/codec/body.js'
import { Compiler } from '../../../src/codec/compile.js'
import { JsonText } from '../../../src/codec/json/text.js'
import { Prefixes } from '../../../src/codec/prefixes.js'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import { bodyOf } from '../../../src/mapping/operation/message/body.js'
import fc from '../../oracle/property.js'
import { loadWsdlText } from '../wsdl-text.js'
import {
  decodeByReference,
  type Member,
  type Scalar,
  scalars,
  schemaOf,
  type Struct,
} from './reference-decoder.js'

const headers = { 'content-type': 'text/xml; charset=utf-8' }
const ROOT = 'GetResponse'

type Decoded = { readonly json: string } | { readonly code: string; readonly path: string | undefined }

interface Decoder {
  whole(octets: Buffer): Decoded
  /** @param first octets that are there before the others arrive, in chunks @param least of a page */
  streamed(octets: Buffer, how: { first: number; chunk: number; least: number }): Promise<Decoded>
}

function decoderOf(struct: Struct): Decoder {
  const get = '<xs:element name="Get"><xs:complexType/></xs:element>'
  const operation = loadWsdlText(get + schemaOf(ROOT, struct), 'Get')
  const canonical = new CanonicalMappings(operation.schemas)
  const reader: Omit<AnswerReader, 'newText'> = {
    namespace: SOAP_11,
    output: new BodyCodec(bodyOf(operation.output, canonical), new Compiler(new Prefixes())),
    header: (xml) => {
      xml.skip()
    },
    detail: () => undefined,
  }
  return {
    whole(octets) {
      return caught(() => {
        const answer = readAnswer({ status: 200, headers, body: octets }, reader)
        if (answer.kind !== 'output') throw new Error('no output')
        return textOf(answer.segments ?? [answer.json])
      })
    },
    async streamed(octets, { first, chunk, least }) {
      const rest = new ByteStream({ pause: noOp, resume: noOp, cancel: noOp })
      for (let from = first; from < octets.length; from += chunk) {
        rest.push(octets.subarray(from, from + chunk))
      }
      rest.end()
      const pages = readPages(
        { body: octets.subarray(0, first), rest, charset: undefined },
        (body, pager) =>
          readAnswer(
            { status: 200, headers, body },
            { ...reader, newText: () => new JsonText(undefined, { pager }) },
          ),
        least,
      )
      try {
        let json = ''
        for await (const page of pages) {
          if (!page.isLast) json += textOf(page.json)
          else if (page.result.kind === 'output') json += textOf(page.result.segments ?? [page.result.json])
        }
        return { json }
      } catch (error) {
        return refusalOf(error)
      }
    },
  }
}

const noOp = (): void => undefined

function caught(decode: () => string): Decoded {
  try {
    return { json: decode() }
  } catch (error) {
    return refusalOf(error)
  }
}

function refusalOf(error: unknown): Decoded {
  if (!(error instanceof AdapterError)) throw error
  return { code: error.code, path: error.path }
}

/** Names that no two members beside each other have. */
const NAMES = Array.from('ABCDEFGH')

const leaf = fc.record({
  value: fc.constantFrom(...scalars),
  isOptional: fc.boolean(),
  isRepeated: fc.integer({ min: 0, max: 5 }).map((die) => die === 0),
  isNillable: fc.integer({ min: 0, max: 3 }).map((die) => die === 0),
})

const named = (members: readonly Omit<Member, 'name'>[]): Member[] =>
  members.map((member, index) => ({ ...member, name: NAMES[index] ?? 'Z' }))

const row: fc.Arbitrary<Struct> = fc
  .array(leaf, { minLength: 1, maxLength: 6 })
  .map((members) => ({ kind: 'struct', members: named(members) }))

/** Leaves, one or two structs among them, and a list of structs. */
const struct: fc.Arbitrary<Struct> = fc
  .tuple(fc.array(leaf, { maxLength: 3 }), row, fc.array(leaf, { maxLength: 3 }), row)
  .map(([before, inner, between, item]) => ({
    kind: 'struct',
    members: named([
      ...before,
      { value: inner, isOptional: true, isRepeated: false, isNillable: false },
      ...between,
      { value: item, isOptional: true, isRepeated: true, isNillable: false },
    ]),
  }))

const words: readonly string[] = [
  ...['', '0', '7', '-12', '+5', '007', '-0', '255', '256', '2147483648', '9223372036854775807', '1e3'],
  ...['1.50', '-0.5', '.5', '5.', '1234.567', '123456.7', '00.10', '1.5.1', 'true', 'false', '1', 'TRUE'],
  ...['2024-02-29', '2023-02-29', '2024-03-01Z', '0000-01-01', '2024-04-31', '2024-03-01+05:30'],
  ...['2024-03-01T08:15:30Z', '2024-03-01T08:15:30', '2024-03-01T08:15:30.5+01:00', '2024-03-01T25:00:00Z'],
  ...[
    'EUR',
    'GBP',
    'eur',
    'EURO',
    'Corner shop',
    ' a  b ',
    'a\tb',
    'a\nb',
    'x"y',
    'x\\y',
    'Müller',
    '𝄞',
    '한국어',
  ],
  ...['é', 'ééé', 'éé', '\u{1F600}x', '\uE000', 'a\u007Fb', 'longer than most of the limits'],
]

/** A value that the type takes, mostly, and the way that it is written in the document. */
interface Written {
  readonly pick: number
  readonly style: number
  readonly odd: number
}

const written: fc.Arbitrary<Written> = fc.record({ pick: fc.nat(997), style: fc.nat(99), odd: fc.nat(99) })

/** Draws documents from a stream of choices, which it begins again when it is at the end. */
class Writer {
  #at = 0

  constructor(
    private readonly choices: readonly Written[],
    private readonly prefix: string,
    /** How often something is not as it usually is, in percent. */
    private readonly oddity: number,
  ) {}

  #next(): Written {
    return this.choices[this.#at++ % this.choices.length] ?? { pick: 0, style: 50, odd: 99 }
  }

  struct({ members }: Struct): string {
    return members.map((member) => this.#member(member)).join('')
  }

  #member(member: Member): string {
    const { pick, odd } = this.#next()
    const isOdd = odd < this.oddity
    let count = member.isRepeated ? pick % 4 : member.isOptional ? pick % 2 : 1
    if (isOdd && pick % 2 === 0) count = pick % 3
    return Array.from({ length: count }, () => this.#element(member)).join('')
  }

  #element({ name, value, isNillable }: Member): string {
    const choice = this.#next()
    const isOdd = choice.odd < this.oddity
    const content = value.kind === 'struct' ? this.struct(value) : this.#text(value)
    const between = choice.style % 3 === 0 ? '\n  ' : ''
    const prefixed = (prefix: string): string => (prefix === '' ? name : `${prefix}:${name}`)
    const usual = prefixed(this.prefix)
    if (!isOdd) return `${between}<${usual}>${content}</${usual}>`
    switch (choice.pick % 12) {
      case 0:
        return `<${usual}\n>${content}</${usual} >`
      case 1:
        return `<${usual} xmlns:q="urn:q">${content}</${usual}>`
      case 2:
        return `<q:${name} xmlns:q="urn:t">${value.kind === 'struct' ? '' : content}</q:${name}>`
      case 3:
        return `<${prefixed('u')}>${content}</${prefixed('u')}>`
      case 4:
        return `<!-- <${usual}> --><${usual}>${content}</${usual}><?pi x?>`
      case 5:
        return `<${usual} xsi:nil="${isNillable ? 'true' : 'false'}">${isNillable ? '' : content}</${usual}>`
      case 6:
        return `<${usual} stray="1">${content}</${usual}>`
      case 7:
        return `<${usual}/>`
      case 8:
        return `<${usual}x>${content}</${usual}x>`
      case 9:
        return `<${usual}>${content}<!-- c --></${usual}>`
      case 10:
        return `text<${usual}>${content}</${usual}>`
      default:
        return `<${usual}><${usual}>${content}</${usual}></${usual}>`
    }
  }

  #text({ read }: Scalar): string {
    const { pick, style, odd } = this.#next()
    const valid = words.filter((word) => read(word) !== undefined)
    const isOdd = odd < this.oddity
    const among = isOdd && pick % 2 === 0 ? words : valid
    const word = among[pick % among.length] ?? ''
    const escaped = word.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    if (!isOdd) return escaped
    if (style < 20) return `<![CDATA[${word}]]>`
    if (style < 40) return Array.from(word, (character) => `&#${character.codePointAt(0) ?? 0};`).join('')
    if (style < 60) return ` ${escaped}\r\n`
    return style < 70 ? `${escaped}]]>` : escaped
  }
}

function envelope(content: string, prefix: string): string {
  const root = prefix === '' ? ROOT : `${prefix}:${ROOT}`
  const declared = prefix === '' ? ' xmlns="urn:t"' : ` xmlns:${prefix}="urn:t"`
  return (
    `<s:Envelope xmlns:s="${SOAP_11}" xmlns:xsi="${XSI}" xmlns:u="urn:u"><s:Body>` +
    `<${root}${declared}>${content}</${root}></s:Body></s:Envelope>`
  )
}

const documents = fc.record({
  choices: fc.array(written, { minLength: 20, maxLength: 80 }),
  prefix: fc.constantFrom('', 't', 'u'),
  oddity: fc.constantFrom(0, 4, 15),
  /** What is done to the octets at last: nothing, mostly. */
  damage: fc.option(
    fc.record({ at: fc.nat(9999), by: fc.constantFrom('', '<', '>', '&', '/', '\u0001', 'A') }),
    {
      freq: 4,
    },
  ),
})

function documentOf(
  struct: Struct,
  {
    choices,
    prefix,
    oddity,
    damage,
  }: { choices: Written[]; prefix: string; oddity: number; damage: { at: number; by: string } | null },
): string {
  const xml = envelope(new Writer(choices, prefix, oddity).struct(struct), prefix)
  if (!damage) return xml
  const from = xml.indexOf('<s:Body>') + 8
  const at = from + (damage.at % (xml.length - from))
  // What is left of half a character is another one.
  return Buffer.from(xml.slice(0, at) + damage.by + xml.slice(at + 1)).toString()
}

const structs = fc.sample(struct, 24)
const decoders = structs.map(decoderOf)
const cases = fc.record({ schema: fc.nat(structs.length - 1), document: documents })

function chosen(schema: number): { struct: Struct; decoder: Decoder } {
  const [struct, decoder] = [structs[schema], decoders[schema]]
  if (!struct || !decoder) throw new Error('no such schema')
  return { struct, decoder }
}

describe('answers to random schemas', () => {
  test('are decoded as a reference decodes what libxml2 reads, or refused with it', () => {
    const seen = { decoded: 0, mismatch: 0, malformed: 0 }
    fc.assert(
      fc.property(cases, ({ schema, document }) => {
        const { struct, decoder } = chosen(schema)
        const xml = documentOf(struct, document)
        const expected = decodeByReference(xml, ROOT, struct)
        const decoded = decoder.whole(Buffer.from(xml))
        if ('json' in expected) {
          seen.decoded++
          expect({ xml, decoded }).toEqual({ xml, decoded: expected })
          return
        }
        seen[expected.refused]++
        // What is read from front to back may be no answer before it is seen to be not well-formed.
        const codes =
          expected.refused === 'mismatch' ? ['backend-mismatch'] : ['backend-mismatch', 'backend-malformed']
        expect({ xml, ok: 'code' in decoded && codes.includes(decoded.code) }).toEqual({ xml, ok: true })
      }),
      { numRuns: 4000 },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(200)
  })

  test('tell names by what their prefixes mean in the document, not in the one before', () => {
    const [type] = scalars
    if (!type) throw new Error('no types')
    const member = { value: type, isOptional: false, isRepeated: false, isNillable: false }
    const decoder = decoderOf({ kind: 'struct', members: named([member, member]) })
    const answer = (second: string): Decoded =>
      decoder.whole(Buffer.from(envelope(`<t:A>1</t:A>${second}`, 't').replace('urn:u', 'urn:t')))
    const other = Buffer.from(envelope('<t:A>1</t:A><u:B>2</u:B>', 't'))
    for (const second of ['<t:B>2</t:B>', '<u:B>2</u:B>', '<u:B>2</u:B>']) {
      expect(answer(second)).toEqual({ json: '{"a":1,"b":2}' })
    }
    expect(decoder.whole(other)).toMatchObject({ code: 'backend-mismatch' })
  })

  test('are refused where a leaf that is required is missing, also once its name has been seen', () => {
    const [type] = scalars
    if (!type) throw new Error('no types')
    const required = { value: type, isOptional: false, isRepeated: false, isNillable: false }
    const decoder = decoderOf({
      kind: 'struct',
      members: named([required, required, { ...required, isOptional: true }, required, required]),
    })
    const answer = (names: string): Decoded =>
      decoder.whole(
        Buffer.from(envelope(Array.from(names, (name) => `<t:${name}>1</t:${name}>`).join(''), 't')),
      )
    expect([answer('ABCDE'), answer('ABDE')]).toEqual([
      { json: '{"a":1,"b":1,"c":1,"d":1,"e":1}' },
      { json: '{"a":1,"b":1,"d":1,"e":1}' },
    ])
    for (const names of ['BCDE', 'ACDE', 'ADE', 'ABCE', 'ABE', 'ABCD', 'ABD', 'AE', 'A', 'ABBDE', 'BADE']) {
      expect({ names, answer: answer(names) }).toMatchObject({ names, answer: { code: 'backend-mismatch' } })
    }
  })

  test('come to the same at whatever octet what arrives first is cut, and in whatever chunks', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 90 }), async ({ schema, document }, least) => {
        const { struct, decoder } = chosen(schema)
        const octets = Buffer.from(documentOf(struct, document))
        const expected = decoder.whole(octets)
        for (let first = 1; first < octets.length; first++) {
          const decoded = await decoder.streamed(octets, { first, chunk: octets.length, least })
          expect({ xml: octets.toString(), first, decoded }).toEqual({
            xml: octets.toString(),
            first,
            decoded: expected,
          })
        }
        for (const chunk of [1, 2, 7, 64]) {
          const decoded = await decoder.streamed(octets, { first: 1, chunk, least })
          expect({ xml: octets.toString(), chunk, decoded }).toEqual({
            xml: octets.toString(),
            chunk,
            decoded: expected,
          })
        }
      }),
      { numRuns: 16 },
    )
  })
})
