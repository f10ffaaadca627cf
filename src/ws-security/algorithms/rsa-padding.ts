import {
  constants,
  createHash,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** Hashes that OAEP is used with, for the label and for MGF1. */
export type OaepHash = 'sha1' | 'sha256' | 'sha384' | 'sha512'

export interface OaepHashes {
  readonly digest: OaepHash
  readonly mgf: OaepHash
}

// node:crypto has one hash for both roles in OAEP, and refuses RSA 1.5 where its OpenSSL is older than 3.2: both are done
// here over the bare RSA of node:crypto where it does not do them. What is secret is compared and chosen without branches.

/** RSAES-OAEP-ENCRYPT with an empty label (RFC 8017, section 7.1.1). */
export function encryptOaep(key: KeyObject, message: Buffer, { digest, mgf }: OaepHashes): Buffer {
  if (digest === mgf) return publicEncrypt({ key, oaepHash: digest }, message)
  const size = modulusSize(key)
  const label = createHash(digest).digest()
  const block = Buffer.alloc(size - label.length - 1)
  if (message.length > block.length - label.length - 1) throw new RangeError('The key is too long for OAEP')
  label.copy(block)
  block[block.length - message.length - 1] = 1
  message.copy(block, block.length - message.length)
  const seed = randomBytes(label.length)
  mask(block, seed, mgf)
  mask(seed, block, mgf)
  return publicEncrypt(
    { key, padding: constants.RSA_NO_PADDING },
    Buffer.concat([Buffer.alloc(1), seed, block]),
  )
}

/**
 * RSAES-OAEP-DECRYPT with an empty label (RFC 8017, section 7.1.2), for a message whose length is known.
 *
 * @returns `otherwise` for what is no such message, after the same steps (section 7.1.2, note on step 3.g)
 */
export function decryptOaep(
  key: KeyObject,
  cipher: Buffer,
  { digest, mgf }: OaepHashes,
  otherwise: Buffer,
): Buffer {
  if (digest === mgf) {
    if (cipher.length !== modulusSize(key)) return otherwise
    try {
      const message = privateDecrypt({ key, oaepHash: digest }, cipher)
      return message.length === otherwise.length ? message : otherwise
    } catch {
      return otherwise
    }
  }
  const encoded = bare(key, cipher)
  if (!encoded) return otherwise
  const label = createHash(digest).digest()
  const seed = Buffer.from(encoded.subarray(1, 1 + label.length))
  const block = Buffer.from(encoded.subarray(1 + label.length))
  const start = block.length - otherwise.length
  if (start < label.length + 1) return otherwise
  mask(seed, block, mgf)
  mask(block, seed, mgf)
  let wrong = (encoded[0] ?? 1) | ((block[start - 1] ?? 0) ^ 1)
  wrong |= timingSafeEqual(block.subarray(0, label.length), label) ? 0 : 1
  for (let i = label.length; i < start - 1; i++) wrong |= block[i] ?? 1
  return chosen(wrong, block.subarray(start), otherwise)
}

/** RSAES-PKCS1-v1_5 encryption (RFC 8017, section 7.2.1). */
export function encryptPkcs1(key: KeyObject, message: Buffer): Buffer {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, message)
}

/**
 * RSAES-PKCS1-v1_5 decryption of a message whose length is known (RFC 8017, section 7.2.2). A text that is padded wrongly,
 * or holds a message of another length, gives `otherwise` after the same steps, so that nobody learns which it was (implicit
 * rejection, as in RFC 5246, section 7.4.7.1).
 */
export function decryptPkcs1(key: KeyObject, cipher: Buffer, otherwise: Buffer): Buffer {
  const encoded = bare(key, cipher)
  const start = (encoded?.length ?? 0) - otherwise.length
  if (!encoded || start < 11) return otherwise
  let wrong = (encoded[0] ?? 1) | ((encoded[1] ?? 0) ^ 2) | (encoded[start - 1] ?? 1)
  // Zero minus one has its sign bit set: so a zero among the padding is told without a branch.
  for (let i = 2; i < start - 1; i++) wrong |= (((encoded[i] ?? 0) - 1) >>> 31) & 1
  return chosen(wrong, encoded.subarray(start), otherwise)
}

/** @returns undefined for what is no cipher text of the key, which anybody can tell: it has another length, or is too large */
function bare(key: KeyObject, cipher: Buffer): Buffer | undefined {
  if (cipher.length !== modulusSize(key)) return undefined
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipher)
  } catch {
    return undefined
  }
}

/** The one where `wrong` is 0, the other where it is not. */
function chosen(wrong: number, right: Buffer, otherwise: Buffer): Buffer {
  const keep = ((wrong | -wrong) >> 31) & 0xff
  const result = Buffer.alloc(otherwise.length)
  for (let i = 0; i < result.length; i++) {
    result[i] = ((right[i] ?? 0) & ~keep & 0xff) | ((otherwise[i] ?? 0) & keep)
  }
  return result
}

/** MGF1 (RFC 8017, appendix B.2.1), xored onto a block in place. */
function mask(block: Buffer, seed: Buffer, hash: OaepHash): void {
  const counter = Buffer.alloc(4)
  let at = 0
  for (let i = 0; at < block.length; i++) {
    counter.writeUInt32BE(i)
    for (const byte of createHash(hash).update(seed).update(counter).digest()) {
      if (at === block.length) return
      block[at] = (block[at] ?? 0) ^ byte
      at++
    }
  }
}

function modulusSize(key: KeyObject): number {
  return Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
}
