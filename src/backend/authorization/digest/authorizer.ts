import { randomBytes } from 'node:crypto'
import { AdapterError } from '../../../base/errors.js'
import { requestTarget } from '../../connection/transport.js'
import type { DigestCredentials } from '../../policy.js'
import type { SoapAnswer, SoapCall } from '../../soap-call.js'
import type { Authorizer, Grant } from '../authorizer.js'
import {
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  type DigestChallenge,
  digestChallenges,
  unescaped,
} from './challenge.js'
import { digestResponse } from './response.js'

interface DigestGrant extends Grant {
  readonly nonce?: string
  readonly count?: number
}

const CNONCE_BYTES = 16
const STRENGTH = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[]

/**
 * HTTP Digest (RFC 7616). The first call finds out what the backend asks for by being refused; those after it use the same
 * nonce and count, until the backend gives another.
 */
export class DigestAuthorizer implements Authorizer {
  readonly #credentials: DigestCredentials
  #challenge: DigestChallenge | undefined
  #count = 0

  constructor(credentials: DigestCredentials) {
    this.#credentials = credentials
  }

  authorize(call: SoapCall): DigestGrant {
    if (!this.#challenge) return {}
    const { username, password } = this.#credentials
    const { nonce } = this.#challenge
    const count = ++this.#count
    const field = digestResponse(this.#challenge, {
      ...{ username, password, count },
      method: call.method ?? 'POST',
      uri: requestTarget(call),
      body: call.body,
      cnonce: randomBytes(CNONCE_BYTES).toString('base64url'),
    })
    return { field, nonce, count }
  }

  /**
   * A nonce that was new and is refused means a wrong password, unless the backend says that it is stale.
   *
   * @throws AdapterError `backend-login` where nothing that the backend offers may be used
   */
  isWorthAnother({ nonce, count = 0 }: DigestGrant, { status, headers }: SoapAnswer): boolean {
    if (status !== 401) {
      this.#take(nextNonce(headers['authentication-info'] ?? ''))
      return false
    }
    const challenge = this.#chosen(headers['www-authenticate'] ?? '', nonce)
    if (!challenge || challenge.nonce === nonce) return false
    if (challenge.nonce !== this.#challenge?.nonce) this.#use(challenge)
    return nonce === undefined || challenge.isStale || count > 1
  }

  /** The backend may name the next nonce with any answer (RFC 7616, section 3.5). */
  #take(nonce: string | undefined): void {
    if (this.#challenge && nonce !== undefined && nonce !== this.#challenge.nonce)
      this.#use({ ...this.#challenge, nonce })
  }

  #use(challenge: DigestChallenge): void {
    this.#challenge = challenge
    this.#count = 0
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** @param tried the nonce of what was refused: where there was one, the backend knows Digest, and means the password */
  #chosen(field: string, tried: string | undefined): DigestChallenge | undefined {
    const offered = digestChallenges(field)
    const allowed = STRENGTH.filter((algorithm) => algorithm !== 'MD5' || this.#credentials.allowsMd5)
    const [best] = allowed.flatMap((algorithm) => offered.filter((each) => each.algorithm === algorithm))
    if (best || tried !== undefined) return best
    throw new AdapterError(
      'backend-login',
      offered.length > 0
        ? 'The backend asks for Digest with MD5 alone, which is not allowed here (credentials.md5).'
        : 'The backend answered 401, and asks for nothing that Digest of RFC 7616 can give.',
    )
  }
}

function nextNonce(field: string): string | undefined {
  const quoted = /(?:^|[ \t,])nextnonce[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"/i.exec(field)?.[1]
  return quoted === undefined ? undefined : unescaped(quoted)
}
