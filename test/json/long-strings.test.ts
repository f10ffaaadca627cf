import { describe, expect, it } from 'vitest'
import { LongStrings } from '../../src/json/long-strings.js'
import fc from '../oracle/property.js'

function foundIn(text: string, cuts: readonly number[] = [], { least = 3, most = 1_000 } = {}): string[] {
  const octets = Buffer.from(text)
  const strings = new LongStrings(least, most)
  let from = 0
  for (const to of [...cuts, octets.length]) {
    if (to > from) strings.take(octets.subarray(from, to))
    from = Math.max(from, to)
  }
  return strings.found.map(({ start, end }) => octets.toString('utf8', start, end))
}

describe('long strings', () => {
  it.each([
    ['{"a":"long","longer":"b"}', ['long', 'longer']],
    [String.raw`["with \" quote","with \\","plain"]`, ['plain']],
    [String.raw`["\\","\"","\u0022","plain"]`, ['plain']],
    [String.raw`[\"abc","x"]`, ['abc']],
    ['"open', []],
    ['""  "abc"', ['abc']],
    ['["äöü","漢"]', ['äöü', '漢']],
  ])('of %s are %j, wherever it is cut', (text, expected) => {
    expect(foundIn(text)).toEqual(expected)
    for (let cut = 0; cut <= Buffer.byteLength(text); cut++) expect(foundIn(text, [cut])).toEqual(expected)
  })

  it('are those of the text, whatever it has and wherever it is cut', () => {
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 6 }).map((all) => all.sort((a, b) => a - b))
    fc.assert(
      fc.property(fc.jsonValue(), cuts, (value, at) => {
        const text = JSON.stringify(value)
        const expected = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)]
          .map(([, content = '']) => content)
          .filter((content) => Buffer.byteLength(content) >= 3 && !content.includes('\\'))
        expect(foundIn(text, at)).toEqual(expected)
      }),
    )
  })

  it('are looked for in no more strings than there may be', () => {
    expect(foundIn('["a","b","abc","def"]', [], { most: 3 })).toEqual(['abc'])
  })
})
