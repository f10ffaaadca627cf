import { afterAll, describe, expect, it, vi } from 'vitest'
import { macMethods } from '../../../src/ws-security/algorithms/signature.js'
import { USERNAME_TOKEN, WSSE_11 } from '../../../src/ws-security/names.js'
import type { VerificationPolicy, WsSecurityPolicy } from '../../../src/ws-security/policy.js'
import { DerivedKeys, derivedSecret } from '../../../src/ws-security/tokens/derived-key.js'
import { compileWsSecurity } from '../../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder } from '../keys.js'
import {
  type AnswerOptions,
  NOW,
  PAYLOAD,
  receiving,
  RSA_SHA256,
  signedAnswer,
  SOAP,
  verification,
} from '../signed-answer.js'

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const PASSWORD = 'correct horse battery staple'
const SALT = Buffer.from('01020304050607080910111213141516', 'hex')

it.each([
  [1, '2f29fadcc4f7eac5c895b2f50f36dc64947c5730'],
  [3, 'f416729f6816534634ecf5adb83d12a18af9508e'],
])('a key is SHA-1 of password and salt, hashed %i times', (iterations, expected) => {
  // By sha1sum.
  expect(derivedSecret('password', SALT, iterations).toString('hex')).toBe(expected)
})

describe('keys for what we send', () => {
  it('serve for five minutes, and are known after their last use for as long as a message may come', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const keys = new DerivedKeys(PASSWORD, 1_000, 420_000)
      const first = keys.current
      expect(keys.current).toBe(first)
      expect([first.salt.length, first.salt[0], first.iterations]).toEqual([16, 1, 1_000])
      expect(first.secret).toEqual(derivedSecret(PASSWORD, first.salt, 1_000))
      vi.advanceTimersByTime(299_000)
      expect(keys.current).toBe(first)
      const salts = [first.salt]
      for (const step of [2_000, 301_000, 301_000]) {
        vi.advanceTimersByTime(step)
        salts.push(keys.current.salt)
      }
      expect(new Set(salts.map((salt) => salt.toString('hex'))).size).toBe(4)
      // The first was last used 604 seconds ago, the second 602, the third 301.
      expect([...salts, SALT].map((salt) => keys.isOwn(salt))).toEqual([false, false, true, true, false])
    } finally {
      vi.useRealTimers()
    }
  })
})

it('what we sent does not come back, whatever was sent since', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const username = { name: 'bank', password: PASSWORD, minIterations: 1_000, maxIterations: 2_000 }
  let now = NOW.getTime()
  const security = compileWsSecurity(
    {
      mustUnderstand: false,
      timestamp: { ttlSeconds: 600 },
      username: { name: 'bank', password: PASSWORD, type: 'key', nonce: false },
      signature: {
        reference: 'username',
        algorithm: 'hmac-sha256',
        digest: 'sha256',
        parts: ['body', 'timestamp'],
      },
      verify: verification([], { username }),
    },
    '1.1',
    () => new Date(now),
  )
  const sentAfter = (seconds: number): string => {
    vi.advanceTimersByTime(seconds * 1_000)
    now += seconds * 1_000
    return security.secure(`<soap:Envelope xmlns:soap="${SOAP}"><soap:Body/></soap:Envelope>`, {})
  }
  try {
    sentAfter(0)
    const late = sentAfter(299)
    sentAfter(2)
    sentAfter(301)
    // Fresh still, give or take a minute, though its key has been replaced twice.
    expect(() => security.verify(late)).toThrow(/somebody has sent our message back/)
  } finally {
    vi.useRealTimers()
  }
})

describe.skipIf(!hasOpenssl)('a signature with a key that is made of a password', () => {
  const by = hasOpenssl ? folder.make('/CN=by', { days: 20_000 }) : (undefined as never)
  const username = { name: 'bank', password: PASSWORD, minIterations: 1_000, maxIterations: 2_000 }
  const verify = (text: string, policy: Partial<VerificationPolicy> = { username }): string =>
    receiving({ verify: verification([], policy) }, () => NOW)(text)
  const salted = (salt = SALT, iterations = '<wsse11:Iteration>1500</wsse11:Iteration>', more = ''): string =>
    `<wsse:UsernameToken xmlns:wsse11="${WSSE_11}" wsu:Id="UT"><wsse:Username>bank</wsse:Username>${more}<wsse11:Salt>${salt.toString('base64')}</wsse11:Salt>${iterations}</wsse:UsernameToken>`
  const keyInfo = (type = USERNAME_TOKEN, uri = '#UT'): string =>
    `<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="${uri}"${type === '' ? '' : ` ValueType="${type}"`}/></wsse:SecurityTokenReference></ds:KeyInfo>`
  const method = (
    secret: Buffer,
    { uri, hash }: { readonly uri: string; readonly hash: string } = macMethods['hmac-sha256'],
  ) => ({ uri, hash, secret })
  const answer = (more: Partial<AnswerOptions> = {}): string =>
    signedAnswer({
      by,
      tokens: salted(),
      keyInfo: keyInfo(),
      method: method(derivedSecret(PASSWORD, SALT, 1_500)),
      ...more,
    })

  it.each<[string, () => string, Partial<VerificationPolicy>?]>([
    ['with SHA-256', () => answer()],
    [
      'with SHA-512',
      () => answer({ method: method(derivedSecret(PASSWORD, SALT, 1_500), macMethods['hmac-sha512']) }),
    ],
    [
      'with SHA-1 where the policy says so',
      () => answer({ method: method(derivedSecret(PASSWORD, SALT, 1_500), macMethods['hmac-sha1']) }),
      { username, sha1: true },
    ],
    ['without ValueType', () => answer({ keyInfo: keyInfo('') })],
    [
      'of a thousand iterations by default',
      () => answer({ tokens: salted(SALT, ''), method: method(derivedSecret(PASSWORD, SALT, 1_000)) }),
    ],
    [
      'with a nonce beside it',
      () =>
        answer({
          tokens: salted(
            SALT,
            undefined,
            '<wsse:Nonce>AAAA</wsse:Nonce><wsu:Created>2030-01-02T03:04:00Z</wsu:Created>',
          ),
        }),
    ],
  ])('is believed: %s', (_, text, policy) => {
    expect(verify(text(), policy)).toContain(PAYLOAD)
  })

  it('counts beside certificates, whose subject is not asked of it', () => {
    const both = { username, trust: [by.certificate], certificateSubject: 'CN=by' }
    expect(verify(answer(), both)).toContain(PAYLOAD)
    expect(verify(signedAnswer({ by }), both)).toContain(PAYLOAD)
  })

  const publicKey = hasOpenssl
    ? by.certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    : ''
  it.each<[string, () => string, RegExp, Partial<VerificationPolicy>?]>([
    [
      'another password',
      () => answer({ method: method(derivedSecret('other', SALT, 1_500)) }),
      /not made with the key of its UsernameToken/,
    ],
    ['another salt', () => answer({ tokens: salted(Buffer.alloc(16, 1)) }), /not made with the key/],
    ['another body', () => answer().replace('>100<', '>666<'), /has been changed/],
    [
      'another name',
      () => answer({ tokens: salted().replace('>bank<', '>root<') }),
      /another name than verify.username.name/,
    ],
    [
      'a salt for encryption',
      () => answer({ tokens: salted(Buffer.alloc(16, 2)) }),
      /not one of 16 octets for a MAC/,
    ],
    ['a short salt', () => answer({ tokens: salted(Buffer.alloc(8, 1)) }), /not one of 16 octets/],
    [
      'few iterations',
      () => answer({ tokens: salted(SALT, '<wsse11:Iteration>999</wsse11:Iteration>') }),
      /Iteration .* from 1000 to 2000/,
    ],
    [
      'many iterations',
      () => answer({ tokens: salted(SALT, '<wsse11:Iteration>999999999</wsse11:Iteration>') }),
      /Iteration .* from 1000 to 2000/,
    ],
    [
      'no number of iterations',
      () => answer({ tokens: salted(SALT, '<wsse11:Iteration>0x7d0</wsse11:Iteration>') }),
      /Iteration .* from 1000 to 2000/,
    ],
    [
      'two salts',
      () => answer({ tokens: salted(SALT, `<wsse11:Salt>${SALT.toString('base64')}</wsse11:Salt>`) }),
      /each once, and without Password/,
    ],
    [
      'the password itself',
      () => answer({ tokens: salted(SALT, undefined, '<wsse:Password>x</wsse:Password>') }),
      /without Password/,
    ],
    [
      'no salt',
      () => answer({ tokens: salted().replace(/<wsse11:Salt>.*<\/wsse11:Salt>/, '') }),
      /with Username, Salt and Iteration/,
    ],
    [
      'an element that nobody knows',
      () => answer({ tokens: salted(SALT, '<x/>') }),
      /with Username, Salt and Iteration/,
    ],
    [
      'another ValueType',
      () => answer({ keyInfo: keyInfo('urn:x') }),
      /as if it were a token of another kind/,
    ],
    [
      'a token that is not there',
      () => answer({ keyInfo: keyInfo(USERNAME_TOKEN, '#UT2') }),
      /something else than/,
    ],
    [
      'a shortened value',
      () =>
        answer().replace(
          /(SignatureMethod Algorithm="[^"]*">)/,
          '$1<ds:HMACOutputLength>8</ds:HMACOutputLength>',
        ),
      /SignatureMethod is not as its schema says/,
    ],
    [
      'a value of nothing',
      () => answer().replace(/(<ds:SignatureValue>).*?(<)/, '$1AAAA$2'),
      /not made with the key/,
    ],
    [
      'RSA with a password',
      () => answer({ method: { uri: RSA_SHA256, hash: 'sha256' } }),
      /not made with the key/,
    ],
    [
      'SHA-1',
      () => answer({ method: method(derivedSecret(PASSWORD, SALT, 1_500), macMethods['hmac-sha1']) }),
      /is not one that is accepted/,
    ],
    [
      'HMAC with the public key of a certificate',
      () => signedAnswer({ by, method: { ...macMethods['hmac-sha256'], secret: publicKey } }),
      /not that of its certificate/,
      { username, trust: hasOpenssl ? [by.certificate] : [] },
    ],
    [
      'HMAC where nobody has a password',
      () => answer(),
      /is not one that is accepted/,
      { trust: hasOpenssl ? [by.certificate] : [] },
    ],
    [
      'a token where nobody has a password',
      () => answer({ method: { uri: RSA_SHA256, hash: 'sha256' } }),
      /verify.username does not say/,
      { trust: hasOpenssl ? [by.certificate] : [] },
    ],
  ])('is refused: %s', (_, text, refusal, policy) => {
    expect(() => verify(text(), policy)).toThrow(refusal)
    expect(() => verify(text(), policy)).toThrow(
      expect.objectContaining({ code: 'backend-untrusted' }) as Error,
    )
  })

  it('is the only one of its kind in a message, so that none costs more than one key', () => {
    const tokens = salted() + salted().replace('"UT"', '"UT2"').replace('>bank<', '>gateway<')
    const signatureIn = (text: string): string => /<ds:Signature>.*<\/ds:Signature>/.exec(text)?.[0] ?? ''
    const one = answer({ tokens })
    const after = (first: string): string => one.replace('<ds:Signature>', () => `${first}<ds:Signature>`)
    const wrong = signatureIn(one).replace(/(<ds:SignatureValue>).*?(<)/, '$1AAAA$2')
    for (const first of [signatureIn(one), wrong]) {
      expect(() => verify(after(first))).toThrow(/More than one signature is made with the key/)
    }
    // No key is made for another name.
    const gateway = signatureIn(answer({ tokens, keyInfo: keyInfo(USERNAME_TOKEN, '#UT2') }))
    expect(verify(after(gateway))).toContain(PAYLOAD)
  })

  it('is not ours that somebody sends back', () => {
    const policy: WsSecurityPolicy = {
      mustUnderstand: true,
      timestamp: { ttlSeconds: 60 },
      username: { name: 'bank', password: PASSWORD, type: 'key', nonce: false },
      signature: {
        reference: 'username',
        algorithm: 'hmac-sha256',
        digest: 'sha256',
        parts: ['body', 'timestamp', 'username'],
      },
      verify: verification([], { username }),
    }
    const [one, other] = [compileWsSecurity(policy, '1.1'), compileWsSecurity(policy, '1.1')]
    const sent = one.secure(
      `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body>${PAYLOAD}</soap:Body></soap:Envelope>`,
      {},
    )
    expect(sent).not.toContain(PASSWORD)
    expect(sent).toMatch(/<wsse11:Iteration>1000</)
    expect(other.verify(sent)).toContain(PAYLOAD)
    expect(() => one.verify(sent)).toThrow(/somebody has sent our message back/)
  })
})
