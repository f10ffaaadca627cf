import { isSameSecret } from '../../base/same-secret.js'
import { isSoapNamespace } from '../../soap/envelope.js'
import { isForUltimateReceiver } from '../../soap/header-block.js'
import { XmlReader, type XmlReaderLimits } from '../../xml/reader.js'
import { trimXml } from '../../xml/white-space.js'
import { PASSWORD_DIGEST, PASSWORD_TEXT, WSSE, WSU } from '../names.js'
import type { UsernameCheckPolicy } from '../policy.js'
import { HEADER, SECURITY, untrusted, USERNAME } from '../untrusted.js'
import { instantOf } from './freshness.js'
import { passwordDigest } from './username-token.js'

/** How far clocks may be apart. */
export const CLOCK_SKEW_MS = 60_000
const NONCE_OCTETS = { least: 8, most: 256 }

/** A nonce that counts once. */
export interface PresentedNonce {
  readonly nonce: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

interface PresentedToken {
  readonly username: string
  readonly password: string
  readonly passwordType: string
  readonly nonce: string | undefined
  readonly created: string | undefined
}

/**
 * Checks the UsernameToken of a message that somebody sends us (UsernameToken Profile 1.1, section 3).
 *
 * @param now milliseconds since 1970
 * @param isVerified whether somebody else deals with what wsse:Security holds beside it
 * @returns the nonce of a digest, which must not have been used; undefined for a password as text
 * @throws AdapterError `backend-untrusted`; XmlError where the message is not well-formed so far
 */
export function checkUsernameToken(
  envelope: string,
  policy: UsernameCheckPolicy,
  {
    now,
    limits,
    isVerified,
  }: { readonly now: number; readonly limits: XmlReaderLimits; readonly isVerified: boolean },
): PresentedNonce | undefined {
  const token = presentedToken(new XmlReader(envelope, limits), isVerified)
  const isDigest = policy.type === 'digest'
  if (token.passwordType !== (isDigest ? PASSWORD_DIGEST : PASSWORD_TEXT)) {
    throw untrusted(
      `The Password of the UsernameToken is not of the type ${policy.type}, as receive.usernameToken asks`,
      USERNAME,
    )
  }
  const presented = isDigest ? freshNonce(token, policy, now) : undefined
  const expected = presented
    ? passwordDigest(Buffer.from(presented.nonce, 'base64'), token.created ?? '', policy.password)
    : policy.password
  // Both are compared, so that the time says nothing of the name.
  const matches = [isSameSecret(token.username, policy.name), isSameSecret(token.password, expected)]
  if (!matches.every(Boolean))
    throw untrusted('The UsernameToken has another name or password than receive.usernameToken', USERNAME)
  return presented
}

function freshNonce(
  { nonce = '', created = '' }: PresentedToken,
  { maxAgeSeconds }: UsernameCheckPolicy,
  now: number,
): PresentedNonce {
  const octets = /^[A-Za-z0-9+/]+={0,2}$/.test(nonce) ? Buffer.from(nonce, 'base64') : Buffer.alloc(0)
  if (octets.length < NONCE_OCTETS.least || octets.length > NONCE_OCTETS.most) {
    throw untrusted(
      'The Nonce of the UsernameToken is missing, or not one of 8 to 256 octets in base64',
      USERNAME,
    )
  }
  const createdAt = instantOf(created, 'Created of the UsernameToken', USERNAME)
  if (createdAt > now + CLOCK_SKEW_MS)
    throw untrusted('The UsernameToken is of the future: compare the clocks', USERNAME)
  if (createdAt < now - CLOCK_SKEW_MS - maxAgeSeconds * 1000) {
    throw untrusted('The UsernameToken is older than receive.usernameToken.maxAgeSeconds allows', USERNAME)
  }
  return { nonce: octets.toString('base64'), createdAt }
}

const SECURITY_NAME = `{${WSSE}}Security`
const TOKEN_NAME = `{${WSSE}}UsernameToken`

function presentedToken(reader: XmlReader, isVerified: boolean): PresentedToken {
  let found: PresentedToken | undefined
  let headers = 0
  reader.nextElement()
  while (reader.nextElement()) {
    if (reader.localName !== 'Header' || !isSoapNamespace(reader.namespace)) break
    while (reader.nextElement()) {
      if (reader.name !== SECURITY_NAME || !isForUltimateReceiver(reader)) {
        reader.skip()
        continue
      }
      if (++headers > 1) throw untrusted('The message has more than one wsse:Security header', HEADER)
      found = tokenIn(reader, isVerified)
    }
  }
  if (found) return found
  throw untrusted('The message has no UsernameToken', SECURITY)
}

function tokenIn(reader: XmlReader, isVerified: boolean): PresentedToken | undefined {
  let found: PresentedToken | undefined
  while (reader.nextElement()) {
    if (reader.name === TOKEN_NAME) {
      if (found) throw untrusted('The message has more than one UsernameToken', SECURITY)
      found = readToken(reader)
    } else if (isVerified || reader.name === `{${WSU}}Timestamp`) {
      reader.skip()
    } else {
      throw untrusted(
        'wsse:Security holds something else than a UsernameToken and a Timestamp, which security.verify would deal with',
        SECURITY,
      )
    }
  }
  return found
}

const PARTS = [`{${WSSE}}Username`, `{${WSSE}}Password`, `{${WSSE}}Nonce`, `{${WSU}}Created`]

function readToken(reader: XmlReader): PresentedToken {
  const texts = new Map<string, string>()
  // Profile 1.1, section 3.1: that is the type where none is written.
  let passwordType = PASSWORD_TEXT
  while (reader.nextElement()) {
    const { name } = reader
    if (!PARTS.includes(name) || texts.has(name)) {
      throw untrusted('The UsernameToken has a part that is not known, or one twice', USERNAME)
    }
    if (name === `{${WSSE}}Password`) passwordType = reader.attribute('Type') ?? PASSWORD_TEXT
    texts.set(name, reader.text())
  }
  const [username = '', password = '', nonce, created] = PARTS.map((part) => texts.get(part))
  return {
    username: trimXml(username),
    password: passwordType === PASSWORD_DIGEST ? trimXml(password) : password,
    passwordType,
    nonce: nonce?.replace(/[ \t\r\n]+/g, ''),
    created: trimXml(created),
  }
}
