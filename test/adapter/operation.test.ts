import { describe, expect, test } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import { CompiledOperation } from '../../src/adapter/operation.js'
import type { RestRequest } from '../../src/adapter/rest.js'
import { AdapterError } from '../../src/base/errors.js'
import { parseJson, restoreExactNumbers } from '../../src/json/parse.js'
import type { JsonValue } from '../../src/json/value.js'
import { root } from '../oracle/contracts.js'
import { adapter, answer, bodyOf, fault, operationOf, request } from './contract.js'

const store = operationOf(adapter(), 'store')
const total = operationOf(adapter(), 'total')
const poke = operationOf(adapter(), 'poke')

/** Nothing but what is required. */
const least = request({ path: { id: '1' }, body: { where: { aisle: 'A' } } })
const encoded = (more: Partial<RestRequest>): string => bodyOf(store.encode({ ...least, ...more }).body)

function json(text: string): JsonValue {
  const parsed = parseJson(text)
  restoreExactNumbers(parsed.exact)
  return parsed.value as JsonValue
}

function refusal(act: () => unknown): AdapterError {
  try {
    act()
  } catch (error) {
    if (error instanceof AdapterError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a request', () => {
  test('goes to the endpoint of the WSDL, with the headers of its SOAP version', () => {
    expect(store.encode(least)).toMatchObject({
      url: 'http://localhost:1/w',
      headers: {
        'content-type': 'application/soap+xml; charset=utf-8; action="urn:store"',
        accept: 'application/soap+xml',
      },
    })
    expect(poke.encode(request({ path: { id: 'a' } })).headers['content-type']).toBe(
      'application/soap+xml; charset=utf-8',
    )
  })

  test('has constants, defaults of parameters and of members, and parts of the body, in schema order', () => {
    expect(encoded({})).toBe(
      '<Store><Id>1</Id><Fragile>false</Fragile><Channel>$REST &amp; more</Channel><Level>3</Level>' +
        '<Note>none</Note><Kind>BOX</Kind><Place><Aisle>A</Aisle></Place></Store>',
    )
  })

  test('has all that was sent', () => {
    expect(
      encoded({
        query: { weight: '1.50', fragile: 'true', tag: ['a', 'b,c'], number: '1,2', day: '2024-02-29' },
        headers: { 'accept-language': 'en<"' },
        body: { where: { aisle: 'A', shelf: 0 }, note: '', kind: 'BAG' },
      }),
    ).toBe(
      '<Store lang="en&lt;&quot;"><Id>1</Id><Weight>1.50</Weight><Fragile>true</Fragile><Channel>$REST &amp; more</Channel>' +
        '<Level>3</Level><Tag>a</Tag><Tag>b,c</Tag><Number>1</Number><Number>2</Number><Note></Note><Kind>BAG</Kind>' +
        '<Place><Aisle>A</Aisle><Shelf>0</Shelf></Place><Day>2024-02-29</Day></Store>',
    )
  })

  test.each([
    ['18446744073709551615', '18446744073709551615'],
    ['9007199254740993', '9007199254740993'],
    ['0', '0'],
  ])('writes the digits of the path parameter %s', (id, written) => {
    expect(encoded({ path: { id } })).toContain(`<Id>${written}</Id>`)
  })

  test.each(['0.1000', '123456789012345678901234567890.123456789', '-0.0', '1'])(
    'writes the digits of the query parameter %s',
    (weight) => {
      expect(encoded({ query: { weight } })).toContain(`<Weight>${weight}</Weight>`)
    },
  )

  test('a decimal has no exponent in XML, whatever the client writes', () => {
    expect(encoded({ query: { weight: '1.5e3' } })).toContain('<Weight>1500</Weight>')
    expect(encoded({ query: { weight: '15E-3' } })).toContain('<Weight>0.015</Weight>')
  })

  test('one text is an array of one', () => {
    expect(encoded({ query: { tag: 'a,b' } })).toContain('<Tag>a,b</Tag>')
    expect(encoded({ query: { number: '5' } })).toContain('<Number>5</Number>')
  })

  test.each<[string, Partial<RestRequest>, string]>([
    ['a path parameter below its range', { path: { id: '-1' } }, 'path/id'],
    ['a path parameter above its range', { path: { id: '18446744073709551616' } }, 'path/id'],
    ['a path parameter that is not a number', { path: { id: 'abc' } }, 'path/id'],
    ['a path parameter with space', { path: { id: ' 1' } }, 'path/id'],
    ['a path parameter in hexadecimal', { path: { id: '0x1' } }, 'path/id'],
    ['no path parameter', { path: {} }, 'path/id'],
    ['a boolean that is none', { query: { fragile: 'TRUE' } }, 'query/fragile'],
    ['an item of a list', { query: { number: '1,x' } }, 'query/number/1'],
    ['too many', { query: { tag: ['a', 'b', 'c', 'd'] } }, 'query/tag'],
    ['a day that does not exist', { query: { day: '2023-02-29' } }, 'query/day'],
    [
      'a header that XML cannot carry',
      { headers: { 'accept-language': '\u0001' } },
      'header/accept-language',
    ],
    ['a member below the body', { body: { where: { aisle: 1 } } }, '/where/aisle'],
    ['an absent member', { body: { where: { shelf: 1 } } }, '/where/aisle'],
    ['a member out of range', { body: { where: { aisle: 'A', shelf: 2 ** 31 } } }, '/where/shelf'],
    ['a member of the body', { body: { where: { aisle: 'A' }, note: 'a\u0000b' } }, '/note'],
  ])('is refused for %s', (_, more, pointer) => {
    const error = refusal(() => encoded(more))
    expect(error.code).toBe('request-unencodable')
    expect(error.violations.map((violation) => violation.pointer.toLowerCase())).toEqual([pointer])
  })

  test('no member of the body passes for a parameter, a constant or what objects inherit', () => {
    const forged = json(
      '{"where":{"aisle":"A"},"query.weight":"9","=Channel":"X","channel":"X","level":9,"__proto__":{"note":"X"}}',
    )
    expect(encoded({ body: forged })).toBe(encoded({}))
  })

  test('no parameter is taken from what objects inherit', () => {
    expect(encoded({ query: Object.create({ weight: '1' }) as Record<string, string> })).not.toContain(
      'Weight',
    )
  })
})

const result = (item: string, key = 'k'): string =>
  `<StoreResponse xmlns="urn:w"><Result><Key>${key}</Key><Total>1.10</Total>${item}</Result></StoreResponse>`

describe('a response', () => {
  test('is the selected part, without what stands around it', () => {
    const decoded = store.decode(answer(result('<Item><Name>n</Name></Item>')), least)
    expect(decoded).toMatchObject({ status: 200, body: '{"name":"n"}' })
    expect(decoded.headers['content-type']).toBe('application/json')
  })

  test('without the selected part is not found', () => {
    expect(refusal(() => store.decode(answer(result('')), least)).code).toBe('resource-not-found')
  })

  test('leaves out what the contract does not have, and keeps digits', () => {
    expect(total.decode(answer(result('<Item><Name>n</Name></Item>')), least).body).toBe('{"total":1.10}')
  })

  test('fills templates, percent-encoded', () => {
    const { headers } = store.decode(answer(result('<Item><Name>ä/b c?&amp;"\n</Name></Item>')), {
      ...least,
      path: { id: '007' },
      query: { weight: '1.50' },
      headers: { 'accept-language': 'en, de;q=0.5\r\nX-Evil: 1' },
    })
    expect(headers['content-location']).toBe(
      '/v1/007/%C3%A4%2Fb%20c%3F%26%22%0A?n=1.50&l=en%2C%20de%3Bq%3D0.5%0D%0AX-Evil%3A%201',
    )
  })

  test('fills nothing in for a parameter that was not sent', () => {
    const { headers } = store.decode(answer(result('<Item><Name>n</Name></Item>')), least)
    expect(headers['content-location']).toBe('/v1/1/n?n=&l=')
  })

  test('a lone surrogate cannot come from XML', () => {
    const body = answer(result('<Item><Name>&#xD800;</Name></Item>'))
    expect(refusal(() => store.decode(body, least)).code).toBe('backend-malformed')
  })

  test.each([
    ['an empty 202', { status: 202, headers: {}, body: '' }],
    ['an envelope', answer('')],
  ])('of a one-way operation is 202 without content: %s', (_, sent) => {
    expect(poke.decode(sent, request({ path: { id: '1' } }))).toEqual({ status: 202, headers: {}, body: '' })
  })
})

describe('a fault', () => {
  const id = '3F2504E0-4F89-41D3-9A0C-0305E82C3301'
  const full = fault('<FullFault xmlns="urn:w"><Free>0</Free></FullFault>')

  test('that is declared and mapped is a problem with its detail', () => {
    const { status, headers, body } = store.decode(full, least)
    expect(status).toBe(409)
    expect(headers).toEqual({ 'content-type': 'application/problem+json' })
    expect(JSON.parse(String(body))).toEqual({
      type: '/problems/declared-fault#FullFault',
      title: 'Full',
      status: 409,
      code: 'FullFault',
      fault: { free: 0 },
    })
  })

  test('that is declared and not mapped is a problem with 502', () => {
    const { status, body } = total.decode(full, least)
    expect(status).toBe(502)
    expect(JSON.parse(String(body))).toMatchObject({ status: 502, code: 'FullFault' })
  })

  test.each([['<Other xmlns="urn:w">secret</Other>'], [''], ['secret']])(
    'that is not declared is an error without its texts: %j',
    (detail) => {
      const error = refusal(() => store.decode(fault(detail), least))
      expect(error.code).toBe('backend-fault')
      expect(error.message).not.toContain('secret')
      expect(String(error.cause)).toContain('Sender')
      expect(String(error.cause)).not.toContain('secret')
    },
  )

  test('of a one-way operation is an error, not a success', () => {
    expect(refusal(() => poke.decode(full, least)).code).toBe('backend-fault')
  })

  const instanceOf = (requestId: string): unknown => {
    if (!(store instanceof CompiledOperation)) throw new Error('operations of an adapter are compiled')
    return (JSON.parse(String(store.decode(full, least, requestId).body)) as { instance?: string }).instance
  }

  test('names the request where its identifier is a UUID, and nothing else', () => {
    expect(instanceOf(id)).toBe(`urn:uuid:${id.toLowerCase()}`)
    expect(instanceOf('"},"evil":{"')).toBeUndefined()
    expect(instanceOf('')).toBeUndefined()
  })
})

describe('samples', () => {
  test.each(['store', 'total', 'poke'])('of %s are the same at every call, and can be encoded', (name) => {
    const operation = operationOf(adapter(), name)
    for (const optionals of ['all', 'none'] as const) {
      const sample = operation.sample({ optionals })
      expect(sample).toEqual(operation.sample({ optionals }))
      expect(() => operation.encode(sample)).not.toThrow()
    }
  })

  test('with nothing optional have what is required and no more', () => {
    const sample = store.sample({ optionals: 'none' })
    expect(Object.keys(sample.path)).toEqual(['id'])
    expect(sample.query).toEqual({})
    expect(sample.headers).toEqual({ 'content-type': 'application/json' })
    expect(Object.keys(sample.body as object)).toEqual(['where', 'kind'])
  })

  test('with everything have every parameter and member', () => {
    const sample = store.sample({ optionals: 'all' })
    expect(Object.keys(sample.query).sort()).toEqual(['day', 'fragile', 'number', 'tag', 'weight'])
    expect(Object.keys(sample.headers).sort()).toEqual(['accept-language', 'content-type'])
    expect(Object.keys(sample.body as object).sort()).toEqual(['kind', 'note', 'where'])
  })

  test('of responses can be decoded, also where the selected part is optional', () => {
    for (const optionals of ['all', 'none'] as const) {
      expect(store.decode(store.sampleResponse({ optionals }), least).status).toBe(200)
      expect(total.decode(total.sampleResponse({ optionals }), least).status).toBe(200)
    }
    expect(poke.sampleResponse({ optionals: 'all' })).toEqual({ status: 202, headers: {}, body: '' })
  })

  const own = compileContract({ contract: `${root}openapi.yaml`, env: {} })

  test.each([...own.operations.keys()])('%s of our own contract goes there and back', (name) => {
    const operation = operationOf(own, name)
    for (const optionals of ['all', 'none'] as const) {
      const sample = operation.sample({ optionals })
      const sent = operation.encode(sample)
      expect(sent.url).toMatch(/^http:\/\/localhost:910\d\//)
      const decoded = operation.decode(operation.sampleResponse({ optionals }), sample)
      expect(decoded.status).toBeGreaterThanOrEqual(200)
      expect(decoded.status).toBeLessThan(300)
      if (decoded.headers['content-type'] === 'application/json') {
        expect(() => parseJson(String(decoded.body))).not.toThrow()
      } else expect(decoded.body).toHaveLength(0)
    }
  })

  test.each([
    ['createPayment', /^\/v1\/payments\/PMT-\d{10}$/],
    ['openAccount', /^\/v1\/accounts\/AC-\d{8}$/],
    ['createStandingOrder', /^\/v1\/standing-orders\/[^/]+$/],
    ['createLoanApplication', /^\/v1\/loan-applications\/[^/]+$/],
    ['registerPatient', /^\/v1\/patients\/[^/]+$/],
    ['submitDocument', /^\/v1\/documents\/[^/]+$/],
  ])('%s says where what it made is', (name, location) => {
    const operation = operationOf(own, name)
    const { status, headers } = operation.decode(operation.sampleResponse({ optionals: 'none' }))
    expect(status).toBe(201)
    expect(headers.location).toMatch(location)
  })
})
