import {
  encryptKey,
  type KeyTransport,
  keyTransports,
  maskFunctions,
  oaepDigests,
} from '../algorithms/encryption.js'
import { element, newId } from '../document/markup.js'
import { DS, ENCRYPTED_KEY, WSSE, WSSE_11, XENC, XENC_11 } from '../names.js'
import type { KeyRecipient } from '../policy.js'
import { binarySecurityToken, compileKeyReference } from './key-reference.js'

/** A key as a message brings it, encrypted. */
export interface WrittenKey {
  /** xenc:EncryptedKey, after the wsse:BinarySecurityToken of the certificate where it refers to one. */
  readonly markup: string
  /** The octets of its CipherValue. */
  readonly value: Buffer
}

/** Compiles what encrypts keys for the certificate of a recipient (XML Encryption 1.1, section 3.5.1). */
export function compileEncryptedKey({
  certificate,
  keyTransport,
  reference,
}: KeyRecipient): (key: Buffer, id: string, references?: readonly string[]) => WrittenKey {
  const keyReference = compileKeyReference(reference, certificate)
  const transport = transportMethod(keyTransport)
  return (key, id, references = []) => {
    const tokenId = newId('X509')
    const token = reference === 'binary-token' ? binarySecurityToken(certificate, tokenId) : ''
    const value = encryptKey(certificate.publicKey, key, keyTransport)
    const content =
      transport +
      element('ds:KeyInfo', { 'xmlns:ds': DS }, keyReference(tokenId)) +
      cipherData(value) +
      (references.length === 0 ? '' : element('xenc:ReferenceList', {}, dataReferences(references)))
    return { markup: token + element('xenc:EncryptedKey', { 'xmlns:xenc': XENC, Id: id }, content), value }
  }
}

/**
 * A list of what a key encrypts that stands apart from it (SOAP Message Security 1.1, section 9.1).
 *
 * @param ids of xenc:EncryptedData
 */
export function referenceList(ids: readonly string[]): string {
  return element('xenc:ReferenceList', { 'xmlns:xenc': XENC }, dataReferences(ids))
}

function dataReferences(ids: readonly string[]): string {
  return ids.map((id) => element('xenc:DataReference', { URI: `#${id}` }, '')).join('')
}

export function cipherData(bytes: Buffer): string {
  // Base64 needs no escaping, and may be long.
  return `<xenc:CipherData><xenc:CipherValue>${bytes.toString('base64')}</xenc:CipherValue></xenc:CipherData>`
}

/** The wsse:SecurityTokenReference to an EncryptedKey of the message (SOAP Message Security 1.1, section 7.7). */
export function encryptedKeyReference(id: string): string {
  return element(
    'wsse:SecurityTokenReference',
    { 'xmlns:wsse': WSSE, 'xmlns:wsse11': WSSE_11, 'wsse11:TokenType': ENCRYPTED_KEY },
    element('wsse:Reference', { URI: `#${id}`, ValueType: ENCRYPTED_KEY }, ''),
  )
}

/** XML Encryption 1.1, sections 5.5.1 and 5.5.2; what is the default is left out. */
function transportMethod({ name, digest, mgf }: KeyTransport): string {
  const digestMethod =
    name === 'rsa-1_5' || digest === 'sha1'
      ? ''
      : element('ds:DigestMethod', { 'xmlns:ds': DS, Algorithm: oaepDigests[digest] }, '')
  const maskFunction =
    name === 'rsa-oaep' && mgf !== 'sha1'
      ? element('xenc11:MGF', { 'xmlns:xenc11': XENC_11, Algorithm: maskFunctions[mgf] }, '')
      : ''
  return element('xenc:EncryptionMethod', { Algorithm: keyTransports[name].uri }, digestMethod + maskFunction)
}
