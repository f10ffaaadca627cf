import { isObject } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'
import {
  passwordTypes,
  type TokenPolicies,
  type UsernameTokenPolicy,
  type UsernameVerificationPolicy,
  type WsSecurityPolicy,
} from '../../ws-security/policy.js'
import { MAX_ITERATIONS, MIN_ITERATIONS } from '../../ws-security/tokens/derived-key.js'
import { escapeText, XmlCharacterError } from '../../xml/escape.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { isClearText } from '../reader/url.js'
import { type CallKind, callUse, readSource, type WrittenSource } from '../sources/source.js'
import { readDecryption, readEncryption } from './encryption.js'
import { type IssuedTokenAnnotation, readIssuedToken } from './issued-token.js'
import { readEndorsement, readSignature } from './signature.js'
import { checkCiphers, readSymmetric, withKeyLength } from './symmetric.js'
import { checkPasswordOfKey, report, type Surroundings } from './values.js'
import { readVerification } from './verification.js'

const MAX_SECONDS = 86_400
/** `security` of a backend, as docs/annotation.md gives it. */
export interface SecurityAnnotation {
  readonly policy: WsSecurityPolicy
  /** Where the SAML assertion of a call comes from, or that on whose behalf a token is asked for. */
  readonly samlAssertion: WrittenSource<CallKind> | undefined
  readonly issuedToken: IssuedTokenAnnotation | undefined
}

/** Reads `security` of a backend, with the keys that it names. */
export function readSecurity(
  reader: AnnotationReader | undefined,
  endpoint: string | undefined,
): SecurityAnnotation | undefined {
  if (!reader) return undefined
  const around: Surroundings = { endpoint, now: Date.now() }
  const saml = readSaml(reader.nested('saml'))
  const asksForToken = reader.value.issuedToken !== undefined
  const timestamp = readTimestamp(reader.nested('timestamp'))
  const username = readUsername(reader.nested('username'), around)
  const hasAssertion = saml !== undefined || asksForToken
  const symmetric = readSymmetric(reader.nested('symmetric'), reader.value.signature, around)
  const isSymmetric = reader.value.symmetric !== undefined
  const company = { timestamp, username, hasAssertion, isSymmetric }
  const signature = readSignature(reader.nested('signature'), company, around)
  const endorsement = readEndorsement(reader.nested('endorsement'), reader.value.signature, around)
  const encryption = readEncryption(
    reader.nested('encryption'),
    {
      ...optional('signature', signature),
      ...optional('username', username),
      saml: hasAssertion,
      isSymmetric,
    },
    around,
  )
  const issuedToken = readIssuedToken(reader.nested('issuedToken'), {
    ...{ signature, around },
    recipient: encryption && 'certificate' in encryption ? encryption.certificate : symmetric?.certificate,
    readSecurity: (nested, url) => readTokenSecurity(nested, url),
  })
  // Each token that there is: one that is forgotten here does not compile.
  const tokens: Tokens = {
    ...{ timestamp, username, signature },
    symmetric: symmetric && withKeyLength(symmetric, encryption),
    saml: hasAssertion || undefined,
  }
  const verify = readVerification(reader.nested('verify'), isSymmetric, around)
  const decryption = readDecryption(
    reader.nested('decryption'),
    { ...optional('verify', verify), isSymmetric },
    around,
  )
  if (tokens.symmetric) checkCiphers(reader, tokens.symmetric, decryption)
  const policy: WsSecurityPolicy = {
    ...present(tokens),
    mustUnderstand: reader.flag('mustUnderstand') ?? true,
    ...optional('actor', sendable(reader, 'actor', reader.expanded('actor'))),
    ...optional('endorsement', endorsement),
    ...(issuedToken?.policy.recipient && { encryptedSaml: true }),
    ...optional('encryption', encryption),
    ...optional('decryption', decryption),
    ...optional('verify', verify),
  }
  refuseByName(reader)
  reader.end()
  if (username?.type === 'key' && !signsByPassword(reader.value.signature)) {
    report(
      reader,
      'username',
      'username.type: key sends no password: signature: { reference: username } must show that we know it.',
    )
  }
  if (username?.type === 'key' && verify?.username) checkPasswordsDiffer(reader, username, verify.username)
  const asked = [...Object.keys(tokens), 'endorsement', 'issuedToken', 'encryption', 'decryption', 'verify']
  if (!asked.some((key) => key in reader.value)) {
    const message = `security has none of ${asked.join(', ')}: it asks for nothing.`
    report(reader, 'timestamp', message)
  }
  if (saml && asksForToken) {
    report(
      reader,
      'issuedToken',
      'security has saml and issuedToken: a message has one assertion. For that of the caller write issuedToken.onBehalfOf or issuedToken.actAs.',
    )
  }
  return { policy, samlAssertion: issuedToken ? issuedToken.callerToken : saml, issuedToken }
}

/** Names do not tell the directions apart: whoever is on the way can write another one beside the same Salt. */
function checkPasswordsDiffer(
  reader: AnnotationReader,
  sent: UsernameTokenPolicy,
  verified: UsernameVerificationPolicy,
): void {
  if (sent.password !== verified.password) return
  reader.diagnostics.warning(
    'wss-weak',
    'username and verify.username make keys of one password, so that a message of ours could come back as one of the other side: refused are those that this process has sent, not those of other replicas or from before a restart. Agree on a password for each direction, or have responses sign WS-Addressing headers (verify.parts: [body, timestamp, addressing]).',
    reader.at('username'),
  )
}

function signsByPassword(signature: unknown): boolean {
  return isObject(signature) && signature.reference === 'username'
}

/** Messages to a token service are signed and encrypted like others, but need no token of another. */
function readTokenSecurity(
  reader: AnnotationReader,
  endpoint: string | undefined,
): WsSecurityPolicy | undefined {
  const { policy, samlAssertion, issuedToken } = readSecurity(reader, endpoint) ?? {}
  if (!samlAssertion && !issuedToken) return policy
  report(
    reader,
    samlAssertion ? 'saml' : 'issuedToken',
    'A request for a token brings no assertion: prove who asks by username or signature.',
  )
  return undefined
}

/** What people look for and do not find, and what they can do. */
const unsupported: Readonly<Record<string, string>> = {
  secureConversation:
    'WS-SecureConversation is not supported: ask for a binding with establishSecurityContext="false" (WCF), where each message has a signature of its own.',
  derivedKeys:
    'derivedKeys belongs to symmetric: give symmetric: { derivedKeys: ws-sc-1.3 }, or ws-sc-2005 for the version of February 2005.',
  kerberos:
    'Kerberos tokens are not supported: ask for certificates or SAML, or let a proxy of yours authenticate that has the ticket.',
  reliableMessaging:
    'WS-ReliableMessaging is not supported: give operations x-soap.idempotency, so that repeated requests do no harm.',
}

function refuseByName(reader: AnnotationReader): void {
  for (const [key, message] of Object.entries(unsupported)) {
    if (reader.value[key] === undefined) continue
    reader.object(key)
    reader.diagnostics.error('wss-unsupported', message, reader.at(key))
  }
}

type Tokens = { readonly [Key in keyof TokenPolicies]-?: TokenPolicies[Key] | undefined }

function present(tokens: Tokens): TokenPolicies {
  return Object.fromEntries(Object.entries(tokens).filter(([, value]) => value !== undefined))
}

function readTimestamp(reader: AnnotationReader | undefined): WsSecurityPolicy['timestamp'] {
  if (!reader) return undefined
  const ttlSeconds = reader.positive('ttlSeconds') ?? 300
  reader.end()
  if (ttlSeconds > MAX_SECONDS) report(reader, 'ttlSeconds', `ttlSeconds is ${MAX_SECONDS} at most, a day.`)
  return { ttlSeconds }
}

function readUsername(
  reader: AnnotationReader | undefined,
  { endpoint }: Surroundings,
): UsernameTokenPolicy | undefined {
  if (!reader) return undefined
  const name = sendable(reader, 'name', reader.expanded('name', { required: true }))
  const password = sendable(reader, 'password', reader.secret('password', { required: true }))
  const type = reader.word('type', passwordTypes, { required: true })
  const nonce = reader.flag('nonce') ?? false
  const iterations = reader.positive('iterations')
  reader.end()
  if (type === 'text' && endpoint !== undefined && isClearText(endpoint)) {
    reader.diagnostics.warning(
      'credentials-in-clear',
      'The password is sent as text to an http: endpoint, where anyone on the network path can read it: use https:, or type: digest.',
      reader.at('type'),
    )
  }
  if (type === 'key') checkPasswordOfKey(reader, password)
  checkIterations(reader, type, iterations)
  return name === undefined || password === undefined || type === undefined
    ? undefined
    : { name, password, type, nonce, ...optional('iterations', iterations) }
}

function checkIterations(
  reader: AnnotationReader,
  type: UsernameTokenPolicy['type'] | undefined,
  iterations: number | undefined,
): void {
  if (iterations === undefined) return
  if (type !== 'key')
    report(reader, 'iterations', 'iterations is of type: key, which makes a key of the password.')
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
    report(reader, 'iterations', `iterations is from ${MIN_ITERATIONS} to ${MAX_ITERATIONS}.`)
  }
}

/** XML cannot carry every character, and a message that cannot be sent is better known at start-up. */
function sendable(reader: AnnotationReader, key: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    escapeText(text)
    return text
  } catch (error) {
    if (!(error instanceof XmlCharacterError)) throw error
    report(reader, key, `${key} has a character that XML cannot carry.`)
    return undefined
  }
}

function readSaml(reader: AnnotationReader | undefined): WrittenSource<CallKind> | undefined {
  if (!reader) return undefined
  const value = reader.text('assertion', { required: true })
  reader.end()
  const assertion = { name: 'saml.assertion', value, pointer: join(reader.pointer, 'assertion') }
  return value === undefined ? undefined : readSource(reader, assertion, { ...callUse, code: 'wss-policy' })
}
