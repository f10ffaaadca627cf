import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import type { AdapterError } from '../../src/base/errors.js'
import {
  attributeOf,
  childElements,
  type ElementNode,
  readSignedDocument,
  textOf,
} from '../../src/ws-security/document/document.js'
import type { SignedPart, WsSecurityPolicy } from '../../src/ws-security/policy.js'
import { passwordDigest } from '../../src/ws-security/tokens/username-token.js'
import { compileWsSecurity } from '../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder } from './keys.js'

if (!hasOpenssl) console.log('skipped: signing needs the openssl command for its keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const NOW = new Date('2030-01-02T03:04:05.678Z')
const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope'
const WSU_ID = '{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id'
const BODY =
  '<soap:Body><m:a xmlns:m="urn:m">x &#13; é <![CDATA[</wsse:Security></soap:Header>]]></m:a></soap:Body>'

function envelope(header = '', namespace = SOAP_11, more = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${namespace}"${more}>${header}${BODY}</soap:Envelope>`
}

function secured(
  policy: Partial<WsSecurityPolicy>,
  text = envelope(),
  { version = '1.1', samlAssertion }: { version?: '1.1' | '1.2'; samlAssertion?: string } = {},
): string {
  const security = compileWsSecurity({ mustUnderstand: true, ...policy }, version, () => NOW)
  return security.secure(text, samlAssertion === undefined ? {} : { samlAssertion })
}

/** The wsse:Security of a message, the first header. */
function securityOf(message: string): ElementNode {
  const [header] = childElements(readSignedDocument(message).root)
  const [security] = header ? childElements(header) : []
  if (security?.localName !== 'Security') throw new Error('There is no wsse:Security first in the header')
  return security
}

function outline(element: ElementNode): string {
  const children = childElements(element)
  return children.length === 0
    ? `${element.localName}=${textOf(element) ?? ''}`
    : `${element.localName}(${children.map(outline).join(' ')})`
}

const timestamp = { ttlSeconds: 300 }
const username = { name: 'Bob <&>', password: 'secret & "more"', type: 'text', nonce: false } as const

describe('wsse:Security', () => {
  it.each([
    ['without a header', '', '<soap:Header>', '</soap:Header>'],
    ['with an empty header', '<soap:Header/>', '<soap:Header>', '</soap:Header>'],
    [
      'with an empty header and attributes',
      '<soap:Header a=">" />',
      '<soap:Header a=">" >',
      '</soap:Header>',
    ],
    [
      'with a header',
      '<soap:Header><h:x xmlns:h="urn:h"/></soap:Header>',
      '<soap:Header>',
      '<h:x xmlns:h="urn:h"/></soap:Header>',
    ],
  ])('stands first in an envelope %s, and nothing else changes', (_, header, before, after) => {
    const message = secured({ timestamp }, envelope(header))
    const security = securityOf(message)
    const rest = message.slice(0, security.start) + message.slice(security.end)
    expect(rest).toBe(envelope(before + after))
  })

  it('has a Timestamp to the second, with the time to live asked for', () => {
    expect(outline(securityOf(secured({ timestamp })))).toBe(
      'Security(Timestamp(Created=2030-01-02T03:04:05Z Expires=2030-01-02T03:09:05Z))',
    )
  })

  it.each([
    ['1.1', SOAP_11, 'actor'],
    ['1.2', SOAP_12, 'role'],
  ] as const)('says in SOAP %s for whom it is and that it must be understood', (version, namespace, name) => {
    const policy = { timestamp, actor: 'urn:"x"&y' }
    const security = securityOf(secured(policy, envelope('', namespace), { version }))
    expect(attributeOf(security, `{${namespace}}${name}`)).toBe('urn:"x"&y')
    expect(attributeOf(security, `{${namespace}}mustUnderstand`)).toBe('1')
    const optional = securityOf(secured({ timestamp, mustUnderstand: false }))
    expect(optional.attributes).toEqual([])
  })

  it('is left out where nothing is asked for', () => {
    expect(secured({})).toBe(envelope())
  })

  it.each([
    ['of the other version', envelope('', SOAP_12)],
    ['that is none', '<a/>'],
    ['without a body', `<soap:Envelope xmlns:soap="${SOAP_11}"/>`],
    ['with another prefix', `<s:Envelope xmlns:s="${SOAP_11}"><s:Body/></s:Envelope>`],
    ['that is not well-formed', '<soap:Envelope'],
    [
      'that is secured already',
      envelope(
        '<soap:Header><w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/></soap:Header>',
      ),
    ],
  ])('is refused to an envelope %s', (_, text) => {
    expect(() => secured({ timestamp }, text)).toThrow(
      expect.objectContaining({ code: 'internal' }) as AdapterError,
    )
  })
})

describe('UsernameToken', () => {
  const tokenOf = (policy: Partial<WsSecurityPolicy>): ElementNode => {
    const [token] = childElements(securityOf(secured(policy)))
    if (!token) throw new Error('There is no token')
    return token
  }
  const valueOf = (token: ElementNode, localName: string): string =>
    textOf(childElements(token).find((child) => child.localName === localName) ?? token) ?? ''

  it('carries a password as text', () => {
    const token = tokenOf({ username })
    expect(outline(token)).toBe('UsernameToken(Username=Bob <&> Password=secret & "more")')
    const [, password] = childElements(token)
    expect(password && attributeOf(password, 'Type')).toMatch(/#PasswordText$/)
    expect(attributeOf(token, WSU_ID)).toMatch(/^UT-[0-9a-f-]{36}$/)
  })

  it('carries a nonce and its time beside a text where the policy says so', () => {
    const token = tokenOf({ username: { ...username, nonce: true } })
    expect(childElements(token).map(({ localName }) => localName)).toEqual([
      'Username',
      'Password',
      'Nonce',
      'Created',
    ])
    expect(valueOf(token, 'Created')).toBe('2030-01-02T03:04:05Z')
  })

  it('carries a digest over its nonce, its time and the password', () => {
    const token = tokenOf({ username: { ...username, type: 'digest' } })
    const nonce = Buffer.from(valueOf(token, 'Nonce'), 'base64')
    expect(nonce).toHaveLength(16)
    const expected = createHash('sha1')
      .update(Buffer.concat([nonce, Buffer.from(`${valueOf(token, 'Created')}secret & "more"`)]))
      .digest('base64')
    expect(valueOf(token, 'Password')).toBe(expected)
    expect(attributeOf(childElements(token)[1] ?? token, 'Type')).toMatch(/#PasswordDigest$/)
  })

  it('never has the same nonce twice', () => {
    const nonces = Array.from({ length: 100 }, () =>
      valueOf(tokenOf({ username: { ...username, type: 'digest' } }), 'Nonce'),
    )
    expect(new Set(nonces).size).toBe(100)
  })

  it.each([
    // ONVIF Application Programmer's Guide 1.0, section 6.1.1.3.
    ['LKqI6G/AikKCQrN0zqZFlg==', '2010-09-16T07:50:45Z', 'userpassword', 'tuOSpGlFlIXsozq4HFNeeGeFLEI='],
    ['', '', '', '2jmj7l5rSw0yVb/vlWAYkK/YBwk='],
  ])('digests as others do: %s %s', (nonce, created, password, digest) => {
    expect(passwordDigest(Buffer.from(nonce, 'base64'), created, password)).toBe(digest)
  })

  const php = spawnSync('php', ['-v']).status === 0
  if (!php) console.log('skipped: php is not there to judge password digests')
  it.runIf(php)('digests as PHP does', () => {
    const nonce = createHash('sha256').update('n').digest().subarray(0, 16)
    const script = 'echo base64_encode(sha1(base64_decode($argv[1]) . $argv[2] . $argv[3], true));'
    const args = [nonce.toString('base64'), '2030-01-02T03:04:05Z', 'Pässwörd€']
    const { stdout } = spawnSync('php', ['-r', script, '--', ...args], { encoding: 'utf8' })
    expect(passwordDigest(nonce, args[1] ?? '', args[2] ?? '')).toBe(stdout)
  })
})

describe('saml:Assertion', () => {
  const saml = true
  const assertion =
    '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1"><a b=\'1\' /><!-- as it stands --></saml:Assertion>'

  it.each([assertion, `<?xml version="1.0"?>\n${assertion}\n`, assertion.replaceAll('SAML:2.0', 'SAML:1.0')])(
    'is passed through as it stands',
    (samlAssertion) => {
      const message = secured({ saml, timestamp }, envelope('', SOAP_11, ' xmlns="urn:default"'), {
        samlAssertion,
      })
      expect(message).toContain(
        `</wsu:Timestamp>${samlAssertion.replace(/^<\?.*\n|\n$/g, '')}</wsse:Security>`,
      )
      const found = childElements(securityOf(message))[1]
      expect(found && childElements(found)[0]?.namespace).toBe('')
    },
  )

  it.each([
    ['', /is missing/],
    [undefined, /is missing/],
    ['<a/>', /is not a saml:Assertion/],
    ['<Assertion/>', /is not a saml:Assertion/],
    [assertion.replace('SAML:2.0', 'SAML:3.0'), /is not a saml:Assertion/],
    [assertion + assertion, /not well-formed/],
    [assertion.slice(0, -1), /not well-formed/],
    [`<!DOCTYPE a>${assertion}`, /not well-formed/],
    [`<!-- c -->${assertion}`, /must stand alone/],
    [`${assertion}<?p?>`, /must stand alone/],
    [assertion.replace('<a ', `<a c="${'x'.repeat(262_144)}" `), /more than 262144 characters/],
  ])('is refused: %.40s', (samlAssertion, refusal) => {
    const send = (): string =>
      secured({ saml }, envelope(), samlAssertion === undefined ? {} : { samlAssertion })
    expect(send).toThrow(refusal)
    expect(send).toThrow(expect.objectContaining({ code: 'request-invalid' }) as AdapterError)
  })
})

describe.skipIf(!hasOpenssl)('ds:Signature', () => {
  const key = hasOpenssl ? folder.make('/CN=client') : (undefined as never)
  const headers =
    '<soap:Header><a:To xmlns:a="http://www.w3.org/2005/08/addressing">x</a:To><h:x xmlns:h="urn:h" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" u:Id="mine"/></soap:Header>'

  const signed = (parts: readonly SignedPart[], text = envelope(headers)): string =>
    secured(
      {
        timestamp,
        username,
        signature: { key, reference: 'binary-token', algorithm: 'rsa-sha256', digest: 'sha256', parts },
      },
      text,
    )
  const kindsOf = (message: string): string[] =>
    [...message.matchAll(/<ds:Reference URI="#(\w+)/g)].map(([, kind]) => kind ?? '')

  it.each<[readonly SignedPart[], readonly string[]]>([
    [['body'], ['B']],
    [['timestamp'], ['TS']],
    [
      ['token', 'username'],
      ['X509', 'UT'],
    ],
    [['addressing'], ['H']],
    [['headers'], ['H', 'mine']],
    [
      ['body', 'timestamp', 'username', 'token', 'addressing', 'headers'],
      ['TS', 'X509', 'UT', 'H', 'mine', 'B'],
    ],
  ])('covers %j', (parts, kinds) => {
    expect(kindsOf(signed(parts))).toEqual(kinds)
  })

  it('leaves the payload byte for byte', () => {
    expect(signed(['body'])).toContain(BODY.slice(BODY.indexOf('>')))
  })

  it('does not cover an assertion, whatever Id the client gave it', () => {
    const samlAssertion =
      '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:u="WSU" u:Id="X"/>'.replace(
        'WSU',
        WSU_ID.slice(1, -3),
      )
    const signature = { key, reference: 'binary-token', algorithm: 'rsa-sha256', digest: 'sha256' } as const
    const policy = {
      saml: true,
      signature: { ...signature, parts: ['headers', 'body'] as const },
    }
    const message = secured(policy, envelope(), { samlAssertion })
    expect(message).toContain(samlAssertion)
    expect(kindsOf(message)).toEqual(['B'])
  })

  it('must cover something', () => {
    expect(() => signed(['headers'], envelope())).toThrow(
      expect.objectContaining({ code: 'internal' }) as AdapterError,
    )
  })

  it('wants the WS-Addressing headers that it is to cover', () => {
    expect(() => signed(['addressing'], envelope())).toThrow(
      expect.objectContaining({ code: 'internal' }) as AdapterError,
    )
  })
})
