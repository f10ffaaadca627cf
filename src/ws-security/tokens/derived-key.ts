import { hash, randomBytes } from 'node:crypto'

/** Fewer let whoever reads a message try passwords quickly (UsernameToken Profile 1.1, section 4). */
export const MIN_ITERATIONS = 1_000
/** More keep the process busy: each costs a hash. */
export const MAX_ITERATIONS = 100_000

const SALT_OCTETS = 16
/** The first octet of a salt says what its key is for: a MAC. */
const FOR_MAC = 1
const RENEWED_AFTER_MS = 300_000

/** A key that is made of a password. */
export interface DerivedKey {
  readonly salt: Buffer
  readonly iterations: number
  readonly secret: Buffer
}

/** Of 160 bits: SHA-1 of password and salt, hashed again and again (UsernameToken Profile 1.1, section 4). */
export function derivedSecret(password: string, salt: Buffer, iterations: number): Buffer {
  let key = hash('sha1', Buffer.concat([Buffer.from(password, 'utf8'), salt]), 'buffer')
  for (let i = 1; i < iterations; i++) key = hash('sha1', key, 'buffer')
  return key
}

export function isMacSalt(salt: Buffer): boolean {
  return salt.length === SALT_OCTETS && salt[0] === FOR_MAC
}

/**
 * Keys of ours for the messages that we send; one serves for five minutes, since deriving one takes a while. Salts are
 * known for as long as a message of ours could come back.
 */
export class DerivedKeys {
  readonly #password: string
  readonly #iterations: number
  readonly #knownForMs: number
  #current: DerivedKey | undefined
  #madeAt = -Infinity
  /** When a salt was last used, by the salt in base64; the latest stands last. */
  readonly #usedAt = new Map<string, number>()

  /** @param knownForMs how long after its last use a salt is known for ours, in milliseconds */
  constructor(password: string, iterations: number, knownForMs: number) {
    this.#password = password
    this.#iterations = iterations
    this.#knownForMs = knownForMs
  }

  /** For a message that is sent now. */
  get current(): DerivedKey {
    const now = performance.now()
    const key = this.#keyAt(now)
    this.#usedAt.set(key.salt.toString('base64'), now)
    return key
  }

  #keyAt(now: number): DerivedKey {
    if (this.#current && now - this.#madeAt < RENEWED_AFTER_MS) return this.#current
    // One is made in five minutes, so that few are known at once.
    for (const [salt, usedAt] of this.#usedAt) {
      if (now - usedAt > this.#knownForMs) this.#usedAt.delete(salt)
    }
    const salt = randomBytes(SALT_OCTETS)
    salt[0] = FOR_MAC
    const secret = derivedSecret(this.#password, salt, this.#iterations)
    this.#current = { salt, iterations: this.#iterations, secret }
    this.#madeAt = now
    return this.#current
  }

  /** Whether a message with a salt may be one that we have sent, and that somebody sends back. */
  isOwn(salt: Buffer): boolean {
    return this.#usedAt.has(salt.toString('base64'))
  }
}
