import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { bytes } from '../document/base64.js'
import { attributeOf, childElements, type ElementNode } from '../document/document.js'
import { newId } from '../document/markup.js'
import { referenced, type SignedAnswer } from '../document/signed-answer.js'
import { ENCRYPTED_KEY_SHA1, WSSE } from '../names.js'
import type { SymmetricPolicy } from '../policy.js'
import { SIGNATURE, untrusted } from '../untrusted.js'
import {
  type ConversationKey,
  isConversationKey,
  newConversationKey,
  readConversationKey,
} from './conversation-key.js'
import { compileEncryptedKey, encryptedKeyReference } from './encrypted-key.js'

/** What only the sender of a request knows of it, and its response is judged by. */
export interface SentMessage {
  readonly key: Pick<CallKey, 'secret' | 'name'> | undefined
  /** Values of its signatures: the response may confirm them, and must not be the request itself. */
  readonly signatures: readonly Buffer[]
}

/**
 * A key that is made for one call: the request brings it encrypted for the backend, and the response is made with it
 * (WS-SecurityPolicy 1.3, section 7.4).
 */
export interface CallKey {
  readonly secret: Buffer
  /** EncryptedKeySHA1: the hash of the encrypted key (SOAP Message Security 1.1, section 7.3). */
  readonly name: Buffer
  /** For wsse:Security: EncryptedKey, and tokens of what is derived. */
  readonly markup: string
  readonly signing: UsedKey
  readonly encrypting: UsedKey
}

/** A key for one use, and the wsse:SecurityTokenReference to it. */
export type UsedKey = Pick<ConversationKey, 'secret' | 'reference'>

/** Of keys that sign, where they are derived (WS-SecurityPolicy 1.3, section 6.1): no suite has longer ones. */
const MOST_SIGNING_BYTES = 24

/** Compiles what makes a key for each call. */
export function compileCallKey(policy: SymmetricPolicy): () => CallKey {
  const { keyBytes, derivedKeys } = policy
  const encrypted = compileEncryptedKey(policy)
  return () => {
    const secret = randomBytes(keyBytes)
    const id = newId('EK')
    const { markup, value } = encrypted(secret, id)
    const reference = encryptedKeyReference(id)
    const name = hash('sha1', value, 'buffer')
    if (!derivedKeys) {
      const used = { secret, reference }
      return { secret, name, markup, signing: used, encrypting: used }
    }
    const derive = (length: number): ConversationKey =>
      newConversationKey(secret, length, reference, derivedKeys)
    const [signing, encrypting] = [derive(Math.min(keyBytes, MOST_SIGNING_BYTES)), derive(keyBytes)]
    return { secret, name, markup: markup + signing.markup + encrypting.markup, signing, encrypting }
  }
}

/**
 * The key that a wsse:SecurityTokenReference of a response names: that of its call, by EncryptedKeySHA1, or one that is derived of it.
 * A key that the response brings is none: anybody can encrypt one for us.
 *
 * @throws AdapterError `backend-untrusted` where it is another
 */
export function namedCallKey(
  reference: ElementNode | undefined,
  answer: SignedAnswer,
  sent: SentMessage | undefined,
): Buffer {
  const named = onlyChild(reference)
  if (named?.name === `{${WSSE}}Reference`) {
    const tokens = answer.security ? childElements(answer.security) : []
    const token = referenced(attributeOf(named, 'URI'), tokens, answer)
    if (!isConversationKey(token)) throw another()
    const { reference: origin, derive } = readConversationKey(token)
    return derive(byName(onlyChild(origin), sent))
  }
  return byName(named, sent)
}

function byName(identifier: ElementNode | undefined, sent: SentMessage | undefined): Buffer {
  const isName =
    identifier?.name === `{${WSSE}}KeyIdentifier` &&
    attributeOf(identifier, 'ValueType') === ENCRYPTED_KEY_SHA1
  if (!sent?.key) {
    throw untrusted('Which call the response answers is not known, and so not with which key it is made')
  }
  const { name, secret } = sent.key
  const value = isName ? bytes(identifier) : undefined
  if (value?.length !== name.length || !timingSafeEqual(value, name)) throw another()
  return secret
}

function another(): Error {
  return untrusted(
    'The response is made with another key than that of its call, which EncryptedKeySHA1 names',
    SIGNATURE,
  )
}

function onlyChild(parent: ElementNode | undefined): ElementNode | undefined {
  const [first, ...more] = parent ? childElements(parent) : []
  return more.length === 0 ? first : undefined
}
