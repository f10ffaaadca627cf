import { isUtf8 } from 'node:buffer'
import type { X509Certificate } from 'node:crypto'
import { AdapterError } from '../../base/errors.js'
import { MAX_ATTACHMENTS, readPart } from '../../soap/mime.js'
import { type Attachment, headerOf, inOnePiece, OCTETS } from '../../soap/xop.js'
import { isBlank } from '../../xml/white-space.js'
import { type DataCipherName, dataCiphers, decryptData, decryptKey } from '../algorithms/encryption.js'
import { attachmentNamed } from '../attachments/reference.js'
import { attributeOf, childElements, descendants, type ElementNode } from '../document/document.js'
import type { Edit } from '../document/edit.js'
import type { LongValues } from '../document/long-values.js'
import type { SignedAnswer } from '../document/signed-answer.js'
import { ENCRYPTED_DATA, ENCRYPTED_HEADER, XENC } from '../names.js'
import type { DecryptionPolicy, SigningKey } from '../policy.js'
import { namedCallKey, type SentMessage } from '../tokens/call-key.js'
import { signerOf } from '../tokens/key-info.js'
import { ENCRYPTED_KEY_PATH, untrusted } from '../untrusted.js'
import { checkBalanced, failed } from './plain-text.js'
import {
  type DataKey,
  type EncryptedAttachment,
  type EncryptedKeyElement,
  type EncryptedMarkup,
  readEncryptedData,
  readEncryptedKey,
  readReferenceList,
} from './reader.js'

const MAX_KEYS = 8
const MAX_DATA = 32
/** Each may be of what another has brought to light, so that the response is read again after each. */
const MAX_LISTS = MAX_KEYS

const ENCRYPTED_KEY = `{${XENC}}EncryptedKey`
const REFERENCE_LIST = `{${XENC}}ReferenceList`

/** Does a child of wsse:Security ask for decryption? */
export function asksForDecryption({ name }: ElementNode): boolean {
  return name === ENCRYPTED_KEY || name === REFERENCE_LIST
}

/** The key of one message and what it may be used with: one algorithm. */
interface RecoveredKey {
  readonly algorithm: DataCipherName
  readonly bytes: Buffer
}

/**
 * Decrypts one response, list by list in the order of its wsse:Security header (XML Encryption 1.1, section 4.4; SOAP Message
 * Security 1.1, section 9.4). Whatever fails is refused with one message, so that it tells nobody what a key or a padding
 * was like.
 */
export class Decryption {
  /** Was the content of the body encrypted as a whole? */
  isBodyEncrypted = false
  /** Has CBC been used, whose plain texts must not be told apart by what becomes of them? */
  isCbcUsed = false
  /** What was encrypted of wsse:Security and the headers. */
  readonly #elements = new Set<string>()
  /** Of what has been decrypted: nothing is decrypted twice. */
  readonly #ids = new Set<string>()
  readonly #keys = new Map<string, RecoveredKey>()
  /** Content-IDs of attachments that have been decrypted, and how much of each was encrypted. */
  readonly #attachments = new Map<string, EncryptedAttachment['coverage']>()
  /** Those of them that were encrypted with CBC. */
  readonly #cbc = new Set<string>()
  readonly long: LongValues
  readonly #isVerified: boolean
  readonly #sent: SentMessage | undefined
  #keysRead = 0
  #dataRead = 0
  #listsRead = 0

  /**
   * @param isVerified whether a signature may rest on what stands around a plain text
   * @param sent the request that the response is to
   */
  constructor(
    readonly policy: DecryptionPolicy,
    {
      isVerified,
      long,
      sent,
    }: {
      readonly isVerified: boolean
      readonly long: LongValues
      readonly sent?: SentMessage | undefined
    },
  ) {
    this.#isVerified = isVerified
    this.#sent = sent
    this.long = long
  }

  /**
   * What takes the place of what a child of wsse:Security lists, in the text and beside it.
   *
   * @throws AdapterError `backend-untrusted`
   */
  decrypted(child: ElementNode, answer: SignedAnswer): Decrypted {
    const own = child.name === ENCRYPTED_KEY ? child : undefined
    const references = own ? this.#encryptedKey(own).references : readReferenceList(child)
    const attachments = [...answer.attachments]
    if (references.length === 0) return { edits: [], attachments }
    if (++this.#listsRead > MAX_LISTS) {
      throw untrusted(
        `The response has more than ${MAX_LISTS} lists of what is encrypted`,
        ENCRYPTED_KEY_PATH,
      )
    }
    const places = placesIn(answer)
    const edits = references.map((id) => {
      const place = places.get(id)
      if (!place || answer.bearers.get(id) !== 1 || this.#ids.has(id)) {
        throw untrusted(
          'A ReferenceList names something else than one EncryptedData in the soap:Body, a header or wsse:Security, once',
          ENCRYPTED_KEY_PATH,
        )
      }
      this.#ids.add(id)
      return this.#decrypted(place, own, { answer, attachments })
    })
    return { edits, attachments }
  }

  /** How much of an attachment was encrypted. */
  coverageOf({ contentId }: Attachment): EncryptedAttachment['coverage'] | undefined {
    return contentId === undefined ? undefined : this.#attachments.get(contentId)
  }

  /**
   * Does nothing but a signature over the cipher text of an attachment protect it, with a key that anybody could have made? CBC
   * decrypts to something with one key in sixteen.
   */
  isMalleable({ contentId }: Attachment): boolean {
    return contentId !== undefined && this.policy.keys.length > 0 && this.#cbc.has(contentId)
  }

  /** Was an element of the header encrypted? It is known by its text. */
  wasEncrypted({ start, end }: ElementNode, { document }: SignedAnswer): boolean {
    return this.#elements.has(document.text.slice(start, end))
  }

  #decrypted(
    place: Place,
    own: ElementNode | undefined,
    { answer, attachments }: { readonly answer: SignedAnswer; readonly attachments: Attachment[] },
  ): Edit {
    const { algorithm, key, encrypted } = readEncryptedData(place.data, this)
    const decrypt = (value: Buffer): Buffer => {
      const bytes =
        this.policy.keys.length === 0
          ? this.#callKey(key, own, algorithm, answer)
          : this.#key(this.#keyElement(key, own, answer), algorithm, answer)
      this.isCbcUsed ||= dataCiphers[algorithm].mode === 'cbc'
      const plain = decryptData(algorithm, bytes, value)
      if (plain) return plain
      throw failed()
    }
    if (encrypted.kind !== 'attachment') return this.#decryptedMarkup(place, encrypted, decrypt)
    const { contentId } = this.#decryptAttachment(place, encrypted, { attachments, decrypt })
    if (contentId !== undefined && dataCiphers[algorithm].mode === 'cbc') this.#cbc.add(contentId)
    return { start: place.replaced.start, end: place.replaced.end, text: '' }
  }

  /** Puts the plain text of an attachment in its place among the others, and gives it. */
  #decryptAttachment(
    { parent }: Place,
    { uri, coverage, mediaType }: EncryptedAttachment,
    {
      attachments,
      decrypt,
    }: { readonly attachments: Attachment[]; readonly decrypt: (value: Buffer) => Buffer },
  ): Attachment {
    if (parent !== 'security') {
      throw untrusted(
        'An attachment is encrypted by an EncryptedData outside wsse:Security',
        ENCRYPTED_KEY_PATH,
      )
    }
    const found = attachmentNamed(uri, attachments)
    const contentId = found?.contentId ?? ''
    if (!found || this.#attachments.has(contentId) || this.#attachments.size >= MAX_ATTACHMENTS) {
      throw untrusted(
        'A CipherReference is to something else than an attachment of the response, once',
        ENCRYPTED_KEY_PATH,
      )
    }
    this.#attachments.set(contentId, coverage)
    const { buffer, byteOffset, byteLength } = found.bytes
    const plain = decrypt(Buffer.from(buffer, byteOffset, byteLength))
    const part = coverage === 'content' ? withContent(found, plain, mediaType) : partIn(plain, found)
    attachments[attachments.indexOf(found)] = part
    return part
  }

  #decryptedMarkup(place: Place, { kind, value }: EncryptedMarkup, decrypt: (value: Buffer) => Buffer): Edit {
    if (++this.#dataRead > MAX_DATA) {
      throw untrusted(`The response has more than ${MAX_DATA} encrypted elements`, ENCRYPTED_KEY_PATH)
    }
    const { data, replaced } = place
    const isContent = kind === 'content'
    if (isContent && place.parent !== 'body' && place.parent !== 'deep') throw notHere()
    const plain = decrypt(value)
    if (!isUtf8(plain)) throw failed()
    const text = plain.toString('utf8')
    // Without a signature whoever encrypts for us may write the envelope too, and what comes of it is read by the schema.
    if (this.#isVerified || place.parent === 'security') checkBalanced(text, data.scope, { isContent })
    if (place.parent === 'body' && place.isWhole) this.isBodyEncrypted = true
    if (place.parent !== 'body' && place.parent !== 'deep') this.#elements.add(text)
    return { start: replaced.start, end: replaced.end, text }
  }

  /** The key of the call, beside which there is no other. */
  #callKey(
    key: DataKey | undefined,
    own: ElementNode | undefined,
    algorithm: DataCipherName,
    answer: SignedAnswer,
  ): Buffer {
    const reference = key && 'reference' in key ? key.reference : undefined
    const bytes = namedCallKey(own ? undefined : reference, answer, this.#sent)
    if (bytes.length !== dataCiphers[algorithm].keyBytes) throw failed()
    return bytes
  }

  #keyElement(
    key: DataKey | undefined,
    own: ElementNode | undefined,
    { security }: SignedAnswer,
  ): ElementNode {
    if (key && 'inline' in key) return key.inline
    if (!key) {
      if (own) return own
      throw untrusted('An EncryptedData does not say which key it is encrypted with', ENCRYPTED_KEY_PATH)
    }
    if (key.id === undefined) {
      throw untrusted(
        'An EncryptedData names its key by a KeyIdentifier, such as EncryptedKeySHA1, which only the key of a call is known by: security.symmetric',
        ENCRYPTED_KEY_PATH,
      )
    }
    const found = (security ? childElements(security) : []).filter(
      (child) => child.name === ENCRYPTED_KEY && attributeOf(child, 'Id') === key.id,
    )
    const [only, ...more] = found
    if (only && more.length === 0 && (!own || own === only)) return only
    throw untrusted('An EncryptedData names a key that is not that of its ReferenceList', ENCRYPTED_KEY_PATH)
  }

  #key(element: ElementNode, algorithm: DataCipherName, answer: SignedAnswer): Buffer {
    // Each step reads the response anew, so that keys are known by what they are.
    const identity = answer.document.text.slice(element.start, element.end)
    const known = this.#keys.get(identity)
    if (known?.algorithm === algorithm) return known.bytes
    if (known) throw untrusted('One key is used with two algorithms', ENCRYPTED_KEY_PATH)
    const { transport, keyInfo, value } = this.#encryptedKey(element)
    const bytes = decryptKey(this.#ours(keyInfo, answer).privateKey, value, transport, algorithm)
    this.#keys.set(identity, { algorithm, bytes })
    return bytes
  }

  #encryptedKey(element: ElementNode): EncryptedKeyElement {
    // Each is read for its list, and for its key.
    if (++this.#keysRead > 2 * MAX_KEYS) {
      throw untrusted(`The response has more than ${MAX_KEYS} encrypted keys`, ENCRYPTED_KEY_PATH)
    }
    return readEncryptedKey(element, this)
  }

  #ours(keyInfo: ElementNode | undefined, answer: SignedAnswer): SigningKey {
    const { keys } = this.policy
    const [first, ...more] = keys
    if (!keyInfo && first && more.length === 0) return first
    const certificate = keyInfo && recipient(keyInfo, answer, keys)
    const found = certificate && keys.find((key) => key.certificate.raw.equals(certificate.raw))
    if (found) return found
    throw untrusted(OTHERS, ENCRYPTED_KEY_PATH)
  }
}

/** What takes the place of what was encrypted. */
export interface Decrypted {
  readonly edits: Edit[]
  /** All of the message, those that were decrypted in the place of their cipher texts. */
  readonly attachments: readonly Attachment[]
}

/** A part whose content alone was encrypted: its media type stands in the EncryptedData. */
function withContent(part: Attachment, bytes: Buffer, mediaType = OCTETS): Attachment {
  const others = headerOf(part).filter(({ name }) => name.toLowerCase() !== 'content-type')
  const header = [...others, { name: 'Content-Type', value: ` ${mediaType}` }]
  return { contentId: part.contentId, mediaType, bytes, header }
}

/** A part that was encrypted with its header, which may not give it another name. */
function partIn(plain: Buffer, { contentId }: Attachment): Attachment {
  let part: Attachment
  try {
    part = inOnePiece(readPart(plain))
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    throw failed()
  }
  if (part.contentId === undefined || part.contentId === contentId) return { ...part, contentId }
  throw untrusted('An encrypted attachment has another Content-ID within than without', ENCRYPTED_KEY_PATH)
}

const OTHERS = 'The response is encrypted for another certificate than those of decryption'

function recipient(keyInfo: ElementNode, answer: SignedAnswer, keys: readonly SigningKey[]): X509Certificate {
  const known = keys.map(({ certificate }) => certificate)
  return signerOf(keyInfo, answer, {
    known,
    parse: (der) => {
      const own = known.find(({ raw }) => raw.equals(der))
      if (own) return own
      throw new Error('another certificate')
    },
    unknown: OTHERS,
    unreadable: OTHERS,
  }).certificate
}

interface Place {
  readonly data: ElementNode
  /** What the plain text takes the place of: an EncryptedHeader with what it holds. */
  readonly replaced: ElementNode
  readonly parent: 'body' | 'deep' | 'header' | 'security'
  /** Is it all that its parent holds? */
  readonly isWhole: boolean
}

/** Where something encrypted may stand, by its Id. */
function placesIn({ body, blocks, security }: SignedAnswer): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  const add = (place: Place): void => {
    const id = attributeOf(place.data, 'Id')
    if (id !== undefined) places.set(id, place)
  }
  for (const data of security ? childElements(security) : []) {
    if (data.name === ENCRYPTED_DATA) add({ data, replaced: data, parent: 'security', isWhole: false })
  }
  for (const block of blocks) {
    const [data, ...more] = childElements(block)
    if (block.name === ENCRYPTED_HEADER) {
      if (data?.name === ENCRYPTED_DATA && more.length === 0) {
        add({ data, replaced: block, parent: 'header', isWhole: true })
      }
    } else {
      for (const each of encryptedBelow(block))
        add({ data: each, replaced: each, parent: 'deep', isWhole: false })
    }
  }
  const isWhole = body.children.every((child) =>
    typeof child === 'string' ? isBlank(child) : child.kind === 'element' && child.name === ENCRYPTED_DATA,
  )
  for (const data of encryptedBelow(body)) {
    const isChild = body.children.includes(data)
    add({ data, replaced: data, parent: isChild ? 'body' : 'deep', isWhole: isChild && isWhole })
  }
  return places
}

function encryptedBelow(element: ElementNode): ElementNode[] {
  return descendants(element).filter((each) => each !== element && each.name === ENCRYPTED_DATA)
}

function notHere(): Error {
  return untrusted('Content is encrypted where only whole elements may be', ENCRYPTED_KEY_PATH)
}
