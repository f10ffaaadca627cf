import { describe, expect, test } from 'vitest'
import { SOAP_ENCODING_11 } from '../../../src/base/namespaces.js'
import { resolveFault, strictEncoding } from '../../../src/soap/encoding/message.js'
import { isFault, readFault } from '../../../src/soap/fault.js'
import { XmlReader } from '../../../src/xml/reader.js'

/** The entries of a fault's detail as they are once it is resolved, and its code. */
function detailOf(body: string): { code: string; entries: string[] } {
  const reader = new XmlReader(
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:t"><s:Body>${body}</s:Body></s:Envelope>`,
  )
  reader.nextElement()
  reader.nextElement()
  reader.nextElement()
  const { reader: resolved } = resolveFault(reader, SOAP_ENCODING_11, strictEncoding)
  expect(isFault(resolved)).toBe(true)
  const entries: string[] = []
  const { code } = readFault(resolved, (inner) => {
    entries.push(inner.fragment().replace(/ xmlns:\w+="[^"]*"/g, ''))
    return true
  })
  while (reader.nextElement()) reader.skip()
  reader.end()
  return { code, entries }
}

const fault = (detail: string) =>
  `<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail>${detail}</detail></s:Fault>`

describe('SOAP 1.1, 4.4: a fault in an encoded answer', () => {
  test.each([
    ['has its entry in place', fault('<t:Gone><a>1</a></t:Gone>'), ['<t1:Gone><a>1</a></t1:Gone>']],
    [
      'refers to elements behind it, as those of Axis do',
      `${fault('<t:Gone href="#id0"/>')}<multiRef id="id0"><a href="#id1"/></multiRef><multiRef id="id1">1</multiRef>`,
      ['<t1:Gone><a>1</a></t1:Gone>'],
    ],
    ['has members with a namespace', fault('<t:Gone><t:a>1</t:a></t:Gone>'), ['<t1:Gone><a>1</a></t1:Gone>']],
    ['has an entry without a namespace', fault('<Gone/>'), ['<Gone></Gone>']],
    ['has no detail', fault(''), []],
    ['has text for a detail', fault('a text'), []],
  ])('%s', (_what, body, entries) => {
    expect(detailOf(body)).toEqual({ code: 'Server', entries })
  })

  test('is a fault although its detail is mixed content', () => {
    expect(detailOf(fault('<t:Gone>x<a/>y</t:Gone>z')).code).toBe('Server')
  })

  test.each(['[1000000000,0]', '[1,1000000000,0]', '[30000,30000,0]'])(
    'is refused where it has an array of %s: a dimension of no size makes the others none the smaller',
    (sizes) => {
      const array = `<a xmlns:e="${SOAP_ENCODING_11}" xsi:type="e:Array" e:arrayType="e:int${sizes}"/>`
      expect(() => detailOf(fault(`<t:Gone>${array}</t:Gone>`))).toThrow(/too many members/)
    },
  )

  test('is refused where it refers to nothing', () => {
    expect(() => detailOf(fault('<t:Gone href="#x"/>'))).toThrow(
      /refers to an id that the envelope does not have/,
    )
  })
})
