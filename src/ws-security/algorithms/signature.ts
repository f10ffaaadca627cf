import { createHash, createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'

interface SignatureMethod {
  readonly uri: string
  readonly hash: string
  readonly keyType: 'rsa' | 'ec'
}

/** Signature methods (RFC 6931, section 2.3; XML Signature 1.1, section 6.4). */
export const signatureMethods = {
  'rsa-sha256': { uri: `${MORE}rsa-sha256`, hash: 'sha256', keyType: 'rsa' },
  'rsa-sha384': { uri: `${MORE}rsa-sha384`, hash: 'sha384', keyType: 'rsa' },
  'rsa-sha512': { uri: `${MORE}rsa-sha512`, hash: 'sha512', keyType: 'rsa' },
  'ecdsa-sha256': { uri: `${MORE}ecdsa-sha256`, hash: 'sha256', keyType: 'ec' },
  'ecdsa-sha384': { uri: `${MORE}ecdsa-sha384`, hash: 'sha384', keyType: 'ec' },
  'ecdsa-sha512': { uri: `${MORE}ecdsa-sha512`, hash: 'sha512', keyType: 'ec' },
  'rsa-sha1': { uri: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', hash: 'sha1', keyType: 'rsa' },
} as const satisfies Record<string, SignatureMethod>

/** Signature methods with a secret that both sides know (RFC 6931, section 2.2; XML Signature 1.1, section 6.3). */
export const macMethods = {
  'hmac-sha256': { uri: `${MORE}hmac-sha256`, hash: 'sha256' },
  'hmac-sha384': { uri: `${MORE}hmac-sha384`, hash: 'sha384' },
  'hmac-sha512': { uri: `${MORE}hmac-sha512`, hash: 'sha512' },
  'hmac-sha1': { uri: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1', hash: 'sha1' },
} as const

/** Digest methods (XML Signature 1.1, section 6.2). */
export const digestMethods = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: `${MORE}sha384`,
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
} as const

export type SignatureAlgorithm = keyof typeof signatureMethods
export type MacAlgorithm = keyof typeof macMethods
export const macAlgorithms = Object.keys(macMethods) as MacAlgorithm[]
export type DigestAlgorithm = keyof typeof digestMethods

const signatureByUri = new Map<string, SignatureAlgorithm>()
for (const name in signatureMethods) {
  const algorithm = name as SignatureAlgorithm
  signatureByUri.set(signatureMethods[algorithm].uri, algorithm)
}
const digestByUri = new Map<string, DigestAlgorithm>()
for (const name in digestMethods) {
  const algorithm = name as DigestAlgorithm
  digestByUri.set(digestMethods[algorithm], algorithm)
}

/** @returns undefined for an algorithm that is not on the list */
export function signatureAlgorithm(
  uri: string,
  { sha1 }: { readonly sha1: boolean },
): SignatureAlgorithm | undefined {
  const algorithm = signatureByUri.get(uri)
  return algorithm === 'rsa-sha1' && !sha1 ? undefined : algorithm
}

/** @returns undefined for an algorithm that is not on the list */
export function macAlgorithm(uri: string, { sha1 }: { readonly sha1: boolean }): MacAlgorithm | undefined {
  const algorithm = macAlgorithms.find((each) => macMethods[each].uri === uri)
  return algorithm === 'hmac-sha1' && !sha1 ? undefined : algorithm
}

export function isMac(algorithm: SignatureAlgorithm | MacAlgorithm): algorithm is MacAlgorithm {
  return algorithm in macMethods
}

export function macOf(bytes: string, algorithm: MacAlgorithm, secret: Buffer): Buffer {
  return createHmac(macMethods[algorithm].hash, secret).update(bytes, 'utf8').digest()
}

/** In constant time. */
export function isMacOf(bytes: string, algorithm: MacAlgorithm, secret: Buffer, value: Buffer): boolean {
  const expected = macOf(bytes, algorithm, secret)
  return expected.length === value.length && timingSafeEqual(expected, value)
}

/** @returns undefined for an algorithm that is not on the list */
export function digestAlgorithm(
  uri: string,
  { sha1 }: { readonly sha1: boolean },
): DigestAlgorithm | undefined {
  const algorithm = digestByUri.get(uri)
  return algorithm === 'sha1' && !sha1 ? undefined : algorithm
}

export function digestOf(bytes: string, algorithm: DigestAlgorithm): Buffer {
  return createHash(algorithm).update(bytes, 'utf8').digest()
}

/** ECDSA values are r and s side by side (XML Signature 1.1, section 6.4.3), which RSA does not mind. */
export function signatureOf(bytes: string, algorithm: SignatureAlgorithm, key: KeyObject): Buffer {
  const data = Buffer.from(bytes, 'utf8')
  return sign(signatureMethods[algorithm].hash, data, { key, dsaEncoding: 'ieee-p1363' })
}

export function isSignatureOf(
  bytes: string,
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  value: Buffer,
): boolean {
  const { hash, keyType } = signatureMethods[algorithm]
  if (key.asymmetricKeyType !== keyType) return false
  return verify(hash, Buffer.from(bytes, 'utf8'), { key, dsaEncoding: 'ieee-p1363' }, value)
}
