import { createHmac, randomBytes } from 'node:crypto'
import { bytes } from '../document/base64.js'
import { attributeOf, childElements, type ElementNode, textOf } from '../document/document.js'
import { element, newId, textElement } from '../document/markup.js'
import { conversationNamespaces, type ConversationVersion, conversationVersions, WSSE } from '../names.js'
import { DERIVED_KEY, untrusted } from '../untrusted.js'

/** Of both sides, where a token has none (WS-SecureConversation 1.4, section 7). */
const LABEL = 'WS-SecureConversationWS-SecureConversation'
const NONCE_OCTETS = 16
/**
 * Of a derived key: the shortest that suites have (WS-SecurityPolicy 1.3, section 6.1). How long a key is stands in a token that nobody
 * has signed yet, and whoever is on the way could ask for one that is found by trying.
 */
const LEAST_OCTETS = 16
/** More of a nonce, a label or a key says nothing more. */
const MOST = { nonce: 256, label: 256, end: 1_024 }

/** P_SHA1 (WS-SecureConversation 1.4, section 7; RFC 2246, section 5): octets up to an end. */
function stretched(secret: Buffer, seed: Buffer, end: number): Buffer {
  const hmac = (...data: readonly Buffer[]): Buffer =>
    createHmac('sha1', secret).update(Buffer.concat(data)).digest()
  const parts: Buffer[] = []
  let a = seed
  for (let length = 0; length < end; length += 20) {
    a = hmac(a)
    parts.push(hmac(a, seed))
  }
  return Buffer.concat(parts).subarray(0, end)
}

/** A key that is derived of another, as a message names it. */
export interface ConversationKey {
  readonly secret: Buffer
  /** wsc:DerivedKeyToken, for wsse:Security. */
  readonly markup: string
  /** wsse:SecurityTokenReference to it. */
  readonly reference: string
}

/**
 * Derives a key of so many octets for one use.
 *
 * @param reference wsse:SecurityTokenReference to the key that it is derived of
 */
export function newConversationKey(
  secret: Buffer,
  length: number,
  reference: string,
  version: ConversationVersion,
): ConversationKey {
  const nonce = randomBytes(NONCE_OCTETS)
  const id = newId('DK')
  const namespace = conversationNamespaces[version]
  const content =
    reference +
    textElement('wsc:Offset', {}, '0') +
    textElement('wsc:Length', {}, `${length}`) +
    textElement('wsc:Nonce', {}, nonce.toString('base64'))
  return {
    secret: stretched(secret, Buffer.concat([Buffer.from(LABEL), nonce]), length),
    markup: element('wsc:DerivedKeyToken', { 'xmlns:wsc': namespace, 'wsu:Id': id }, content),
    reference: element(
      'wsse:SecurityTokenReference',
      { 'xmlns:wsse': WSSE },
      element('wsse:Reference', { URI: `#${id}`, ValueType: `${namespace}/dk` }, ''),
    ),
  }
}

export function isConversationKey({ localName, namespace }: ElementNode): boolean {
  return (
    localName === 'DerivedKeyToken' &&
    conversationVersions.some((version) => conversationNamespaces[version] === namespace)
  )
}

/** A wsc:DerivedKeyToken as it is written. */
export interface ConversationKeyElement {
  /** What names the key that it is derived of. */
  readonly reference: ElementNode
  readonly derive: (secret: Buffer) => Buffer
}

const PARTS = ['SecurityTokenReference', 'Generation', 'Offset', 'Length', 'Label', 'Nonce']
const DEFAULT_LENGTH = 32

/**
 * Reads a wsc:DerivedKeyToken (WS-SecureConversation 1.4, section 7.2): each part once, and no other.
 *
 * @throws AdapterError `backend-untrusted`
 */
export function readConversationKey(token: ElementNode): ConversationKeyElement {
  const { namespace } = token
  const algorithm = attributeOf(token, 'Algorithm') ?? attributeOf(token, `{${namespace}}Algorithm`)
  if (algorithm !== undefined && algorithm !== `${namespace}/dk/p_sha1`) {
    throw untrusted('A DerivedKeyToken has another algorithm than P_SHA-1', DERIVED_KEY)
  }
  const children = childElements(token)
  const isPart = (each: ElementNode): boolean =>
    PARTS.includes(each.localName) &&
    each.namespace === (each.localName === 'SecurityTokenReference' ? WSSE : namespace)
  const byName = new Map(children.map((child) => [child.localName, child]))
  const [reference, nonceElement] = [byName.get('SecurityTokenReference'), byName.get('Nonce')]
  if (!reference || !nonceElement || byName.size !== children.length || !children.every(isPart)) {
    throw untrusted(
      'A DerivedKeyToken must have a SecurityTokenReference and a Nonce, and nothing else but Offset or Generation, Length and Label, each once',
      DERIVED_KEY,
    )
  }
  const length = numberIn(byName.get('Length')) ?? DEFAULT_LENGTH
  const generation = numberIn(byName.get('Generation'))
  const written = numberIn(byName.get('Offset'))
  if (generation !== undefined && written !== undefined) {
    throw untrusted('A DerivedKeyToken has both Offset and Generation', DERIVED_KEY)
  }
  const offset = written ?? (generation ?? 0) * length
  const label = textOf(byName.get('Label') ?? nonceElement) ?? ''
  const nonce = bytes(nonceElement)
  const seed = Buffer.concat([Buffer.from(byName.has('Label') ? label : LABEL), nonce])
  if (length < LEAST_OCTETS) {
    throw untrusted(
      `A DerivedKeyToken has a key that is too short: ${LEAST_OCTETS} octets are the least`,
      DERIVED_KEY,
    )
  }
  if (offset + length > MOST.end || nonce.length > MOST.nonce || label.length > MOST.label * 2) {
    throw untrusted('A DerivedKeyToken has a key, a nonce or a label that is too long', DERIVED_KEY)
  }
  return { reference, derive: (secret) => stretched(secret, seed, offset + length).subarray(offset) }
}

function numberIn(element: ElementNode | undefined): number | undefined {
  if (!element) return undefined
  const text = textOf(element) ?? ''
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw untrusted(`${element.localName} of a DerivedKeyToken is not a whole number`, DERIVED_KEY)
}
