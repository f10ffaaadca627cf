import { describe, expect, test } from 'vitest'
import { escapeStep, join, steps, valueAt } from '../../src/openapi/pointer.js'
import fc from '../oracle/property.js'

/** The examples of RFC 6901, section 5. */
const document = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}

describe('a JSON pointer', () => {
  test.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['#', document],
    ['#/foo/0', 'bar'],
    ['#/a~1b', 1],
    ['#/c%25d', 2],
    ['#/e%5Ef', 3],
    ['#/%20', 7],
    ['#/m~0n', 8],
  ])('%s finds its value', (pointer, value) => {
    expect(valueAt(document, pointer)).toEqual(value)
  })

  test.each(['/bar', '/foo/2', '/foo/0/length', '/foo/length/x', '/toString', '/foo/-', '/constructor/name'])(
    '%s finds nothing',
    (pointer) => {
      expect(valueAt(document, pointer)).toBeUndefined()
    },
  )

  test('~01 is ~1, not a slash', () => {
    expect(steps('/~01')).toEqual(['~1'])
    expect(escapeStep('~1')).toBe('~01')
  })

  test('gives back any steps that it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }), (names) => {
        expect(steps(join('', ...names))).toEqual(names)
      }),
    )
  })

  test('appends to a pointer, numbers too', () => {
    expect(join('/paths', '/a/{b}', 'get', 0)).toBe('/paths/~1a~1{b}/get/0')
  })
})
