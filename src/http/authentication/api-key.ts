import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { ClientLimits } from './verdict.js'

/** One key of a client. A client may have several, so that the next one works before the last one ends. */
export interface ApiKey {
  readonly client: string
  /** SHA-256 of the key. */
  readonly digest: Buffer
  /** Milliseconds since 1970; the key is refused from then on. */
  readonly expires?: number
  /** What a requirement may ask for beside the key: `security: [{ApiKey: [payments]}]`. */
  readonly roles: ReadonlySet<string>
  /** Absent: all operations. */
  readonly operations?: ReadonlySet<string>
  readonly limits?: ClientLimits
}

/** Recognisable for people and for scanners that look for secrets in repositories. */
const PREFIX = 'ssk_'
const KEY_BYTES = 32

/**
 * Makes a key of 256 random bits. With so many a plain SHA-256 is enough at rest: there is nothing to guess, which
 * is what slow password hashes are for.
 *
 * @returns the key, for the client alone, and the line that stands for it in the file of keys
 */
export function createApiKey(client: string, options: readonly string[] = []): { key: string; line: string } {
  const key = PREFIX + randomBytes(KEY_BYTES).toString('base64url')
  return { key, line: apiKeyLine(client, key, options) }
}

/** The line that stands for a key in the file of keys. */
export function apiKeyLine(client: string, key: string, options: readonly string[] = []): string {
  return [client, `sha256:${hash('sha256', key, 'base64url')}`, ...options].join(' ')
}

/** Keys by their hashes. */
export class ApiKeyRing {
  readonly #byDigest: ReadonlyMap<string, ApiKey>

  constructor(keys: readonly ApiKey[]) {
    this.#byDigest = new Map(keys.map((key) => [key.digest.toString('latin1'), key]))
  }

  get size(): number {
    return this.#byDigest.size
  }

  /**
   * What a client may have by the keys that it has now.
   *
   * @param now milliseconds since 1970
   * @returns the roles of all its keys; undefined where it has none that has not expired
   */
  rolesOf(client: string, now: number): ReadonlySet<string> | undefined {
    const own = [...this.#byDigest.values()].filter(
      (key) => key.client === client && (key.expires === undefined || now < key.expires),
    )
    return own.length === 0 ? undefined : new Set(own.flatMap(({ roles }) => [...roles]))
  }

  /**
   * Finds a key that has not expired. The time that it takes depends on the hash of what was sent, of which a client
   * can choose no part, and not on how much of it is right.
   *
   * @param now milliseconds since 1970
   */
  find(sent: string, now: number): ApiKey | undefined {
    const digest = hash('sha256', sent, 'buffer')
    const key = this.#byDigest.get(digest.toString('latin1'))
    if (!key || !timingSafeEqual(key.digest, digest)) return undefined
    return key.expires === undefined || now < key.expires ? key : undefined
  }
}

export const CLIENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,63}$/
const DIGEST = /^sha256:([A-Za-z0-9_-]{43})$/
const NAMES = /^[^\s,]+(?:,[^\s,]+)*$/
const RATE = /^([1-9][0-9]{0,8})\/([1-9][0-9]{0,5})$/
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/

/**
 * Reads keys, one a line or separated by semicolons: `CLIENT sha256:HASH [expires=INSTANT] [roles=A,B]
 * [operations=A,B] [rate=REQUESTS/SECONDS] [concurrent=REQUESTS]`. Lines that begin with `#` are comments.
 *
 * @param source what messages call the text; they hold nothing of it but line numbers
 * @param diagnostics gets one error for each line that cannot be used
 */
export function parseApiKeys(text: string, source: string, diagnostics: Diagnostics): readonly ApiKey[] {
  return text.split(/\r?\n|;/).flatMap((line, index) => {
    const words = line.trim().split(/\s+/)
    if (words[0] === '' || words[0]?.startsWith('#')) return []
    const key = parseLine(words)
    if (typeof key === 'object') return [key]
    diagnostics.error('setting-invalid', `${source}, line ${index + 1}: ${key}.`)
    return []
  })
}

/** @returns what is wrong, where something is */
function parseLine([client = '', digest = '', ...options]: readonly string[]): ApiKey | string {
  if (!CLIENT_NAME.test(client)) return 'the client must be 1 to 64 letters, digits and ._@:-'
  const sha256 = DIGEST.exec(digest)?.[1]
  if (sha256 === undefined)
    return 'the second word must be sha256: and a hash, as `soapstone key` writes them'
  let key: ApiKey = { client, digest: Buffer.from(sha256, 'base64url'), roles: new Set() }
  for (const option of options) {
    const equals = option.indexOf('=')
    const more = readOption(option.slice(0, equals), option.slice(equals + 1))
    if (typeof more === 'string') return more
    key = { ...key, ...more, ...(more.limits && { limits: { ...key.limits, ...more.limits } }) }
  }
  return key
}

function readOption(name: string, value: string): Partial<ApiKey> | string {
  const names = NAMES.test(value) ? new Set(value.split(',')) : undefined
  switch (name) {
    case 'expires': {
      const expires = INSTANT.test(value) ? Date.parse(value) : Number.NaN
      return Number.isNaN(expires) ? 'expires must be as 2027-01-31 or 2027-01-31T12:00:00Z' : { expires }
    }
    case 'roles':
      return names ? { roles: names } : 'roles must be names with commas between them'
    case 'operations':
      return names ? { operations: names } : 'operations must be names with commas between them'
    case 'rate': {
      const [, requests, window] = RATE.exec(value) ?? []
      if (requests === undefined) return 'rate must be requests/seconds, as in 100/60'
      return { limits: { requests: Number(requests), window: Number(window) } }
    }
    case 'concurrent': {
      const concurrent = /^[1-9][0-9]{0,5}$/.test(value) ? Number(value) : undefined
      return concurrent === undefined
        ? 'concurrent must be a whole number above 0'
        : { limits: { concurrent } }
    }
    default:
      return 'an option is none of expires, roles, operations, rate and concurrent'
  }
}
