import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Bytes of an AES-256 key. */
export const KEY_BYTES = 32

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const ID_BYTES = 4

/**
 * AES-256 in Galois/Counter Mode (NIST SP 800-38D) with a random nonce of 96 bits. What is sealed says which key it
 * was sealed with, so that keys can be changed while old ones still open what they sealed.
 *
 *     sealed = id of the key (4 bytes), nonce (12), tag (16), ciphertext
 */
export class Sealer {
  readonly #sealing: Buffer
  readonly #keys: ReadonlyMap<string, Buffer>

  /** @param keys of {@link KEY_BYTES} each; the first seals, all open */
  constructor(keys: readonly [Buffer, ...Buffer[]]) {
    this.#sealing = keys[0]
    this.#keys = new Map(keys.map((key) => [idOf(key).toString('hex'), key]))
  }

  /** @param context must be the same when it is opened; it is not kept */
  seal(plain: Uint8Array, context: string): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#sealing, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(context))
    const text = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([idOf(this.#sealing), nonce, cipher.getAuthTag(), text])
  }

  /** @returns undefined where no key opens it, or it is not what was sealed */
  open(sealed: Uint8Array, context: string): Uint8Array | undefined {
    const bytes = Buffer.from(sealed)
    const key = this.#keys.get(bytes.subarray(0, ID_BYTES).toString('hex'))
    if (!key || bytes.length < ID_BYTES + NONCE_BYTES + TAG_BYTES) return undefined
    const [nonceAt, tagAt, textAt] = [ID_BYTES, ID_BYTES + NONCE_BYTES, ID_BYTES + NONCE_BYTES + TAG_BYTES]
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(nonceAt, tagAt), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(tagAt, textAt))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()])
    } catch {
      return undefined
    }
  }
}

function idOf(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, ID_BYTES)
}
