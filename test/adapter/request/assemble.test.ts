import { describe, expect, test } from 'vitest'
import { assemble, disassemble, violationOf } from '../../../src/adapter/request/assemble.js'
import { pick } from '../../../src/adapter/source-value.js'
import { EncodeError } from '../../../src/codec/codec.js'
import { ExactNumber, type JsonValue } from '../../../src/json/value.js'
import { scalar } from '../../../src/mapping/canonical/scalar.js'
import type { RequestMember } from '../../../src/mapping/operation/mapping.js'
import type { Source } from '../../../src/mapping/operation/source.js'
import { builtInType } from '../../../src/xsd/model/built-in-types.js'
import type { BuiltInName } from '../../../src/xsd/model/model.js'
import fc from '../../oracle/property.js'
import { request } from '../contract.js'

function member(type: BuiltInName, source: Source, more: Partial<RequestMember> = {}): RequestMember {
  const value = scalar(builtInType(type))
  return { key: 'k', source, value, repeated: false, default: undefined, explode: true, ...more }
}

const query: Source = { kind: 'parameter', in: 'query', name: 'q' }

function read(
  type: BuiltInName,
  sent: string | readonly string[],
  more: Partial<RequestMember> = {},
): unknown {
  return assemble([member(type, query, more)], request({ query: { q: sent } })).k
}

describe('a parameter', () => {
  test.each<[BuiltInName, string, unknown]>([
    ['int', '7', new ExactNumber('7')],
    ['long', '9007199254740993', new ExactNumber('9007199254740993')],
    ['double', '1.5E3', new ExactNumber('1.5E3')],
    ['int', '+7', '+7'],
    ['int', '07', '07'],
    ['int', ' 7', ' 7'],
    ['int', '', ''],
    ['int', 'NaN', 'NaN'],
    ['int', '0x10', '0x10'],
    ['int', '1_000', '1_000'],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['boolean', '1', '1'],
    ['boolean', 'True', 'True'],
    ['string', '7', '7'],
    ['string', 'true', 'true'],
    ['string', '', ''],
    ['decimal', '1.10', '1.10'],
    ['date', '2024-02-29', '2024-02-29'],
  ])('of xs:%s that says %j', (type, sent, value) => {
    expect(read(type, sent)).toEqual(value)
  })

  test.each<[string, string | readonly string[], boolean, unknown[]]>([
    ['several texts', ['1', '2'], true, [new ExactNumber('1'), new ExactNumber('2')]],
    ['one text, exploded', '1', true, [new ExactNumber('1')]],
    ['one text with commas', '1,2', false, [new ExactNumber('1'), new ExactNumber('2')]],
    ['one text without', '1', false, [new ExactNumber('1')]],
    ['what is not a number among them', '1,x', false, [new ExactNumber('1'), 'x']],
  ])('that repeats: %s', (_, sent, explode, value) => {
    expect(read('int', sent, { repeated: true, explode })).toEqual(value)
  })

  test('of an xs:list', () => {
    expect(read('NMTOKENS', 'a,b', { explode: false })).toEqual(['a', 'b'])
  })

  test.each<[BuiltInName, unknown, unknown]>([
    ['int', 20, new ExactNumber('20')],
    ['boolean', false, false],
    ['string', 'x', 'x'],
    ['decimal', 1.5, '1.5'],
    ['string', undefined, undefined],
  ])('of xs:%s that is not sent has its default %j', (type, fallback, value) => {
    expect(assemble([member(type, query, { default: fallback })], request()).k).toEqual(value)
  })

  test('that is sent empty has no default', () => {
    expect(read('string', '', { default: 'x' })).toBe('')
  })

  test.each(['path', 'query', 'header'] as const)('of %s is not something that objects inherit', (place) => {
    const source: Source = { kind: 'parameter', in: place, name: 'constructor' }
    expect(assemble([member('string', source)], request())).toEqual({})
  })
})

describe('a constant', () => {
  test.each<[BuiltInName, string | number | boolean, unknown]>([
    ['string', 'a', 'a'],
    ['string', 5, '5'],
    ['int', 5, new ExactNumber('5')],
    ['int', '5', new ExactNumber('5')],
    ['boolean', true, true],
    ['boolean', 'true', true],
    ['decimal', 1.5, '1.5'],
  ])('of xs:%s from %j', (type, value, expected) => {
    expect(assemble([member(type, { kind: 'constant', value })], request()).k).toEqual(expected)
  })
})

describe('a part of the body', () => {
  const body = { a: { 'b/c': [1, null], n: null }, e: '' }

  test.each<[string[], unknown]>([
    [[], body],
    [
      ['a', 'b/c'],
      [1, null],
    ],
    [['a', 'n'], null],
    [['e'], ''],
    [['x'], undefined],
    [['a', 'n', 'x'], undefined],
    [['e', 'length'], undefined],
    [['toString'], undefined],
    [['__proto__'], undefined],
  ])('at %j', (steps, value) => {
    expect(pick(body, steps)).toEqual(value)
  })

  test('null is something, absent is nothing', () => {
    const members = [
      member('string', { kind: 'body', steps: ['a', 'n'] }),
      member('string', { kind: 'body', steps: ['z'] }, { key: 'z' }),
    ]
    expect(assemble(members, request({ body }))).toEqual({ k: null })
    expect(assemble(members, request())).toEqual({})
  })
})

test.each([
  [['query.limit'], 'query/limit'],
  [['path.a.b'], 'path/a.b'],
  [['header.x-y', 1], 'header/x-y/1'],
  [['body#/a/b', 'c', 0], '/a/b/c/0'],
  [['body#/', 'c'], '/c'],
  [['name', 'first'], '/name/first'],
  [['a/b'], '/a~1b'],
])('an encoder that stops at %j speaks of %s', (steps, pointer) => {
  const error = new EncodeError('must be a text')
  for (const step of [...steps].reverse()) error.within(step)
  expect(violationOf(error)).toEqual({ pointer, detail: 'must be a text' })
})

describe('a request taken apart', () => {
  const members: RequestMember[] = [
    member('string', { kind: 'parameter', in: 'path', name: 'p' }, { key: 'p' }),
    member('long', { kind: 'parameter', in: 'query', name: 'n' }, { key: 'n' }),
    member('boolean', { kind: 'parameter', in: 'header', name: 'h' }, { key: 'h' }),
    member('int', { kind: 'parameter', in: 'query', name: 'l' }, { key: 'l', repeated: true }),
    member(
      'int',
      { kind: 'parameter', in: 'query', name: 'c' },
      { key: 'c', repeated: true, explode: false },
    ),
    member('string', { kind: 'body', steps: ['a', 'b'] }, { key: 'b1' }),
    member('string', { kind: 'body', steps: ['a', 'c'] }, { key: 'b2' }),
  ]

  test('can be put together again', () => {
    const number = fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map((n) => new ExactNumber(String(n)))
    const object = fc.record({
      p: fc.string(),
      n: number,
      h: fc.boolean(),
      l: fc.array(number),
      c: fc.array(number, { minLength: 1 }),
      b1: fc.string(),
      b2: fc.string(),
    })
    fc.assert(
      fc.property(object, (given: Record<string, JsonValue>) => {
        expect(assemble(members, disassemble(members, given, { hasBody: true }))).toEqual(given)
      }),
    )
  })

  test('has a body only where the operation takes one', () => {
    expect(disassemble([], {}, { hasBody: false })).not.toHaveProperty('body')
    expect(disassemble([], {}, { hasBody: true }).body).toEqual({})
  })
})

test.each(['path', 'query', 'header'] as const)('a parameter in %s may be called __proto__', (place) => {
  const source: Source = { kind: 'parameter', in: place, name: '__proto__' }
  const { path, query, headers } = disassemble([member('string', source)], { k: 'x' }, { hasBody: false })
  const values = { path, query, header: headers }[place]
  expect(Object.entries(values)).toEqual([['__proto__', 'x']])
})
