import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import { DS, EXCLUSIVE, WSSE, WSU, XENC } from '../../../src/ws-security/names.js'
import type { VerificationPolicy } from '../../../src/ws-security/policy.js'
import { hasOpenssl, KeyFolder } from '../keys.js'
import {
  type AnswerOptions,
  type AnswerReference,
  EXCLUSIVE_TRANSFORM,
  NOW,
  PAYLOAD,
  receiving,
  signedAnswer,
  SOAP,
  token,
  tokenReference,
  verification,
} from '../signed-answer.js'

const hasXmlsec = spawnSync('xmlsec1', ['--version']).status === 0
if (!hasOpenssl) console.log('skipped: answers cannot be signed without the openssl command')
if (!hasXmlsec) console.log('skipped: xmlsec1 is not there to show that a naive verifier is deceived')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const EVIL = '<m:Result xmlns:m="urn:m"><m:amount>666</m:amount></m:Result>'

/** Certificates are made with the clock of openssl, so that they are valid from today for longer than until NOW. */
const DAYS = 20_000

function cast() {
  const ca = folder.make('/O=Acme/CN=CA', { ca: true, days: DAYS })
  const backend = folder.make('/O=Acme/CN=backend', {
    issuer: ca,
    days: DAYS,
    extensions: ['subjectKeyIdentifier=hash'],
  })
  return {
    ca,
    backend,
    stranger: folder.make('/O=Acme/CN=backend', { days: DAYS }),
    falseCa: folder.make('/O=Acme/CN=CA', { ca: true, days: DAYS }),
    colleague: folder.make('/O=Acme/CN=colleague', { issuer: ca, days: DAYS }),
    short: folder.make('/O=Acme/CN=short', { issuer: ca, days: DAYS, key: ['rsa:1024'] }),
    expired: folder.make('/O=Acme/CN=expired', { issuer: ca, days: 1 }),
    encipherer: folder.make('/O=Acme/CN=tls', {
      issuer: ca,
      days: DAYS,
      extensions: ['keyUsage=keyEncipherment'],
    }),
  }
}

type Cast = ReturnType<typeof cast>

interface Attack {
  readonly name: string
  readonly answer: (cast: Cast) => string
  readonly refusal: RegExp
  readonly policy?: Partial<VerificationPolicy>
  /** A verifier that only checks the signature takes it: xmlsec1 does. */
  readonly deceives?: true
}

const bodyOf = (answer: string): string => /<soap:Body .*<\/soap:Body>/.exec(answer)?.[0] ?? ''
const timestampOf = (answer: string): string => /<wsu:Timestamp .*<\/wsu:Timestamp>/.exec(answer)?.[0] ?? ''
const signatureOf = (answer: string): string => /<ds:Signature>.*<\/ds:Signature>/.exec(answer)?.[0] ?? ''
const securityOf = (answer: string): string => /<wsse:Security>.*<\/wsse:Security>/.exec(answer)?.[0] ?? ''

/** The signed body goes to a place of the attacker's choice, an evil one takes its place. */
function wrapped(
  evilAttributes: string,
  place: (signedBody: string, answer: string) => string,
): Attack['answer'] {
  return ({ backend }) => {
    const answer = signedAnswer({ by: backend })
    const body = bodyOf(answer)
    return place(body, answer.replace(body, `<soap:Body${evilAttributes}>${EVIL}</soap:Body>`))
  }
}

const inHeader = (markup: string, answer: string): string =>
  answer.replace('</soap:Header>', `${markup}</soap:Header>`)
const inWrapper = (body: string, answer: string): string =>
  inHeader(`<x:W xmlns:x="urn:x">${body}</x:W>`, answer)

const elsewhere = /something else than the soap:Body/
const notSigned = /The soap:Body is not signed/
const sameId = /Two elements of the response have the (same wsu:Id|Id that a reference names)/
const shape = /must hold one soap:Header and one soap:Body/
const untrustedPath = /does not lead to a certificate/

const wrapping: readonly Attack[] = [
  {
    name: 'body in a header wrapper, new body without Id',
    answer: wrapped('', inWrapper),
    refusal: elsewhere,
    deceives: true,
  },
  {
    name: 'body in a header wrapper, new body with another Id',
    answer: wrapped(' wsu:Id="Other"', inWrapper),
    refusal: elsewhere,
    deceives: true,
  },
  {
    name: 'body in a header wrapper, new body with the same Id',
    answer: wrapped(' wsu:Id="Body"', inWrapper),
    refusal: sameId,
  },
  ...['Id', 'ID', 'id', 'xml:id', 'AssertionID'].map((attribute): Attack => ({
    name: `body in a header wrapper, new body with ${attribute}`,
    answer: wrapped(` ${attribute}="Body"`, inWrapper),
    refusal: sameId,
  })),
  {
    name: 'body in a header wrapper, new body with wsu:id',
    answer: wrapped(' wsu:id="Body"', inWrapper),
    refusal: elsewhere,
  },
  {
    name: 'body in a header wrapper, new body with Id of another namespace',
    answer: wrapped(' x:Id="Body" xmlns:x="urn:x"', inWrapper),
    refusal: elsewhere,
  },
  { name: 'body as a header', answer: wrapped('', inHeader), refusal: elsewhere, deceives: true },
  {
    name: 'body within wsse:Security',
    answer: wrapped('', (body, answer) => answer.replace('</wsse:Security>', `${body}</wsse:Security>`)),
    refusal: elsewhere,
    deceives: true,
  },
  {
    name: 'body within ds:Object of the signature',
    answer: wrapped('', (body, answer) =>
      answer.replace('</ds:Signature>', `<ds:Object>${body}</ds:Object></ds:Signature>`),
    ),
    refusal: /Signature is not as its schema says/,
    deceives: true,
  },
  {
    name: 'body within the new body',
    answer: wrapped('', (body, answer) => answer.replace(EVIL, EVIL + body)),
    refusal: elsewhere,
    deceives: true,
  },
  {
    name: 'body after the new body',
    answer: wrapped('', (body, answer) => answer.replace('</soap:Envelope>', `${body}</soap:Envelope>`)),
    refusal: shape,
    deceives: true,
  },
  {
    name: 'body before the new body',
    answer: wrapped('', (body, answer) => answer.replace('</soap:Header>', `</soap:Header>${body}`)),
    refusal: shape,
    deceives: true,
  },
  {
    name: 'body before the header',
    answer: wrapped('', (body, answer) => answer.replace('<soap:Header>', `${body}<soap:Header>`)),
    refusal: shape,
    deceives: true,
  },
  {
    name: 'a second header with the signed one',
    answer: ({ backend }) =>
      signedAnswer({ by: backend }).replace('<soap:Header>', '<soap:Header/><soap:Header>'),
    refusal: shape,
    deceives: true,
  },
  {
    name: 'the whole envelope in a header of another',
    answer: ({ backend }) =>
      `<e:Envelope xmlns:e="${SOAP}"><e:Header><x:W xmlns:x="urn:x">${signedAnswer({ by: backend })}</x:W></e:Header><e:Body>${EVIL}</e:Body></e:Envelope>`,
    refusal: /has no wsse:Security header/,
    deceives: true,
  },
  {
    name: 'the whole envelope in the body of another',
    answer: ({ backend }) =>
      `<e:Envelope xmlns:e="${SOAP}"><e:Body>${EVIL}${signedAnswer({ by: backend })}</e:Body></e:Envelope>`,
    refusal: /has no wsse:Security header/,
    deceives: true,
  },
  {
    name: 'a body of the other SOAP version beside',
    answer: wrapped('', (body, answer) =>
      answer.replace(
        /<soap:Body>.*<\/soap:Body>/,
        `${body}<s:Body xmlns:s="http://www.w3.org/2003/05/soap-envelope">${EVIL}</s:Body>`,
      ),
    ),
    refusal: shape,
    deceives: true,
  },
  {
    name: 'wsse:Security in a header wrapper',
    answer: ({ backend }) => {
      const answer = signedAnswer({ by: backend })
      const security = securityOf(answer)
      return answer.replace(security, `<x:W xmlns:x="urn:x">${security}</x:W>`)
    },
    refusal: /has no wsse:Security header/,
    deceives: true,
  },
  {
    name: 'wsse:Security in the body',
    answer: ({ backend }) => {
      const answer = signedAnswer({ by: backend, references: [{ id: 'TS' }] })
      const security = securityOf(answer)
      return answer.replace(security, '').replace(PAYLOAD, PAYLOAD + security)
    },
    refusal: /has no wsse:Security header/,
    deceives: true,
  },
  {
    name: 'a second wsse:Security',
    answer: ({ backend }) => inHeader('<wsse:Security/>', signedAnswer({ by: backend })),
    refusal: /more than one wsse:Security/,
    deceives: true,
  },
  {
    name: 'a second wsse:Security for another actor',
    answer: ({ backend }) =>
      inHeader('<wsse:Security soap:actor="urn:other"/>', signedAnswer({ by: backend })),
    refusal: /more than one wsse:Security/,
    deceives: true,
  },
  {
    name: 'the signature as a header',
    answer: ({ backend }) => {
      const answer = signedAnswer({ by: backend })
      const signature = signatureOf(answer)
      return inHeader(signature, answer.replace(signature, ''))
    },
    refusal: /has no signature/,
    deceives: true,
  },
  {
    name: 'five signatures',
    answer: ({ backend }) => {
      const answer = signedAnswer({ by: backend })
      return answer.replace('</ds:Signature>', `</ds:Signature>${signatureOf(answer).repeat(4)}`)
    },
    refusal: /more than 4 signatures/,
    deceives: true,
  },
  {
    name: 'two signatures, that over the body of a stranger',
    answer: ({ backend, stranger }) => {
      const timestamp = signedAnswer({ by: backend, references: [{ id: 'TS' }] })
      const body = signedAnswer({
        by: stranger,
        references: [{ id: 'Body' }],
        tokens: token(stranger.certificatePem, 'Stranger'),
        keyInfo: `<ds:KeyInfo>${tokenReference('#Stranger')}</ds:KeyInfo>`,
      })
      return timestamp.replace(
        '</ds:Signature>',
        `</ds:Signature>${token(stranger.certificatePem, 'Stranger')}${signatureOf(body)}`,
      )
    },
    refusal: /The soap:Body is not signed/,
  },
  ...(['RelatesTo', 'Action', 'MessageID'] as const).map((header): Attack => ({
    name: `two signatures, the one over ${header} from another response`,
    answer: ({ backend }) => {
      const headers = `<a:${header} xmlns:a="http://www.w3.org/2005/08/addressing" wsu:Id="H">666</a:${header}>`
      const other = signedAnswer({ by: backend, headers, references: [{ id: 'H' }, { id: 'TS' }] })
      return inHeader(headers, signedAnswer({ by: backend })).replace(
        '</ds:Signature>',
        `</ds:Signature>${signatureOf(other)}`,
      )
    },
    refusal: /A header that must be signed and the soap:Body are signed apart/,
    policy: { parts: ['body', 'timestamp', 'addressing'] },
    deceives: true,
  })),
  {
    name: 'two signatures, one of them over what has been changed',
    answer: ({ backend }) => {
      const answer = signedAnswer({ by: backend, references: [{ id: 'TS' }] })
      const other = signedAnswer({ by: backend, body: EVIL, references: [{ id: 'Body' }] })
      return answer.replace('</ds:Signature>', `</ds:Signature>${signatureOf(other)}`)
    },
    refusal: /What was signed has been changed/,
  },
  ...[
    ['in a header wrapper', (timestamp: string, answer: string) => inWrapper(timestamp, answer), elsewhere],
    ['as a header', inHeader, elsewhere],
    [
      'after a fresh one',
      (timestamp: string, answer: string) =>
        answer.replace('</wsse:Security>', `${timestamp}</wsse:Security>`),
      /more than one Timestamp/,
    ],
  ].map(([where, place, refusal]): Attack => ({
    name: `stale signed Timestamp ${String(where)}`,
    answer: ({ backend }) => {
      const answer = signedAnswer({
        by: backend,
        created: '2020-01-01T00:00:00Z',
        expires: '2020-01-01T00:05:00Z',
      })
      const stale = timestampOf(answer)
      const fresh = '<wsu:Timestamp><wsu:Created>2030-01-02T03:04:00Z</wsu:Created></wsu:Timestamp>'
      return (place as typeof inHeader)(stale, answer.replace(stale, fresh))
    },
    refusal: refusal as RegExp,
    deceives: true,
  })),
  {
    name: 'Timestamp taken away',
    answer: ({ backend }) => {
      const answer = signedAnswer({ by: backend })
      return answer.replace(timestampOf(answer), '')
    },
    refusal: elsewhere,
  },
  {
    name: 'Timestamp never signed',
    answer: ({ backend }) => signedAnswer({ by: backend, references: [{ id: 'Body' }] }),
    refusal: /The Timestamp is not signed/,
    deceives: true,
  },
  {
    name: 'body never signed',
    answer: ({ backend }) => signedAnswer({ by: backend, references: [{ id: 'TS' }] }),
    refusal: notSigned,
    deceives: true,
  },
  {
    name: 'token in a header wrapper',
    answer: ({ backend }) => {
      const [, inside = ''] =
        /(<wsse:BinarySecurityToken.*<\/wsse:BinarySecurityToken>)/.exec(signedAnswer({ by: backend })) ?? []
      return inWrapper(inside, signedAnswer({ by: backend }).replace(inside, ''))
    },
    refusal: elsewhere,
  },
  {
    name: 'a signed header hidden in wsse:Security',
    answer: ({ backend }) => {
      const header = '<h:a xmlns:h="urn:h" wsu:Id="H">1</h:a>'
      const references = [{ id: 'Body' }, { id: 'TS' }, { id: 'H' }]
      const answer = signedAnswer({ by: backend, headers: header, references })
      return answer.replace(header, '').replace('</wsse:Security>', `${header}</wsse:Security>`)
    },
    refusal: elsewhere,
    deceives: true,
  },
  {
    name: 'two tokens of one Id',
    answer: ({ backend, stranger }) =>
      signedAnswer({ by: stranger, tokens: token(stranger.certificatePem) + token(backend.certificatePem) }),
    refusal: sameId,
  },
]

const altered: readonly Attack[] = [
  ['text', '>100<', '>666<'],
  ['an element', '<m:amount>', '<m:amount><m:x/></m:amount><m:amount>'],
  ['an attribute', '<m:amount>', '<m:amount currency="JPY">'],
  ['a namespace', 'urn:m', 'urn:evil'],
  ['text hidden in a processing instruction', '>100<', '><?a 100?><'],
  ['white space', '<m:amount>100', '<m:amount> 100'],
].map(([what, from, to]): Attack => ({
  name: `changed: ${String(what)}`,
  answer: ({ backend }) => signedAnswer({ by: backend }).replace(String(from), String(to)),
  refusal: /What was signed has been changed/,
}))

const referring = (
  reference: Partial<AnswerReference>,
  options: Partial<AnswerOptions> = {},
): Attack['answer'] => {
  return ({ backend }) =>
    signedAnswer({ by: backend, references: [{ id: 'Body', ...reference }, { id: 'TS' }], ...options })
}

const references: readonly Attack[] = [
  {
    name: 'a reference to an attachment, canonicalised as XML',
    answer: referring({ uri: 'cid:1@backend' }),
    refusal: /reference to an attachment has other transforms/,
  },
  {
    name: 'a reference to an attachment that is not there',
    answer: referring({
      uri: 'cid:1@backend',
      transforms:
        '<ds:Transforms><ds:Transform Algorithm="http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform"/></ds:Transforms>',
    }),
    refusal: /attachment that the response does not have/,
  },
  ...[
    ['the whole document', ''],
    ['the whole document by xpointer', '#xpointer(/)'],
    ['an Id by xpointer', "#xpointer(id('Body'))"],
    ['another document', 'http://attacker.example/evil.xml'],
    ['a file', 'file:///etc/passwd'],
    ['nothing', '#'],
    ['an Id that nobody has', '#Nobody'],
    ['no URI', undefined],
  ].map(([what, uri]): Attack => ({
    name: `a reference to ${String(what)}`,
    answer: referring({ uri }),
    refusal:
      uri?.startsWith('#') && uri !== '#' ? elsewhere : /not to an element of the response by its wsu:Id/,
  })),
  ...[
    ['enveloped-signature', `${DS}enveloped-signature`, ''],
    ['XPath', 'http://www.w3.org/TR/1999/REC-xpath-19991116', '<ds:XPath>self::evil</ds:XPath>'],
    [
      'XPath filter 2',
      'http://www.w3.org/2002/06/xmldsig-filter2',
      '<x:XPath xmlns:x="urn:x" Filter="subtract">//*</x:XPath>',
    ],
    [
      'XSLT',
      'http://www.w3.org/TR/1999/REC-xslt-19991116',
      '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform"/>',
    ],
    ['base64', `${DS}base64`, ''],
    ['inclusive canonicalization', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315', ''],
    ['canonicalization 1.1', 'http://www.w3.org/2006/12/xml-c14n11', ''],
    ['canonicalization with comments', `${EXCLUSIVE}WithComments`, ''],
    ['an unknown one', 'urn:x', ''],
  ].flatMap(([what, algorithm, content]): Attack[] => {
    const transform = `<ds:Transform Algorithm="${String(algorithm)}">${String(content)}</ds:Transform>`
    return [
      {
        name: `a transform: ${String(what)}`,
        answer: referring({ transforms: `<ds:Transforms>${transform}</ds:Transforms>` }),
        refusal: /Only exclusive canonicalization without comments is accepted/,
      },
      {
        name: `a transform before the right one: ${String(what)}`,
        answer: referring({
          transforms: `<ds:Transforms>${transform}${EXCLUSIVE_TRANSFORM}</ds:Transforms>`,
        }),
        refusal: /other transforms than exclusive canonicalization/,
      },
    ]
  }),
  {
    name: 'the STR-Transform',
    answer: referring({
      transforms:
        '<ds:Transforms><ds:Transform Algorithm="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform"/></ds:Transforms>',
    }),
    refusal: /Transform is not as its schema says/,
  },
  {
    name: 'no transforms',
    answer: referring({ transforms: '' }),
    refusal: /Reference is not as its schema says/,
  },
  {
    name: 'empty transforms',
    answer: referring({ transforms: '<ds:Transforms/>' }),
    refusal: /Transforms is not as its schema says/,
  },
  {
    name: 'a digest with SHA-1',
    answer: referring({ digest: { uri: `${DS}sha1`, hash: 'sha1' } }),
    refusal: /A digest method is not one that is accepted/,
  },
  {
    name: 'a digest with MD5',
    answer: referring({ digest: { uri: 'http://www.w3.org/2001/04/xmldsig-more#md5', hash: 'md5' } }),
    refusal: /A digest method is not one that is accepted/,
  },
  {
    name: 'one element twice',
    answer: ({ backend }) =>
      signedAnswer({ by: backend, references: [{ id: 'Body' }, { id: 'TS' }, { id: 'Body' }] }),
    refusal: /Two references are to one element/,
    deceives: true,
  },
  {
    name: 'too many references',
    answer: ({ backend }) =>
      signedAnswer({ by: backend, references: Array.from({ length: 33 }, () => ({ id: 'Body' })) }),
    refusal: /more than 32 references/,
    deceives: true,
  },
  {
    name: 'no references',
    answer: ({ backend }) => signedAnswer({ by: backend, references: [] }),
    refusal: /covers nothing/,
  },
  {
    name: 'an element deep in the body',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        body: PAYLOAD.replace('<m:amount', '<m:amount wsu:Id="Deep"'),
        references: [{ id: 'Deep' }, { id: 'TS' }],
      }),
    refusal: elsewhere,
    deceives: true,
  },
]

const methods: readonly Attack[] = [
  {
    name: 'HMAC with the public certificate as its key',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        method: {
          uri: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
          hash: 'sha256',
          secret: backend.certificatePem,
        },
      }),
    refusal: /The signature method is not one that is accepted/,
  },
  {
    name: 'RSA with SHA-1',
    answer: ({ backend }) => signedAnswer({ by: backend, method: { uri: `${DS}rsa-sha1`, hash: 'sha1' } }),
    refusal: /SHA-1 only counts where verify.sha1 says so/,
  },
  {
    name: 'DSA',
    answer: ({ backend }) => signedAnswer({ by: backend, method: { uri: `${DS}dsa-sha1`, hash: 'sha1' } }),
    refusal: /The signature method is not one that is accepted/,
  },
  {
    name: 'ECDSA said of an RSA key',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        method: { uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256', hash: 'sha256' },
      }),
    refusal: /not that of its certificate/,
  },
  ...['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', `${EXCLUSIVE}WithComments`, 'urn:x'].map(
    (algorithm): Attack => ({
      name: `SignedInfo canonicalised with ${algorithm}`,
      answer: ({ backend }) =>
        signedAnswer({
          by: backend,
          canonicalization: `<ds:CanonicalizationMethod Algorithm="${algorithm}"/>`,
        }),
      refusal: /Only exclusive canonicalization without comments is accepted/,
    }),
  ),
  {
    name: 'a digest value replaced',
    answer: ({ backend }) => {
      const evil = signedAnswer({ by: backend, body: EVIL })
      const [, digest = ''] = /<ds:DigestValue>([^<]*)</.exec(evil) ?? []
      return signedAnswer({ by: backend })
        .replace(PAYLOAD, EVIL)
        .replace(/(<ds:DigestValue>)[^<]*/, `$1${digest}`)
    },
    refusal: /not that of its certificate/,
  },
  {
    name: 'a digest value that hides in a comment',
    answer: ({ backend }) => {
      const evil = signedAnswer({ by: backend, body: EVIL })
      const [, digest = ''] = /<ds:DigestValue>([^<]*)</.exec(evil) ?? []
      return signedAnswer({ by: backend })
        .replace(PAYLOAD, EVIL)
        .replace('<ds:DigestValue>', `<ds:DigestValue><!--${digest}-->`)
    },
    refusal: /What was signed has been changed/,
  },
  {
    name: 'a digest value that is not text',
    answer: ({ backend }) =>
      signedAnswer({ by: backend }).replace('<ds:DigestValue>', '<ds:DigestValue><?x?>'),
    refusal: /DigestValue is not as its schema says/,
  },
  {
    name: 'a second SignedInfo',
    answer: ({ backend }) => {
      const answer = signedAnswer({ by: backend })
      const [signedInfo = ''] = /<ds:SignedInfo.*<\/ds:SignedInfo>/.exec(answer) ?? []
      return answer.replace(signedInfo, signedInfo + signedInfo)
    },
    refusal: /Signature is not as its schema says/,
  },
]

const keyInfo = (content: string, options: Partial<AnswerOptions> = {}): Attack['answer'] => {
  return ({ backend }) =>
    signedAnswer({ by: backend, keyInfo: `<ds:KeyInfo>${content}</ds:KeyInfo>`, ...options })
}
const unnamed = /does not name an X.509 certificate in a way that is supported/
const unknown = /neither in verify.certificates nor in verify.trust/
const KEY_VALUE =
  '<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>'

const keys: readonly Attack[] = [
  { name: 'KeyValue alone', answer: keyInfo(KEY_VALUE), refusal: unnamed },
  { name: 'KeyValue before the reference', answer: keyInfo(KEY_VALUE + tokenReference()), refusal: unnamed },
  { name: 'two references', answer: keyInfo(tokenReference() + tokenReference()), refusal: unnamed },
  { name: 'KeyName', answer: keyInfo('<ds:KeyName>backend</ds:KeyName>'), refusal: unnamed },
  {
    name: 'RetrievalMethod',
    answer: keyInfo('<ds:RetrievalMethod URI="http://attacker.example/key"/>'),
    refusal: unnamed,
  },
  {
    name: 'no KeyInfo',
    answer: ({ backend }) => signedAnswer({ by: backend, keyInfo: '' }),
    refusal: /Signature is not as its schema says/,
  },
  {
    name: 'a token elsewhere',
    answer: keyInfo(tokenReference('http://attacker.example/cert')),
    refusal: /not to an element of the response/,
  },
  {
    name: 'a token that is a Timestamp',
    answer: keyInfo(tokenReference('#TS')),
    refusal: /neither an X509v3 certificate nor an X509PKIPathv1/,
  },
  {
    name: 'a certificate that is called a path',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        tokens: token(
          backend.certificatePem,
          'X509',
          'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509PKIPathv1',
        ),
      }),
    refusal: /certificate of the signature cannot be read/,
  },
  {
    name: 'a token that is not a certificate',
    answer: ({ backend }) => signedAnswer({ by: backend, tokens: token('AAAA') }),
    refusal: /certificate of the signature cannot be read/,
  },
  {
    name: 'a certificate of its own making with the same subject',
    answer: ({ stranger }) => signedAnswer({ by: stranger }),
    refusal: untrustedPath,
  },
  {
    name: 'a certificate of its own making in X509Data',
    answer: ({ stranger }) =>
      signedAnswer({
        by: stranger,
        tokens: '',
        keyInfo: `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${stranger.certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
      }),
    refusal: untrustedPath,
  },
  {
    name: 'a certificate of an authority that has the name of ours',
    answer: ({ falseCa }) =>
      signedAnswer({ by: folder.make('/O=Acme/CN=backend', { issuer: falseCa, days: DAYS }) }),
    refusal: untrustedPath,
  },
  {
    name: 'a certificate issued by one that is not an authority',
    answer: ({ colleague }) =>
      signedAnswer({ by: folder.make('/O=Acme/CN=backend', { issuer: colleague, days: DAYS }) }),
    refusal: untrustedPath,
    policy: {},
  },
  {
    name: 'the right certificate with the signature of another key',
    answer: ({ stranger, backend }) => signedAnswer({ by: stranger, tokens: token(backend.certificatePem) }),
    refusal: /not that of its certificate/,
  },
  {
    name: 'another subject of the same authority',
    answer: ({ colleague }) => signedAnswer({ by: colleague }),
    refusal: /another subject than verify.certificateSubject/,
    policy: { certificateSubject: 'CN=backend, O=Acme' },
    deceives: true,
  },
  {
    name: 'an expired certificate',
    answer: ({ expired }) => signedAnswer({ by: expired }),
    refusal: /certificate of the signature has expired/,
    deceives: true,
  },
  {
    name: 'an RSA key of 1024 bits',
    answer: ({ short }) => signedAnswer({ by: short }),
    refusal: /key that is too short/,
    deceives: true,
  },
  {
    name: 'a certificate that is not for signing',
    answer: ({ encipherer }) => signedAnswer({ by: encipherer }),
    refusal: /not for signing/,
    deceives: true,
  },
  {
    name: 'an issuer and serial number that nobody has',
    answer: keyInfo(
      '<wsse:SecurityTokenReference><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=CA,O=Acme</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data></wsse:SecurityTokenReference>',
    ),
    refusal: unknown,
  },
  {
    name: 'a thumbprint that nobody has',
    answer: keyInfo(
      '<wsse:SecurityTokenReference><wsse:KeyIdentifier ValueType="http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1">AAAA</wsse:KeyIdentifier></wsse:SecurityTokenReference>',
    ),
    refusal: unknown,
  },
  {
    name: 'a key identifier of another kind',
    answer: keyInfo(
      '<wsse:SecurityTokenReference><wsse:KeyIdentifier>AAAA</wsse:KeyIdentifier></wsse:SecurityTokenReference>',
    ),
    refusal: /ValueType of the KeyIdentifier is not supported/,
  },
  {
    name: 'a certificate in X509Data beside that of a namesake of its issuer',
    answer: ({ backend, stranger }) => {
      const data = [backend, stranger].map(
        ({ certificate }) => `<ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate>`,
      )
      return signedAnswer({
        by: stranger,
        keyInfo: `<ds:KeyInfo><ds:X509Data>${data.join('')}</ds:X509Data></ds:KeyInfo>`,
      })
    },
    refusal: /does not lead to a certificate of verify.trust/,
  },
]

const XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:t"'
const TYPED = '<m:Result xmlns:m="urn:m" xsi:type="t:Small"/>'

const documents: readonly Attack[] = [
  {
    name: 'a document type declaration',
    answer: ({ backend }) => `<!DOCTYPE soap:Envelope>${signedAnswer({ by: backend })}`,
    refusal: /document type declaration/,
  },
  {
    name: 'entities',
    answer: ({ backend }) =>
      `<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]>${signedAnswer({ by: backend }).replace('100', '&x;')}`,
    refusal: /document type declaration/,
  },
  {
    name: 'an Id that a declaration makes up',
    answer: ({ backend }) => `<!DOCTYPE e [<!ATTLIST W x ID #IMPLIED>]>${signedAnswer({ by: backend })}`,
    refusal: /document type declaration/,
  },
  {
    name: 'the prefix of xsi:type bound anew on the envelope',
    answer: ({ backend }) =>
      signedAnswer({ by: backend, envelope: XSI, body: TYPED }).replace('urn:t"', 'urn:evil"'),
    refusal: /prefix whose declaration the signature does not cover/,
    deceives: true,
  },
  {
    name: 'the prefix of xsi:type bound anew on its element',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        envelope: XSI,
        body: TYPED.replace(' xsi', ' xmlns:t="urn:t" xsi'),
      }).replace('xmlns:t="urn:t" xsi', 'xmlns:t="urn:evil" xsi'),
    refusal: /prefix whose declaration the signature does not cover/,
    deceives: true,
  },
  {
    name: 'the prefix of xsi:type bound anew, but on the PrefixList',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        envelope: XSI,
        body: TYPED,
        references: [{ id: 'Body', prefixes: ['t'] }, { id: 'TS' }],
      }).replace('urn:t"', 'urn:evil"'),
    refusal: /What was signed has been changed/,
  },
  {
    name: 'xop:Include in the body',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        body: '<m:f xmlns:m="urn:m"><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:1"/></m:f>',
      }),
    refusal: /refers to an attachment/,
    deceives: true,
  },
  {
    name: 'a reference to an attachment in the body',
    answer: ({ backend }) => signedAnswer({ by: backend, body: '<m:f xmlns:m="urn:m" href="cid:1"/>' }),
    refusal: /refers to an attachment/,
    deceives: true,
  },
  {
    name: 'an attachment named in text (swaRef)',
    answer: ({ backend }) => signedAnswer({ by: backend, body: '<m:f xmlns:m="urn:m"> cid:1@x</m:f>' }),
    refusal: /refers to an attachment/,
    deceives: true,
  },
  {
    name: 'an encrypted body',
    answer: ({ backend }) => signedAnswer({ by: backend, body: `<e:EncryptedData xmlns:e="${XENC}"/>` }),
    refusal: /encrypted/,
    deceives: true,
  },
  {
    name: 'an encrypted key',
    answer: ({ backend }) =>
      signedAnswer({
        by: backend,
        tokens: `${token(backend.certificatePem)}<e:EncryptedKey xmlns:e="${XENC}"/>`,
      }),
    refusal: /encrypted/,
    deceives: true,
  },
  {
    name: 'a canonical form that explodes',
    answer: ({ backend }) => {
      // A second namespace name as long as all else is written again on each of the elements.
      const envelope = ` xmlns:l="urn:${'l'.repeat(1000)}"`
      return signedAnswer({ by: backend, envelope, body: '<l:x/>'.repeat(5000) })
    },
    refusal: /much longer in canonical form/,
  },
  {
    name: 'two elements of one wsu:Id that no reference names',
    answer: ({ backend }) =>
      signedAnswer({ by: backend, body: '<m:f xmlns:m="urn:m"><m:a wsu:Id="a"/><m:b wsu:Id="a"/></m:f>' }),
    refusal: sameId,
  },
  {
    name: 'text in the envelope',
    answer: ({ backend }) => signedAnswer({ by: backend }).replace('<soap:Header>', 'text<soap:Header>'),
    refusal: /only elements may stand/,
    deceives: true,
  },
  {
    name: 'a processing instruction in the header',
    answer: ({ backend }) => inHeader('<?x y?>', signedAnswer({ by: backend })),
    refusal: /only elements may stand/,
    deceives: true,
  },
  {
    name: 'an unsigned header that must be understood',
    answer: ({ backend }) =>
      inHeader('<x:h xmlns:x="urn:x" soap:mustUnderstand="1"/>', signedAnswer({ by: backend })),
    refusal: /A header is not signed/,
    deceives: true,
  },
  {
    name: 'an unsigned header where the policy refuses them',
    answer: ({ backend }) => inHeader('<x:h xmlns:x="urn:x"/>', signedAnswer({ by: backend })),
    refusal: /A header is not signed/,
    policy: { unsignedHeaders: 'refuse' },
    deceives: true,
  },
  {
    name: 'an unsigned header where all must be signed',
    answer: ({ backend }) => inHeader('<x:h xmlns:x="urn:x"/>', signedAnswer({ by: backend })),
    refusal: /A header that must be signed is not/,
    policy: { parts: ['body', 'headers'] },
    deceives: true,
  },
  {
    name: 'an unsigned RelatesTo where addressing must be signed',
    answer: ({ backend }) =>
      inHeader(
        '<a:RelatesTo xmlns:a="http://www.w3.org/2005/08/addressing">1</a:RelatesTo>',
        signedAnswer({ by: backend }),
      ),
    refusal: /A header that must be signed is not/,
    policy: { parts: ['body', 'addressing'] },
    deceives: true,
  },
  {
    name: 'addressing left out where it must be signed',
    answer: ({ backend }) => signedAnswer({ by: backend }),
    refusal: /no WS-Addressing headers/,
    policy: { parts: ['body', 'addressing'] },
    deceives: true,
  },
  {
    name: 'no signature at all',
    answer: () => `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body>${EVIL}</soap:Body></soap:Envelope>`,
    refusal: /has no wsse:Security header/,
  },
  {
    name: 'a Timestamp and nothing else',
    answer: () =>
      `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header><s:Security xmlns:s="${WSSE}"><u:Timestamp xmlns:u="${WSU}"/></s:Security></soap:Header><soap:Body>${EVIL}</soap:Body></soap:Envelope>`,
    refusal: /has no signature/,
  },
  {
    name: 'a fault without a signature',
    answer: () => `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body><soap:Fault/></soap:Body></soap:Envelope>`,
    refusal: /a fault that is not signed; verify.unsignedFaults/,
  },
  {
    name: 'content called Fault where faults need no signature',
    answer: () => `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body><Fault/></soap:Body></soap:Envelope>`,
    refusal: /has no wsse:Security header/,
    policy: { unsignedFaults: true },
  },
]

/** Checks the first signature in a document and nothing else. */
function naive(answer: string, { certificateFile }: { certificateFile: string }): boolean {
  const file = join(folder.path, 'attack.xml')
  writeFileSync(file, answer)
  const ids = ['Body', 'Timestamp', 'amount', 'a'].flatMap((name) => ['--id-attr:Id', name])
  return spawnSync('xmlsec1', ['--verify', '--pubkey-cert-pem', certificateFile, ...ids, file]).status === 0
}

describe.skipIf(!hasOpenssl)('a response is refused', () => {
  const actors = hasOpenssl ? cast() : (undefined as never)

  it.each([...wrapping, ...altered, ...references, ...methods, ...keys, ...documents])(
    '$name',
    ({ answer, refusal, policy }) => {
      const verify = receiving({ verify: verification([actors.ca], policy) }, () => NOW)
      const text = answer(actors)
      let error: unknown
      try {
        verify(text)
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(AdapterError)
      const { code, message } = error as AdapterError
      expect(message).toMatch(refusal)
      expect(code).toBe(message.includes('well-formed') ? 'backend-malformed' : 'backend-untrusted')
      expect(message).not.toMatch(/666|evil|attacker|passwd/)
    },
  )

  it.runIf(hasXmlsec)('that a verifier of signatures alone would take', () => {
    const signers = Object.values(actors)
    const taken = [...wrapping, ...references, ...keys, ...documents].filter(({ answer, deceives }) => {
      if (!deceives) return false
      const text = answer(actors)
      return signers.some((signer) => naive(text, signer))
    })
    const meant = [...wrapping, ...references, ...keys, ...documents].filter(({ deceives }) => deceives)
    expect(taken.map(({ name }) => name)).toEqual(meant.map(({ name }) => name))
    expect(meant.length).toBeGreaterThan(30)
  })
})
