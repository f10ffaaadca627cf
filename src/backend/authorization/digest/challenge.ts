/** How passwords are hashed (RFC 7616, section 6.1); each may end in `-sess`. */
export const DIGEST_ALGORITHMS = { 'SHA-512-256': 'sha512-256', 'SHA-256': 'sha256', MD5: 'md5' } as const
export type DigestAlgorithm = keyof typeof DIGEST_ALGORITHMS

/** What a server asks for by `WWW-Authenticate: Digest` (RFC 7616, section 3.3). */
export interface DigestChallenge {
  readonly algorithm: DigestAlgorithm
  /** Whether the password is hashed with the nonces once more (`-sess`). */
  readonly isSession: boolean
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  /** What the hash is of, beside user and password: the request line, or the body too. */
  readonly qop: 'auth' | 'auth-int'
  /** The nonce was too old; the password may be right. */
  readonly isStale: boolean
  /** Whether the server wants the user's name hashed. */
  readonly hashesUser: boolean
}

/**
 * The challenges of Digest among those of a field, in its order; without those that have no `qop` (RFC 2069), whose hash
 * protects neither against replay nor against chosen nonces, and those of algorithms that are unknown.
 *
 * @param field several fields of this name are joined with a comma
 */
export function digestChallenges(field: string): DigestChallenge[] {
  return challenges(field).flatMap(({ scheme, parameters }) => {
    if (scheme !== 'digest') return []
    const named = /^(SHA-512-256|SHA-256|MD5)(-sess)?$/i.exec(parameters.get('algorithm') ?? 'MD5')
    const realm = parameters.get('realm')
    const nonce = parameters.get('nonce')
    const offered = (parameters.get('qop') ?? '')
      .toLowerCase()
      .split(',')
      .map((each) => each.trim())
    const qop = (['auth', 'auth-int'] as const).find((each) => offered.includes(each))
    if (!named || realm === undefined || nonce === undefined || qop === undefined) return []
    return [
      {
        algorithm: String(named[1]).toUpperCase() as DigestAlgorithm,
        isSession: named[2] !== undefined,
        ...{ realm, nonce, qop, opaque: parameters.get('opaque') },
        isStale: parameters.get('stale')?.toLowerCase() === 'true',
        hashesUser: parameters.get('userhash')?.toLowerCase() === 'true',
      },
    ]
  })
}

interface Challenge {
  /** In lower case. */
  readonly scheme: string
  /** By names in lower case; without the quotes. */
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+"
/** A parameter; or the scheme that begins a challenge, with what it may have instead of parameters (RFC 9110, 11.6.1). */
const PART = new RegExp(
  `[ \\t,]*(?:(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))(?=[ \\t]*(?:,|$))|(${TOKEN})(?:[ \\t]+[\\w.~+/-]+=*(?=[ \\t]*(?:,|$)))?(?=[ \\t,]|$))`,
  'y',
)

/** Challenges (RFC 9110, section 11.6.1) up to where a field is not written so. */
function challenges(field: string): Challenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = []
  PART.lastIndex = 0
  for (let part = PART.exec(field); part; part = PART.exec(field)) {
    const [, name, quoted, plain, scheme] = part
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() })
    else if (name !== undefined) {
      const value = plain ?? unescaped(quoted ?? '')
      found.at(-1)?.parameters.set(name.toLowerCase(), value)
    }
  }
  return found
}

/** What stands between the quotes of a quoted-string (RFC 9110, section 5.6.4). */
export function unescaped(quoted: string): string {
  return quoted.replace(/\\(.)/g, '$1')
}
