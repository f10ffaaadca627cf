import { describe, expect, test } from 'vitest'
import { arraySize, arrayType, placesOf, position } from '../../../src/soap/encoding/array-shape.js'

describe('SOAP 1.1, 5.4.2: arrayType', () => {
  test.each([
    ['xsd:int[3]', { item: 'xsd:int', isNested: false, sizes: [3] }],
    ['xsd:int[]', { item: 'xsd:int', isNested: false, sizes: [undefined] }],
    ['int[,]', { item: 'int', isNested: false, sizes: [undefined, undefined] }],
    ['xsd:int[2,3]', { item: 'xsd:int', isNested: false, sizes: [2, 3] }],
    ['xsd:string[,][5]', { item: 'xsd:string', isNested: true, sizes: [5] }],
    ['xsd:string[][][2, 0]', { item: 'xsd:string', isNested: true, sizes: [2, 0] }],
    [' xsd:int [ 4 ] ', { item: 'xsd:int', isNested: false, sizes: [4] }],
  ])('%s', (value, expected) => {
    expect(arrayType(value)).toEqual(expected)
  })

  test.each([
    'xsd:int',
    '[3]',
    'xsd:int[3',
    'xsd:int[-1]',
    'xsd:int[1e3]',
    'xsd:int[3]x',
    'xsd:int[9007199254740993]',
  ])('refuses %s', (value) => {
    expect(arrayType(value)).toBeUndefined()
  })
})

describe('SOAP 1.2 Part 2, 3.1.6: arraySize', () => {
  test.each([
    ['3', [3]],
    ['* 2', [undefined, 2]],
    [' 2  3 ', [2, 3]],
  ])('%s', (value, expected) => {
    expect(arraySize(value)).toEqual(expected)
  })

  test.each(['', '2 *', '2,3', '-1'])('refuses "%s"', (value) => {
    expect(arraySize(value)).toBeUndefined()
  })
})

describe('SOAP 1.1, 5.4.2.1 and 5.4.2.2: positions', () => {
  test.each([
    ['[0]', [0]],
    ['[2,3]', [2, 3]],
    [' [ 1 , 2 ] ', [1, 2]],
  ])('%s', (value, expected) => {
    expect(position(value)).toEqual(expected)
  })

  test.each(['', '1', '[]', '[1,]', '[-1]', '[99999999999999999999]'])('refuses "%s"', (value) => {
    expect(position(value)).toBeUndefined()
  })

  test.each([
    ['in order', [3], undefined, [undefined, undefined], [0, 1]],
    ['after an offset', [5], [2], [undefined, undefined], [2, 3]],
    ['where they say, and on from there', [5], undefined, [[3], undefined, [0]], [3, 4, 0]],
    ['row by row', [2, 3], undefined, [[1, 0], undefined, [0, 2]], [3, 4, 2]],
    ['nowhere outside', [2], undefined, [[2]], 'has a member whose position lies outside of it'],
    [
      'nowhere in other dimensions',
      [2],
      undefined,
      [[0, 0]],
      'has a member whose position lies outside of it',
    ],
    ['nowhere twice', [2], undefined, [[1], [1]], 'has two members at one position'],
  ])('members stand %s', (_where, sizes, offset, positions, expected) => {
    expect(placesOf(sizes, offset, positions)).toEqual(expected)
  })
})
