import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import type { Base64Place } from '../../../src/http/request/base64-places.js'
import { base64Places } from '../../../src/http/request/base64-places.js'
import { decodeBody, type DecodedBody } from '../../../src/http/request/body.js'
import { JsonBody, readJsonBody } from '../../../src/http/request/json-body.js'
import { type JsonLimits, restoreExactNumbers, restoreHeldTexts } from '../../../src/json/parse.js'
import { jsonLine } from '../../../src/json/text.js'
import { Base64Text, type JsonValue } from '../../../src/json/value.js'
import { OpenApiDocument } from '../../../src/openapi/document.js'
import fc from '../../oracle/property.js'

const LIMITS = { maxDepth: 8, maxValues: 60 }

/** A contract that takes base64 wherever there is a string: as the value, in arrays, as members `a`, `b` and `__proto__`. */
const members = new Map<string, Base64Place>()
const anywhere: Base64Place & { items: Base64Place | undefined } = {
  length: { least: 0, most: Infinity },
  members,
  items: undefined,
}
anywhere.items = anywhere
for (const name of ['a', 'b', '__proto__']) members.set(name, anywhere)

/** Takes a body that arrives in pieces of these lengths, again and again. */
function read(
  body: Buffer,
  {
    lengths = [body.byteLength],
    place = anywhere,
    limits = LIMITS,
  }: { lengths?: readonly number[]; place?: Base64Place; limits?: JsonLimits } = {},
): DecodedBody {
  const json = new JsonBody(limits, 4)
  for (let from = 0, turn = 0; from < body.byteLength; turn++) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? 1)
    json.take(Buffer.from(body.subarray(from, from + length)))
    from += length
  }
  return json.decode(place)
}

const before = ({ value, exact, values }: DecodedBody) => ({
  ...{ exact: exact.map(({ key, source }) => [key, source]), values },
  types: JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, '""'),
})

/** All that can be seen of a body, or what is wrong with it. */
function outcome(decode: () => DecodedBody): unknown {
  try {
    const body = decode()
    const judged = before(body)
    restoreExactNumbers(body.exact)
    restoreHeldTexts(body.held ?? [])
    return { ...judged, value: jsonLine(body.value as JsonValue) }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    return { code: error.code, message: error.message }
  }
}

const base64 = fc
  .uint8Array({ minLength: 3, maxLength: 40 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))
const like = fc.tuple(
  base64,
  fc.constantFrom('', '=', '-', '\n', '"', '\\', 'ä', '\u2028', '😀'),
  fc.nat({ max: 50 }),
)
const string = fc.oneof(
  { weight: 4, arbitrary: base64 },
  like.map(([text, insert, at]) => text.slice(0, at) + insert + text.slice(at)),
  base64.map((text) => text.replace(/.(=+)$/, 'z$1')),
  fc.string(),
)
const name = fc.oneof(
  { weight: 16, arbitrary: fc.constantFrom('a', 'b', '__proto__', 'c', 'd') },
  base64,
  fc.string({ maxLength: 3 }),
)
const isUnique = fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false))
const { document } = fc.letrec<{ value: string; document: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    { weight: 3, arbitrary: string.map((text) => JSON.stringify(text)) },
    // As it is sent by those who escape more than they need to.
    base64.map((text) => JSON.stringify(text).replaceAll('/', '\\/')),
    fc.constantFrom('1', '-0', '1.10', '12345678901234567890', 'null', 'true'),
    tie('document'),
  ),
  document: fc.oneof(
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`),
    fc
      .tuple(isUnique, fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }))
      .map(([unique, entries]) => (unique ? [...new Map(entries)] : entries))
      .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:\n${value}`).join()}}`),
  ),
}))
const damage = fc.record({
  at: fc.nat({ max: 300 }),
  insert: fc.constantFrom('', '"', '\\', ',', '\xff', '{', '\n'),
  isCut: fc.boolean(),
})
/** Documents, and what is left of them when something was lost or added. */
const body = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: document },
      string.map((text) => JSON.stringify(text)),
    ),
    fc.option(damage, { freq: 1 }),
  )
  .map(([text, damaged]) => {
    const octets = Buffer.from(text)
    if (!damaged) return octets
    const { at, insert, isCut } = damaged
    const after = octets.subarray(at + (isCut ? 1 : 0))
    return Buffer.concat([octets.subarray(0, at), Buffer.from(insert, 'latin1'), after])
  })
const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 })
const places = fc.constantFrom<Base64Place>(
  anywhere,
  { members: new Map(), items: undefined },
  { members: new Map([['a', { ...anywhere, length: { least: 5, most: 100 } }]]), items: anywhere },
  {
    length: { least: 1, most: 20 },
    members: new Map([['a', { ...anywhere, length: { least: 0, most: 16 } }]]),
    items: undefined,
  },
)

describe('a body with long texts', () => {
  it('is what it is to those who read it as a whole, and wrong where it is wrong', () => {
    let held = 0
    fc.assert(
      fc.property(body, lengths, places, (octets, chunks, place) => {
        const plain = outcome(() => decodeBody(octets, 'json', LIMITS))
        const pieces = outcome(() => {
          const decoded = read(octets, { lengths: chunks, place })
          held += decoded.held?.length ?? 0
          return decoded
        })
        expect(pieces).toEqual(plain)
      }),
      { numRuns: 4_000 },
    )
    expect(held).toBeGreaterThan(1_000)
  })

  it('holds canonical base64 as bytes, and nothing else', () => {
    const { value, held = [] } = read(
      Buffer.from('{"a":"YWJjZA==","b":["YWJjZB==","YWJj","YWJj\\u0041AAA","YW J"],"c":"YWJj"}'),
    )
    expect(held.map(({ key, text }) => [key, String(text)])).toEqual([
      ['a', 'YWJjZA=='],
      [1, 'YWJj'],
    ])
    restoreHeldTexts(held)
    const { a, ...rest } = value as { a: Base64Text }
    expect(Buffer.from(a.binary.bytes).toString()).toBe('abcd')
    expect(rest).toEqual({
      b: ['YWJjZB==', new Base64Text(expect.anything() as never), 'YWJjAAAA', 'YW J'],
      c: 'YWJj',
    })
  })

  it.each([
    [{ least: 0, most: 7 }, false],
    [{ least: 0, most: 8 }, true],
    [{ least: 4, most: 8 }, true],
    [{ least: 5, most: 8 }, false],
  ])('is judged by its text where another would be judged otherwise: %j', (length, isHeld) => {
    const { value, held = [] } = read(Buffer.from('"YWJjZA=="'), { place: { ...anywhere, length } })
    expect([held.length === 1, value]).toEqual([isHeld, isHeld ? 'AAAA' : 'YWJjZA=='])
  })

  it('is read as a whole where such a text is a name', () => {
    const { value, held } = read(Buffer.from('{"a":"YWJj","YWJj":1}'))
    expect([value, held]).toEqual([{ a: 'YWJj', YWJj: 1 }, undefined])
  })

  it('is not changed for others who listen to the request', async () => {
    const content = Buffer.alloc(300_000, 'abc').toString('base64')
    const sent = JSON.stringify({ a: content })
    const heard: Buffer[] = []
    let decoded: Promise<DecodedBody | undefined> | undefined
    const server = createServer((req, res) => {
      req.on('data', (chunk: Buffer) => heard.push(chunk))
      decoded = readJsonBody(req, { maxBytes: 1_000_000, limits: {}, place: anywhere })
      decoded.finally(() => res.end()).catch(() => undefined)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: sent })
    server.close()
    const [held] = (await decoded)?.held ?? []
    expect(String(held?.text) === content).toBe(true)
    expect(Buffer.concat(heard).toString() === sent).toBe(true)
  })
})

const BASE64 = { type: 'string', contentEncoding: 'base64' }
const withMember = (schema: unknown, more: object = {}) => ({
  type: 'object',
  properties: { a: schema },
  ...more,
})

describe('places of base64', () => {
  const placesOf = (schema: unknown) => {
    const root = {
      components: { schemas: { Root: schema, Base64: BASE64, Pattern: { ...BASE64, pattern: '^A' } } },
    }
    const document = new OpenApiDocument('openapi', root)
    return base64Places(document, { value: schema, pointer: '/components/schemas/Root' })
  }

  it.each([
    ['a member', withMember(BASE64), '{"a":"YWJj"}'],
    ['a member of a member', withMember(withMember(BASE64), { required: ['a'] }), '{"a":{"a":"YWJj"}}'],
    ['an item', withMember({ type: 'array', items: BASE64, maxItems: 3 }), '{"a":["YWJj"]}'],
    ['the value', BASE64, '"YWJj"'],
    ['one that may be null', withMember({ ...BASE64, type: ['string', 'null'] }), '{"a":"YWJj"}'],
    ['the format of OpenAPI 3.0', withMember({ type: 'string', format: 'byte' }), '{"a":"YWJj"}'],
    ['a reference', withMember({ $ref: '#/components/schemas/Base64', description: 'x' }), '{"a":"YWJj"}'],
    ['one with a length', withMember({ ...BASE64, minLength: 1, maxLength: 9 }), '{"a":"YWJj"}'],
    [
      'one with notes',
      withMember({ ...BASE64, title: 'x', 'x-y': 1 }, { additionalProperties: false }),
      '{"a":"YWJj"}',
    ],
    [
      'one in what recurs',
      withMember(BASE64, { properties: { b: { $ref: '#/components/schemas/Root' }, a: BASE64 } }),
      '{"b":{"b":{"a":"YWJj"}}}',
    ],
  ])('are found: %s', (_, schema, text) => {
    const place = placesOf(schema)
    expect(place && read(Buffer.from(text), { place }).held).toHaveLength(1)
  })

  it('are found however many types lead to each other', () => {
    const next = (index: number) => ({ type: 'array', items: { $ref: `#/components/schemas/T${index + 1}` } })
    const types = Array.from({ length: 5_000 }, (_, index) => withMember(next(index)))
    const schemas = Object.fromEntries(
      [...types, withMember(BASE64)].map((type, index) => [`T${index}`, type]),
    )
    const document = new OpenApiDocument('openapi', { components: { schemas } })
    const first = base64Places(document, { value: schemas.T0, pointer: '/components/schemas/T0' })
    const place = types.reduce((found) => found?.members.get('a')?.items, first)
    expect(place?.members.get('a')?.length).toEqual({ least: 0, most: Infinity })
  })

  it.each<readonly [string, unknown]>([
    ['a text', withMember({ type: 'string' })],
    ['any type', withMember({ contentEncoding: 'base64' })],
    ['another encoding', withMember({ type: 'string', contentEncoding: 'base64url' })],
    [
      'an encoding that is not that of the format',
      withMember({ type: 'string', format: 'byte', contentEncoding: 'base16' }),
    ],
    ['another format', withMember({ ...BASE64, format: 'uuid' })],
    ...['pattern', 'enum', 'const', 'not', 'if', 'oneOf', 'anyOf', 'allOf', 'contentSchema', '$id'].map(
      (keyword) => [keyword, withMember({ ...BASE64, [keyword]: {} })] as const,
    ),
    ...[
      'oneOf',
      'allOf',
      'not',
      'if',
      'dependentSchemas',
      'patternProperties',
      'propertyNames',
      'enum',
      'discriminator',
    ].map((keyword) => [`${keyword} above`, withMember(BASE64, { [keyword]: {} })] as const),
    ...['uniqueItems', 'contains', 'prefixItems', 'const'].map(
      (keyword) => [`${keyword} above`, { type: 'array', items: BASE64, [keyword]: {} }] as const,
    ),
    ['a reference to a pattern', withMember({ $ref: '#/components/schemas/Pattern' })],
    ['a reference beside a pattern', withMember({ $ref: '#/components/schemas/Base64', pattern: '^A' })],
    ['a reference that leads nowhere', withMember({ $ref: '#/components/schemas/None' })],
    ['a number', withMember({ type: 'integer' })],
    ['a schema that is a boolean', withMember(true)],
    ['a member that is not declared', withMember({ type: 'string' }, { additionalProperties: BASE64 })],
  ])('are not found: %s', (_, schema) => {
    expect(placesOf(schema)).toBeUndefined()
  })
})
