import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { arraySize, arrayType, position } from '../../src/soap/encoding/array-shape.js'
import { XmlReader } from '../../src/xml/reader.js'
import { parseXmlTree, resolveQName } from '../../src/xml/tree.js'
import { isBlank, trimXml, trimXmlEnd, trimXmlStart, xmlWords } from '../../src/xml/white-space.js'
import fc from '../oracle/property.js'

/** What `String.prototype.trim` takes and XML does not: Unicode's separators, the byte order mark, VT and FF. */
const FOREIGN = [
  '\u000b\u000c\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff',
].flatMap((text) => Array.from(text))
/** XML 1.0 has no vertical tab and no form feed at all. */
const FOREIGN_TEXT = FOREIGN.filter((each) => each > '\u001f')

describe('white space of XML', () => {
  it('is these four, whatever is between them', () => {
    const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r') })
    fc.assert(
      fc.property(space, fc.string({ unit: 'grapheme' }), space, (before, text, after) => {
        const expected = text.replace(/^[ \t\n\r]+/, '').replace(/[ \t\n\r]+$/, '')
        expect(trimXml(before + text + after)).toBe(expected)
        expect(trimXmlStart(trimXmlEnd(before + text + after))).toBe(expected)
        expect(isBlank(before + after)).toBe(true)
        expect(isBlank(before + text + after)).toBe(expected === '')
      }),
    )
    expect(trimXml(undefined)).toBeUndefined()
    expect(xmlWords(' a\tb\r\n c ')).toEqual(['a', 'b', 'c'])
  })

  it.each(FOREIGN)('is not %j', (space) => {
    expect(trimXml(`${space}x${space}`)).toBe(`${space}x${space}`)
    expect(isBlank(space)).toBe(false)
    expect(xmlWords(`a${space}b`)).toEqual([`a${space}b`])
  })
})

describe.each(FOREIGN_TEXT)('%j', (space) => {
  const document = (value: string) =>
    `<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:t" ${value}/>`

  const readerOf = (value: string) => {
    const reader = new XmlReader(document(value))
    reader.nextElement()
    return reader
  }

  const typeOf = (name: string) => {
    try {
      return readerOf(`xsi:type="${name}"`).typeName()
    } catch {
      return undefined
    }
  }

  it('makes no name of what stands beside it', () => {
    expect(readerOf('xsi:type=" t:x&#10;"').typeName()).toBe('{urn:t}x')
    // U+1680 and U+FEFF may stand in names: then it is another one.
    expect(typeOf(`t:x${space}`)).not.toBe('{urn:t}x')
    expect(() => readerOf(`xsi:type="${space}t:x"`).typeName()).toThrow()
    expect(() => readerOf(`xsi:nil="true${space}"`).isNil()).toThrow()
    const element = parseXmlTree(document(''), 'test.xml', new Diagnostics())
    expect(element && resolveQName(element, ' t:x ')).toEqual({ namespace: 'urn:t', localName: 'x' })
    expect(element && resolveQName(element, `t:x${space}`)?.localName).not.toBe('x')
  })

  it('separates no sizes', () => {
    expect(arrayType(`xsd:int${space}[2]`)?.item).not.toBe('xsd:int')
    expect(arraySize(`2${space}3`)).toBeUndefined()
    expect(position(`[2,${space}3]`)).toBeUndefined()
  })
})

/** Rooms that read XML; what they trim is XML's. Header fields of MIME and names of certificates have a white space of their own. */
const ROOMS = ['codec', 'soap', 'ws-security', 'wsdl', 'xml', 'xsd']
const EXCEPT = /^(?:certificate|mime|mime-header|unicode-block)\.ts$/

it('is what everything that reads XML goes by', () => {
  const found = ROOMS.flatMap((room) =>
    readdirSync(join('src', room), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && !EXCEPT.test(file.name))
      .filter((file) =>
        /\.trim(?:Start|End)?\(\)/.test(readFileSync(join(file.parentPath, file.name), 'utf8')),
      )
      .map(({ name }) => `${room}/${name}`),
  )
  expect(found).toEqual([])
})
