import { createHash, randomBytes } from 'node:crypto'
import { element, instant, newId, textElement } from '../document/markup.js'
import { BASE64, PASSWORD_DIGEST, PASSWORD_TEXT, WSSE_11 } from '../names.js'
import type { UsernameTokenPolicy } from '../policy.js'
import type { DerivedKey } from './derived-key.js'

// node-soap's WSSecurity makes the same token, and cannot be used for it: it makes wsu:Id of the time, whose colons no
// xs:ID may have and which two messages of one second share, sends digests without the Created that they are made
// of when told to leave it out, writes SOAP 1.1's actor into SOAP 1.2, and does not escape it.

const NONCE_OCTETS = 16

/** UsernameToken Profile 1.1, section 3.1; of a password that signs, section 4. */
export function usernameToken(
  policy: UsernameTokenPolicy,
  {
    now,
    tokenId,
    derivedKey,
  }: { readonly now: Date; readonly tokenId: string; readonly derivedKey?: DerivedKey | undefined },
): string {
  const { name, password, type } = policy
  const username = textElement('wsse:Username', {}, name)
  if (type === 'key') return derivedToken(username, tokenId, derivedKey)
  const id = { 'wsu:Id': newId('UT') }
  if (type === 'text' && !policy.nonce) {
    const text = textElement('wsse:Password', { Type: PASSWORD_TEXT }, password)
    return element('wsse:UsernameToken', id, username + text)
  }
  const nonce = randomBytes(NONCE_OCTETS)
  const created = instant(now)
  const secret =
    type === 'text'
      ? textElement('wsse:Password', { Type: PASSWORD_TEXT }, password)
      : textElement('wsse:Password', { Type: PASSWORD_DIGEST }, passwordDigest(nonce, created, password))
  const proof =
    textElement('wsse:Nonce', { EncodingType: BASE64 }, nonce.toString('base64')) +
    textElement('wsu:Created', {}, created)
  return element('wsse:UsernameToken', id, username + secret + proof)
}

/** What the key is made of, and not the password. */
function derivedToken(username: string, tokenId: string, derivedKey: DerivedKey | undefined): string {
  if (!derivedKey) throw new Error('There is no key that was made of a password')
  const { salt, iterations } = derivedKey
  return element(
    'wsse:UsernameToken',
    { 'xmlns:wsse11': WSSE_11, 'wsu:Id': tokenId },
    username +
      textElement('wsse11:Salt', {}, salt.toString('base64')) +
      textElement('wsse11:Iteration', {}, `${iterations}`),
  )
}

/**
 * Password_Digest = Base64(SHA-1(nonce + created + password)): UsernameToken Profile 1.1, section 3.1, which knows no
 * other hash.
 *
 * @param nonce its bytes, not their base64
 */
export function passwordDigest(nonce: Buffer, created: string, password: string): string {
  return createHash('sha1').update(nonce).update(created, 'utf8').update(password, 'utf8').digest('base64')
}
