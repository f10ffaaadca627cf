import { XmlDocument, XmlElement } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { SOAP_11, SOAP_12 } from '../../src/base/namespaces.js'
import { dialect, envelopeStart, isSoapNamespace, writeEnvelope } from '../../src/soap/envelope.js'

describe('SOAP 1.1', () => {
  const soap = dialect('1.1')

  test('is text/xml with its namespace', () => {
    expect(soap.mediaType).toBe('text/xml')
    expect(soap.namespace).toBe('http://schemas.xmlsoap.org/soap/envelope/')
  })

  test.each([
    ['urn:get', '"urn:get"'],
    ['', '""'],
    ['a b"c\\d', '"a b\\"c\\\\d"'],
  ])('always says SOAPAction, quoted (SOAP 1.1, 6.1.1): %j', (action, soapaction) => {
    expect(soap.headers(action)).toEqual({ 'content-type': 'text/xml; charset=utf-8', soapaction })
  })
})

describe('SOAP 1.2', () => {
  const soap = dialect('1.2')

  test('is application/soap+xml with its namespace', () => {
    expect(soap.mediaType).toBe('application/soap+xml')
    expect(soap.namespace).toBe('http://www.w3.org/2003/05/soap-envelope')
  })

  test('says the action in the media type (RFC 3902), and no SOAPAction', () => {
    expect(soap.headers('urn:get')).toEqual({
      'content-type': 'application/soap+xml; charset=utf-8; action="urn:get"',
    })
  })

  test('says nothing of an action that is not there', () => {
    expect(soap.headers('')).toEqual({ 'content-type': 'application/soap+xml; charset=utf-8' })
  })
})

describe.each(['1.1', '1.2'] as const)('the envelope of SOAP %s', (version) => {
  const names = { s: dialect(version).namespace, a: 'urn:a' }
  const start = envelopeStart(dialect(version), ' xmlns:n1="urn:a"')

  test('is one document with one Body, where the declarations hold, and no empty Header', () => {
    using document = XmlDocument.fromString(writeEnvelope(start, '', '<n1:Get/>'))
    expect(document.get('/s:Envelope/*[1][self::s:Body]/a:Get', names)).toBeInstanceOf(XmlElement)
  })

  test('has its header blocks before the Body', () => {
    using document = XmlDocument.fromString(writeEnvelope(start, '<n1:A/><n1:B/>', '<n1:Get/>'))
    expect(document.get('/s:Envelope/s:Header/a:A/following-sibling::a:B', names)).toBeInstanceOf(XmlElement)
    expect(document.get('/s:Envelope/*[2][self::s:Body]/a:Get', names)).toBeInstanceOf(XmlElement)
  })
})

test.each([
  [SOAP_11, true],
  [SOAP_12, true],
  ['', false],
  ['http://schemas.xmlsoap.org/soap/envelope', false],
  ['http://schemas.xmlsoap.org/soap/encoding/', false],
])('%j is a SOAP namespace: %s', (namespace, expected) => {
  expect(isSoapNamespace(namespace)).toBe(expected)
})
