import { describe, expect, test } from 'vitest'
import { withoutDoctype } from '../../src/xml/doctype.js'
import { decodeXml } from '../../src/xml/encoding.js'
import { applicableCases, type ConformanceCase } from '../oracle/xml-conformance.js'
import { libxml2Accepts, verdict } from './verdict.js'

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
