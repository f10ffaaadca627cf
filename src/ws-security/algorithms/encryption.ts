import {
  type CipherGCM,
  createCipheriv,
  createDecipheriv,
  type DecipherGCM,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { DS, XENC, XENC_11 } from '../names.js'
import { decryptOaep, decryptPkcs1, encryptOaep, encryptPkcs1, type OaepHash } from './rsa-padding.js'

interface DataCipher {
  readonly uri: string
  readonly cipher: `aes-${128 | 192 | 256}-${'gcm' | 'cbc'}`
  readonly keyBytes: number
  readonly mode: 'gcm' | 'cbc'
}

/** Block encryption (XML Encryption 1.1, section 5.2). No Triple DES: its blocks are too short for today's messages. */
export const dataCiphers = {
  'aes256-gcm': { uri: `${XENC_11}aes256-gcm`, cipher: 'aes-256-gcm', keyBytes: 32, mode: 'gcm' },
  'aes192-gcm': { uri: `${XENC_11}aes192-gcm`, cipher: 'aes-192-gcm', keyBytes: 24, mode: 'gcm' },
  'aes128-gcm': { uri: `${XENC_11}aes128-gcm`, cipher: 'aes-128-gcm', keyBytes: 16, mode: 'gcm' },
  'aes256-cbc': { uri: `${XENC}aes256-cbc`, cipher: 'aes-256-cbc', keyBytes: 32, mode: 'cbc' },
  'aes192-cbc': { uri: `${XENC}aes192-cbc`, cipher: 'aes-192-cbc', keyBytes: 24, mode: 'cbc' },
  'aes128-cbc': { uri: `${XENC}aes128-cbc`, cipher: 'aes-128-cbc', keyBytes: 16, mode: 'cbc' },
} as const satisfies Record<string, DataCipher>

export type DataCipherName = keyof typeof dataCiphers
export const dataCipherNames = Object.keys(dataCiphers) as DataCipherName[]
export const gcmCiphers = dataCipherNames.filter((name) => dataCiphers[name].mode === 'gcm')

/** Key transport (XML Encryption 1.1, section 5.5). `rsa-oaep-mgf1p` has MGF1 with SHA-1 always. */
export const keyTransports = {
  'rsa-oaep-mgf1p': { uri: `${XENC}rsa-oaep-mgf1p` },
  'rsa-oaep': { uri: `${XENC_11}rsa-oaep` },
  'rsa-1_5': { uri: `${XENC}rsa-1_5` },
} as const satisfies Record<string, { readonly uri: string }>

export type KeyTransportName = keyof typeof keyTransports
export const keyTransportNames = Object.keys(keyTransports) as KeyTransportName[]

/** How the key of a message is encrypted. The hashes say nothing where the name is `rsa-1_5`. */
export interface KeyTransport {
  readonly name: KeyTransportName
  readonly digest: OaepHash
  readonly mgf: OaepHash
}

/** Digest methods of OAEP, and mask generation functions (XML Encryption 1.1, section 5.5.2). */
export const oaepDigests: Readonly<Record<OaepHash, string>> = {
  sha1: `${DS}sha1`,
  sha256: `${XENC}sha256`,
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: `${XENC}sha512`,
}
export const maskFunctions: Readonly<Record<OaepHash, string>> = {
  sha1: `${XENC_11}mgf1sha1`,
  sha256: `${XENC_11}mgf1sha256`,
  sha384: `${XENC_11}mgf1sha384`,
  sha512: `${XENC_11}mgf1sha512`,
}
export const oaepHashes = Object.keys(oaepDigests) as OaepHash[]

/** @returns undefined for an algorithm that we do not know */
export function dataCipherOf(uri: string): DataCipherName | undefined {
  return dataCipherNames.find((name) => dataCiphers[name].uri === uri)
}

/** @returns undefined for an algorithm that we do not know */
export function keyTransportOf(uri: string): KeyTransportName | undefined {
  return keyTransportNames.find((name) => keyTransports[name].uri === uri)
}

export function newKey(cipher: DataCipherName): Buffer {
  return randomBytes(dataCiphers[cipher].keyBytes)
}

export function encryptKey(publicKey: KeyObject, key: Buffer, transport: KeyTransport): Buffer {
  return transport.name === 'rsa-1_5' ? encryptPkcs1(publicKey, key) : encryptOaep(publicKey, key, transport)
}

/**
 * @param cipher what the key is for; so its length is known
 * @returns a key in any case: what does not decrypt gives one that decrypts nothing
 */
export function decryptKey(
  privateKey: KeyObject,
  encrypted: Buffer,
  transport: KeyTransport,
  cipher: DataCipherName,
): Buffer {
  const otherwise = newKey(cipher)
  return transport.name === 'rsa-1_5'
    ? decryptPkcs1(privateKey, encrypted, otherwise)
    : decryptOaep(privateKey, encrypted, transport, otherwise)
}

const GCM_IV = 12
const GCM_TAG = 16
const BLOCK = 16

/** IV, cipher text and, of GCM, the tag, in that order (XML Encryption 1.1, sections 5.2.2 and 5.2.4). */
export function encryptData(name: DataCipherName, key: Buffer, plain: string | Uint8Array): Buffer {
  const { cipher, mode } = dataCiphers[name]
  const text = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain
  if (mode === 'cbc') {
    // PKCS #7 padding, which node:crypto adds, is one of those that XML Encryption allows.
    const iv = randomBytes(BLOCK)
    const encipher = createCipheriv(cipher, key, iv)
    return Buffer.concat([iv, encipher.update(text), encipher.final()])
  }
  const iv = randomBytes(GCM_IV)
  const encipher: CipherGCM = createCipheriv(cipher, key, iv, { authTagLength: GCM_TAG })
  const data = encipher.update(text)
  return Buffer.concat([iv, data, encipher.final(), encipher.getAuthTag()])
}

/** @returns undefined where it does not decrypt, for whatever reason */
export function decryptData(name: DataCipherName, key: Buffer, data: Buffer): Buffer | undefined {
  const { cipher, mode } = dataCiphers[name]
  try {
    if (mode === 'cbc') return decryptCbc(cipher, key, data)
    if (data.length < GCM_IV + GCM_TAG) return undefined
    const decipher: DecipherGCM = createDecipheriv(cipher, key, data.subarray(0, GCM_IV), {
      authTagLength: GCM_TAG,
    })
    decipher.setAuthTag(data.subarray(-GCM_TAG))
    const text = decipher.update(data.subarray(GCM_IV, -GCM_TAG))
    // The tag is judged here; nothing of the text is used before.
    decipher.final()
    return text
  } catch {
    return undefined
  }
}

/** The last octet says how many are padding; the others of them may be anything (XML Encryption 1.1, section 5.2.2). */
function decryptCbc(cipher: string, key: Buffer, data: Buffer): Buffer | undefined {
  if (data.length < 2 * BLOCK || data.length % BLOCK !== 0) return undefined
  const decipher = createDecipheriv(cipher, key, data.subarray(0, BLOCK)).setAutoPadding(false)
  const text = Buffer.concat([decipher.update(data.subarray(BLOCK)), decipher.final()])
  const padding = text.at(-1) ?? 0
  return padding >= 1 && padding <= BLOCK ? text.subarray(0, -padding) : undefined
}
