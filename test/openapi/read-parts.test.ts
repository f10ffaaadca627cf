import { describe, expect, test } from 'vitest'
import { type Located, OpenApiDocument } from '../../src/openapi/document.js'
import { ReadParts } from '../../src/openapi/read-parts.js'

const document = new OpenApiDocument('openapi', {})
const form = document.as({ info: {} })
const other = new OpenApiDocument('openapi', {})

const value = { name: 'id' }
const pointer = '/paths/~1a/get/parameters/0'

describe('a part that was read', () => {
  test.each<[string, OpenApiDocument, Located, boolean]>([
    ['the same value at the same place', document, { value, pointer }, true],
    ['another form of the document', form, { value, pointer }, true],
    ['another document', other, { value, pointer }, false],
    ['an equal value', document, { value: { ...value }, pointer }, false],
    ['the next place', document, { value, pointer: '/paths/~1a/get/parameters/1' }, false],
    ['a place above', document, { value, pointer: '/paths/~1a/get/parameters' }, false],
    ['a place below', document, { value, pointer: `${pointer}/schema` }, false],
    [
      'the same steps, written otherwise',
      document,
      { value, pointer: '/paths/%2Fa/get/parameters/0' },
      false,
    ],
    ['no place', document, { value, pointer: '' }, false],
  ])('and asked for by %s', (_, of, located, isKnown) => {
    const parts = new ReadParts<{ readonly pointer: string }>()
    const part = { pointer }
    expect(parts.get(of, located)).toBeUndefined()
    expect(parts.keep(document, { value, pointer }, part)).toBe(part)
    expect(parts.get(of, located)).toBe(isKnown ? part : undefined)
  })

  test('gives way to what the same value is at another place', () => {
    const parts = new ReadParts<{ readonly pointer: string }>()
    for (const place of [pointer, '/components/parameters/Id']) {
      const located = { value, pointer: place }
      const part = parts.keep(document, located, { pointer: place })
      expect(parts.get(form, located)).toBe(part)
    }
    expect(parts.get(document, { value, pointer })).toBeUndefined()
  })

  test('leaves those of other values and documents alone', () => {
    const parts = new ReadParts<{ readonly pointer: string }>()
    const places = [document, other].flatMap((of) => [
      [of, { value, pointer }] as const,
      [of, { value: { ...value }, pointer }] as const,
    ])
    const kept = places.map(([of, located]) => parts.keep(of, located, { pointer }))
    for (const [index, [of, located]] of places.entries()) expect(parts.get(of, located)).toBe(kept[index])
  })
})
