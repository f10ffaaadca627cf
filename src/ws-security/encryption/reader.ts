import { MAX_ATTACHMENTS } from '../../soap/mime.js'
import { mediaTypeEssence } from '../../soap/mime-header.js'
import {
  type DataCipherName,
  dataCipherOf,
  dataCiphers,
  type KeyTransport,
  keyTransportOf,
  maskFunctions,
  oaepDigests,
  oaepHashes,
} from '../algorithms/encryption.js'
import type { OaepHash } from '../algorithms/rsa-padding.js'
import type { AttachmentCoverage } from '../attachments/form.js'
import { isAttachmentUrl } from '../attachments/reference.js'
import { attributeOf, childElements, type ElementNode, textOf } from '../document/document.js'
import type { LongValues } from '../document/long-values.js'
import { ATTACHMENT_CIPHERTEXT, DS, ENCRYPTED_ATTACHMENTS, WSSE, XENC, XENC_11 } from '../names.js'
import type { DecryptionPolicy } from '../policy.js'
import { ENCRYPTED_KEY_PATH, notOfSchema, untrusted } from '../untrusted.js'

/** An xenc:EncryptedKey, its algorithms among those of the policy. */
export interface EncryptedKeyElement {
  readonly transport: KeyTransport
  readonly keyInfo: ElementNode | undefined
  readonly value: Buffer
  /** Ids of xenc:EncryptedData, in the order of its ReferenceList. */
  readonly references: readonly string[]
}

/** What names the key of an xenc:EncryptedData: a wsse:SecurityTokenReference, or an EncryptedKey in its place. */
export type DataKey =
  /** `id`: where it is to an element of the response. */
  { readonly reference: ElementNode; readonly id: string | undefined } | { readonly inline: ElementNode }

/** An xenc:EncryptedData. */
export interface EncryptedDataElement {
  readonly algorithm: DataCipherName
  /** Where its key is; by the list that names it, where it does not say. */
  readonly key: DataKey | undefined
  readonly encrypted: EncryptedMarkup | EncryptedAttachment
}

/** An element or its content, whose cipher text stands in its place. */
export interface EncryptedMarkup {
  readonly kind: 'element' | 'content'
  readonly value: Buffer
}

/** An attachment, whose cipher text is a part of the message (WSS SOAP Messages with Attachments Profile 1.1, section 5.5). */
export interface EncryptedAttachment {
  readonly kind: 'attachment'
  readonly coverage: AttachmentCoverage
  /** The `cid:` URL of the part. */
  readonly uri: string
  /** Of the plain text, where only the content was encrypted. */
  readonly mediaType: string | undefined
}

/** What cipher texts are read with. */
export interface CipherReading {
  readonly policy: DecryptionPolicy
  readonly long: LongValues
}

const MAX_REFERENCES = 32 + MAX_ATTACHMENTS

/** @throws AdapterError `backend-untrusted` */
export function readEncryptedKey(element: ElementNode, { policy, long }: CipherReading): EncryptedKeyElement {
  const { method, keyInfo, cipherData, rest } = partsOf(element)
  const [list, ...more] = rest.filter(({ name }) => name !== `{${XENC}}CarriedKeyName`)
  if (more.length > 0 || (list && list.name !== `{${XENC}}ReferenceList`)) throw malformed('EncryptedKey')
  return {
    transport: readTransport(method, policy),
    keyInfo,
    value: cipherValue(cipherData, long),
    references: list ? readReferenceList(list) : [],
  }
}

/** XML Encryption 1.1, section 3.6: references to data; those to keys are for keys that encrypt keys, which we do not know. */
export function readReferenceList(list: ElementNode): readonly string[] {
  const references = childElements(list)
  if (references.length > MAX_REFERENCES) {
    throw untrusted(`A ReferenceList names more than ${MAX_REFERENCES} elements`, ENCRYPTED_KEY_PATH)
  }
  return references.map((reference) => {
    const uri = attributeOf(reference, 'URI') ?? ''
    if (
      reference.name !== `{${XENC}}DataReference` ||
      childElements(reference).length > 0 ||
      !/^#./.test(uri)
    ) {
      throw untrusted(
        'A ReferenceList holds something else than references to EncryptedData',
        ENCRYPTED_KEY_PATH,
      )
    }
    return uri.slice(1)
  })
}

/** @throws AdapterError `backend-untrusted` */
export function readEncryptedData(
  element: ElementNode,
  { policy, long }: CipherReading,
): EncryptedDataElement {
  const { method, keyInfo, cipherData, rest } = partsOf(element)
  if (rest.length > 0 || childElements(method).length > 0) throw malformed('EncryptedData')
  const type = attributeOf(element, 'Type') ?? ''
  const algorithm = dataCipherOf(attributeOf(method, 'Algorithm') ?? '')
  if (algorithm === undefined || !policy.algorithms.includes(algorithm)) {
    const hint =
      algorithm !== undefined && dataCiphers[algorithm].mode === 'cbc' ? ', which has no CBC by default' : ''
    throw untrusted(
      `The response is encrypted with an algorithm that is not among decryption.algorithms${hint}`,
      ENCRYPTED_KEY_PATH,
    )
  }
  return {
    algorithm,
    key: keyInfo && keyNamedBy(keyInfo),
    encrypted: encryptedBy(element, { type, cipherData, long }),
  }
}

function encryptedBy(
  element: ElementNode,
  {
    type,
    cipherData,
    long,
  }: { readonly type: string; readonly cipherData: ElementNode; readonly long: LongValues },
): EncryptedDataElement['encrypted'] {
  switch (type) {
    case `${XENC}Content`:
      return { kind: 'content', value: cipherValue(cipherData, long) }
    case `${XENC}Element`:
      return { kind: 'element', value: cipherValue(cipherData, long) }
    case ENCRYPTED_ATTACHMENTS.content:
      return {
        kind: 'attachment',
        coverage: 'content',
        uri: cipherReference(cipherData),
        mediaType: mimeType(element),
      }
    case ENCRYPTED_ATTACHMENTS.complete:
      return {
        kind: 'attachment',
        coverage: 'complete',
        uri: cipherReference(cipherData),
        mediaType: undefined,
      }
    default:
      throw untrusted(
        'An EncryptedData is of another Type than Content, Element, Attachment-Content-Only and Attachment-Complete',
        ENCRYPTED_KEY_PATH,
      )
  }
}

/** What a CipherReference names: nothing but a part of the message is ever looked for. */
function cipherReference(cipherData: ElementNode): string {
  const [reference, ...more] = childElements(cipherData)
  if (reference?.name !== `{${XENC}}CipherReference` || more.length > 0) throw malformed('CipherData')
  const [transforms, ...others] = childElements(reference)
  const [transform, ...further] = transforms ? childElements(transforms) : []
  if (
    transforms?.name !== `{${XENC}}Transforms` ||
    others.length > 0 ||
    transform?.name !== `{${DS}}Transform` ||
    further.length > 0 ||
    childElements(transform).length > 0 ||
    attributeOf(transform, 'Algorithm') !== ATTACHMENT_CIPHERTEXT
  ) {
    throw untrusted(
      'A CipherReference has other transforms than Attachment-Ciphertext-Transform',
      ENCRYPTED_KEY_PATH,
    )
  }
  const uri = attributeOf(reference, 'URI') ?? ''
  if (isAttachmentUrl(uri)) return uri
  throw untrusted(
    'A CipherReference is to something else than an attachment of the response by its cid: URL, and is not followed',
    ENCRYPTED_KEY_PATH,
  )
}

/** What becomes a header field of the part. */
function mimeType(element: ElementNode): string | undefined {
  const written = attributeOf(element, 'MimeType')
  if (written === undefined) return undefined
  if (mediaTypeEssence(written) !== undefined && /^[\t\x20-\x7e]*$/.test(written)) return written
  throw untrusted('The MimeType of an EncryptedData is no media type', ENCRYPTED_KEY_PATH)
}

function keyNamedBy(keyInfo: ElementNode): DataKey {
  const [only, ...more] = childElements(keyInfo)
  if (!only || more.length > 0) throw malformed('KeyInfo')
  if (only.name === `{${XENC}}EncryptedKey`) return { inline: only }
  const [reference] = only.name === `{${WSSE}}SecurityTokenReference` ? childElements(only) : []
  const uri = reference?.name === `{${WSSE}}Reference` ? (attributeOf(reference, 'URI') ?? '') : ''
  if (/^#./.test(uri)) return { id: uri.slice(1), reference: only }
  if (reference?.name === `{${WSSE}}KeyIdentifier`) return { reference: only, id: undefined }
  throw untrusted(
    'An EncryptedData names its key otherwise than by reference to a key of the response or by EncryptedKeySHA1: RetrievalMethod and shared keys are not supported',
    ENCRYPTED_KEY_PATH,
  )
}

interface Parts {
  readonly method: ElementNode
  readonly keyInfo: ElementNode | undefined
  readonly cipherData: ElementNode
  readonly rest: readonly ElementNode[]
}

/** XML Encryption 1.1, section 3.1: EncryptionMethod, KeyInfo or nothing, CipherData, then what differs. */
function partsOf(element: ElementNode): Parts {
  const [method, ...others] = childElements(element)
  const [second] = others
  const keyInfo = second?.name === `{${DS}}KeyInfo` ? second : undefined
  const [cipherData, ...rest] = keyInfo ? others.slice(1) : others
  if (method?.name !== `{${XENC}}EncryptionMethod` || cipherData?.name !== `{${XENC}}CipherData`) {
    throw malformed(element.localName)
  }
  return { method, keyInfo, cipherData, rest }
}

function readTransport(method: ElementNode, policy: DecryptionPolicy): KeyTransport {
  const name = keyTransportOf(attributeOf(method, 'Algorithm') ?? '')
  if (name === undefined || !policy.keyTransports.includes(name)) {
    const hint = name === 'rsa-1_5' ? ', which has no RSA 1.5 by default' : ''
    throw untrusted(
      `The key of the response is encrypted with an algorithm that is not among decryption.keyTransports${hint}`,
      ENCRYPTED_KEY_PATH,
    )
  }
  const hashes: { digest: OaepHash; mgf: OaepHash } = { digest: 'sha1', mgf: 'sha1' }
  for (const parameter of childElements(method)) {
    const uri = attributeOf(parameter, 'Algorithm')
    if (parameter.name === `{${DS}}DigestMethod` && name !== 'rsa-1_5') {
      hashes.digest = hashOf(uri, oaepDigests)
    } else if (parameter.name === `{${XENC_11}}MGF` && name === 'rsa-oaep') {
      hashes.mgf = hashOf(uri, maskFunctions)
    } else {
      throw untrusted(
        'The EncryptionMethod of an EncryptedKey has parameters that are not supported',
        ENCRYPTED_KEY_PATH,
      )
    }
  }
  return { name, ...hashes }
}

function hashOf(uri: string | undefined, uris: Readonly<Record<OaepHash, string>>): OaepHash {
  const hash = oaepHashes.find((each) => uris[each] === uri)
  if (hash) return hash
  throw untrusted(
    'The EncryptionMethod of an EncryptedKey names a hash that is not supported',
    ENCRYPTED_KEY_PATH,
  )
}

function cipherValue(cipherData: ElementNode, long: LongValues): Buffer {
  const [value, ...more] = childElements(cipherData)
  if (value?.name === `{${XENC}}CipherReference`) {
    throw untrusted(
      'A CipherReference is only followed where an attachment is encrypted: other cipher text must stand in its place',
      ENCRYPTED_KEY_PATH,
    )
  }
  if (value?.name !== `{${XENC}}CipherValue` || more.length > 0) throw malformed('CipherData')
  const bytes = decoded(long.original(textOf(value) ?? ''))
  if (!bytes) throw malformed('CipherValue')
  return bytes
}

const SPACE = [' ', '\t', '\r', '\n']

/** Base64, which may be long: what the decoder of node passes over is missing in the end. */
function decoded(raw: string): Buffer | undefined {
  const text = SPACE.some((space) => raw.includes(space)) ? raw.replace(/[ \t\r\n]+/g, '') : raw
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = Buffer.from(text, 'base64')
  const isWhole = text.length > 0 && text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding
  return isWhole ? bytes : undefined
}

function malformed(localName: string): Error {
  return notOfSchema(localName, ENCRYPTED_KEY_PATH)
}
