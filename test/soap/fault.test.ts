import { describe, expect, test } from 'vitest'
import { isFault, readFault, type SoapFaultCode } from '../../src/soap/fault.js'
import { XmlError, XmlReader } from '../../src/xml/reader.js'

const soap11 = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
const soap12 = 'xmlns:s="http://www.w3.org/2003/05/soap-envelope"'

/** Reads a Fault inside a Body; what follows it must still be there. */
function read(content: string, version = soap11): SoapFaultCode & { details: string[] } {
  const reader = new XmlReader(`<s:Body ${version}><s:Fault>${content}</s:Fault><next/></s:Body>`)
  reader.nextElement()
  reader.nextElement()
  expect(isFault(reader)).toBe(true)
  const details: string[] = []
  const fault = readFault(reader, (detail) => {
    details.push(detail.name)
    detail.skip()
    return true
  })
  expect(reader.nextElement()).toBe(true)
  expect(reader.localName).toBe('next')
  return { ...fault, details }
}

const code = (value: string, subcode = ''): string => `<s:Code><s:Value>${value}</s:Value>${subcode}</s:Code>`
const subcode = (value: string, inner = ''): string =>
  `<s:Subcode><s:Value xmlns:a="urn:a">${value}</s:Value>${inner}</s:Subcode>`

describe('a fault of SOAP 1.1', () => {
  test.each([
    ['s:Server', 'Server', 'receiver'],
    ['s:Client', 'Client', 'sender'],
    ['s:Client.Authentication', 'Client.Authentication', 'sender'],
    ['Server.Database.Locked', 'Server.Database.Locked', 'receiver'],
    [' \n s:Server\t', 'Server', 'receiver'],
    ['s:MustUnderstand', 'MustUnderstand', 'other'],
    ['s:VersionMismatch', 'VersionMismatch', 'other'],
    ['<![CDATA[s:Server]]>', 'Server', 'receiver'],
    ['Clients', 'Clients', 'other'],
    ['', '', 'other'],
  ])('%j is %s, of %s', (written, name, blame) => {
    expect(read(`<faultcode>${written}</faultcode><faultstring>x</faultstring>`)).toMatchObject({
      code: name,
      blame,
      subcodes: [],
      details: [],
    })
  })

  test('children that a stack has qualified', () => {
    const fault = read(
      '<s:faultcode>s:Client</s:faultcode><s:faultstring/><s:detail><e xmlns="urn:e"/></s:detail>',
    )
    expect(fault).toMatchObject({ code: 'Client', details: ['{urn:e}e'] })
  })

  test('children in any order, and unknown ones', () => {
    const fault = read(
      '<detail><e/></detail><x>text<y/></x><faultactor>urn:a</faultactor><faultstring>s</faultstring><faultcode>s:Server</faultcode>',
    )
    expect(fault).toMatchObject({ code: 'Server', details: ['e'] })
  })
})

describe('a fault of SOAP 1.2', () => {
  test('has subcodes, the outermost first', () => {
    const fault = read(
      `${code('s:Sender', subcode('a:Outer', subcode('a:Middle', subcode('Inner'))))}<s:Reason><s:Text xml:lang="en">x</s:Text></s:Reason>`,
      soap12,
    )
    expect(fault).toMatchObject({ code: 'Sender', subcodes: ['Outer', 'Middle', 'Inner'], blame: 'sender' })
  })

  test.each([
    ['s:Receiver', 'receiver'],
    ['s:Sender', 'sender'],
    ['s:DataEncodingUnknown', 'other'],
    ['s:MustUnderstand', 'other'],
  ])('%s is of %s', (value, blame) => {
    expect(read(code(value), soap12).blame).toBe(blame)
  })

  test('node, role and detail', () => {
    const fault = read(
      `${code('s:Receiver')}<s:Reason><s:Text xml:lang="en">x</s:Text></s:Reason><s:Node>urn:n</s:Node><s:Role>urn:r</s:Role><s:Detail a="1"><e xmlns="urn:e">1</e></s:Detail>`,
      soap12,
    )
    expect(fault).toMatchObject({ code: 'Receiver', details: ['{urn:e}e'] })
  })
})

describe('the detail', () => {
  test.each<[string, string, string[]]>([
    ['empty', '', []],
    ['white space', ' \n ', []],
    ['text alone', 'java.lang.NullPointerException at A.java:1', []],
    ['CDATA alone', '<![CDATA[<trace>]]>', []],
    ['text before an element', 'oops<e/>', []],
    ['an element, then text', '<e/>oops', ['e']],
    ['several elements', '<a/><b xmlns="urn:b"><c/></b><a/>', ['a', '{urn:b}b', 'a']],
    ['comments and instructions', '<!-- a --><?p i?><e/>', ['e']],
  ])('%s', (_, content, details) => {
    expect(read(`<faultcode>s:Server</faultcode><detail>${content}</detail>`).details).toEqual(details)
  })

  test('elements have the prefixes that were declared outside', () => {
    const reader = new XmlReader(
      `<s:Body ${soap11} xmlns:o="urn:o"><s:Fault><detail xmlns:i="urn:i"><o:e><i:f>i:x</i:f></o:e></detail></s:Fault></s:Body>`,
    )
    reader.nextElement()
    reader.nextElement()
    const seen: string[] = []
    readFault(reader, (detail) => {
      seen.push(detail.name)
      detail.nextElement()
      seen.push(detail.name, detail.resolveQName(detail.text()))
      expect(detail.nextElement()).toBe(false)
      return true
    })
    expect(seen).toEqual(['{urn:o}e', '{urn:i}f', '{urn:i}x'])
  })

  test('is ignored where an element could not be read', () => {
    const reader = new XmlReader(
      `<s:Fault ${soap11}><detail><a><b/></a><c/></detail><faultcode>s:Client</faultcode></s:Fault>`,
    )
    reader.nextElement()
    const seen: string[] = []
    const { code: found } = readFault(reader, (detail) => {
      seen.push(detail.name)
      detail.nextElement()
      return false
    })
    expect([seen, found]).toEqual([['a'], 'Client'])
  })

  test('what is not well-formed in it is an error like anywhere else', () => {
    expect(() => read('<faultcode>s:Server</faultcode><detail><a></b></detail>')).toThrow(XmlError)
  })
})

describe('a Fault is told by its name and namespace', () => {
  test.each([
    ['<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', true],
    ['<Fault xmlns="http://www.w3.org/2003/05/soap-envelope"/>', true],
    ['<Fault/>', false],
    ['<Fault xmlns="urn:other"/>', false],
    ['<s:fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', false],
  ])('%s: %s', (xml, expected) => {
    const reader = new XmlReader(xml)
    reader.nextElement()
    expect(isFault(reader)).toBe(expected)
  })
})
