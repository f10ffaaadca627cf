import { type KeyObject, verify, type X509Certificate } from 'node:crypto'
import { DER, derElement, derElements, onlyDerElement } from '../der.js'

/** What a CRL or an OCSP response says, and the signature over it: X.509's SIGNED (RFC 5280, section 5.1.1). */
export interface SignedDer {
  /** What was signed. */
  readonly body: Buffer
  readonly hash: string
  readonly keyType: 'rsa' | 'ec'
  readonly value: Buffer
}

/** A text that is none of what is expected, or asks for what is not supported; its message says which. */
export class RevocationError extends Error {
  override readonly name = 'RevocationError'
}

/** By the OID of the signature algorithm, in hexadecimal (RFC 4055, section 5; RFC 5758, section 3.2). SHA-1 is broken. */
const algorithms: Readonly<Record<string, Pick<SignedDer, 'hash' | 'keyType'>>> = {
  '2a864886f70d01010b': { hash: 'sha256', keyType: 'rsa' },
  '2a864886f70d01010c': { hash: 'sha384', keyType: 'rsa' },
  '2a864886f70d01010d': { hash: 'sha512', keyType: 'rsa' },
  '2a8648ce3d040302': { hash: 'sha256', keyType: 'ec' },
  '2a8648ce3d040303': { hash: 'sha384', keyType: 'ec' },
  '2a8648ce3d040304': { hash: 'sha512', keyType: 'ec' },
}

/**
 * @param content of the SEQUENCE: body, algorithm, signature, and what may follow
 * @param what `list` or `response`, for messages
 * @throws RevocationError
 */
export function readSigned(content: Buffer, what: string): SignedDer {
  const [body, algorithm, value] = derElements(content)
  if (body?.tag !== DER.sequence || algorithm?.tag !== DER.sequence || value?.tag !== DER.bitString) {
    throw new RevocationError(`the ${what} is not one in DER`)
  }
  const known = algorithms[derElement(algorithm.content, 0)?.content.toString('hex') ?? '']
  if (!known) throw new RevocationError(`the ${what} is signed with an algorithm that is not supported`)
  return { body: body.raw, ...known, value: value.content.subarray(1) }
}

export function isSignedBy({ body, hash, keyType, value }: SignedDer, key: KeyObject): boolean {
  return key.asymmetricKeyType === keyType && verify(hash, body, key, value)
}

/** Keys that have not signed it, of namesakes of its issuer. */
const MAX_OTHERS = 4

/** Finds who has signed something, and remembers it: a list has megabytes, and is asked for with each message. */
export class SignerCheck {
  readonly #signed: SignedDer
  #signer: KeyObject | undefined
  readonly #others: KeyObject[] = []

  constructor(signed: SignedDer) {
    this.#signed = signed
  }

  /** Whose signature it is; undefined while nobody has asked for that key. */
  get signer(): KeyObject | undefined {
    return this.#signer
  }

  isSignedBy(key: KeyObject): boolean {
    if (key.asymmetricKeyType !== this.#signed.keyType) return false
    if (this.#signer) return this.#signer.equals(key)
    if (this.#others.some((each) => each.equals(key))) return false
    if (isSignedBy(this.#signed, key)) this.#signer = key
    else if (this.#others.push(key) > MAX_OTHERS) this.#others.shift()
    return this.#signer !== undefined
  }
}

/** What names a certificate and its issuer, octet for octet. */
export interface CertificateNames {
  readonly serial: Buffer
  readonly issuer: Buffer
  readonly subject: Buffer
  /** The key itself, without its algorithm: what OCSP hashes. */
  readonly key: Buffer
}

/** RFC 5280, section 4.1. @throws RevocationError */
export function namesOf({ raw }: X509Certificate): CertificateNames {
  const whole = onlyDerElement(raw)
  const body = whole && derElement(whole.content, 0)
  const fields = body ? derElements(body.content) : []
  // Certificates of version 1 do not say so.
  const [serial, , issuer, , subject, key] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields
  const [, bits] = key ? derElements(key.content) : []
  if (!serial || !issuer || !subject || !bits)
    throw new RevocationError('the certificate is not as X.509 has it')
  return { serial: serial.content, issuer: issuer.raw, subject: subject.raw, key: bits.content.subarray(1) }
}
