import type { IncomingMessage } from 'node:http'
import { type AccessToken, type AccessTokenVerifier, keyOf } from './access-token.js'
import type { DpopProofs } from './dpop.js'
import { type Refused, refused } from './verdict.js'

const SCHEME = /^(?:bearer|(dpop))(?: +|$)/i
/** The b64token of RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/

const WITH_DPOP = { scheme: 'DPoP' } as const

interface Sent {
  readonly token: string
  readonly isDpop: boolean
}

/** A token that is good, whatever it is good for. */
export interface PresentedToken extends AccessToken {
  /** Thumbprint of the key that a DPoP proof was made with, where the token came with one. */
  readonly provenKey?: string
}

/** Where a request keeps what was found out about its token, and by whom. */
const FOUND = Symbol('access token')

interface Found {
  readonly by: PresentedTokens
  readonly authorization: string | undefined
  readonly outcome: Promise<PresentedToken | Refused>
}

type Known = IncomingMessage & { [FOUND]?: Found }

/**
 * Finds the access token of a request in the Authorization header (RFC 6750, section 2.1; RFC 9449, section 7.1); in a
 * URL or a body it is not taken. It is found out about once in a request, however many requirements ask for it: a
 * DPoP proof is not good a second time, and each question may cost a signature.
 */
export class PresentedTokens {
  constructor(
    readonly verifier: AccessTokenVerifier,
    readonly dpop?: DpopProofs,
  ) {}

  /** @returns the token, found good but not yet judged for an operation */
  find(req: Known): Refused | Promise<PresentedToken | Refused> {
    const known = this.#known(req)
    if (known) return known.outcome
    const sent = this.#sent(req)
    if (!('token' in sent)) return sent
    const outcome = this.#verify(sent, req)
    req[FOUND] = { by: this, authorization: req.headers.authorization, outcome }
    return outcome
  }

  /** Whether it takes a signature or a question to others: a proof is a signature of its own, no other request has it. */
  isCostly(req: Known): boolean {
    if (this.#known(req)) return false
    const sent = this.#sent(req)
    return 'token' in sent && (sent.isDpop || this.verifier.remembers?.(sent.token) !== true)
  }

  #known({ [FOUND]: found, headers }: Known): Found | undefined {
    return found?.by === this && found.authorization === headers.authorization ? found : undefined
  }

  /** @returns why there is none, where there is none */
  #sent(req: IncomingMessage): Sent | Refused {
    const { authorization } = req.headers
    const [scheme, dpop] = SCHEME.exec(authorization ?? '') ?? []
    if (authorization === undefined || scheme === undefined || (dpop !== undefined && !this.dpop)) {
      return refused('absent', 'The request has no access token.')
    }
    const token = authorization.slice(scheme.length)
    const isDpop = dpop !== undefined
    if (TOKEN.test(token) && !isRepeated(req)) return { token, isDpop }
    return refused('invalid', 'The Authorization header is malformed.', isDpop ? WITH_DPOP : {})
  }

  async #verify({ token, isDpop }: Sent, req: IncomingMessage): Promise<PresentedToken | Refused> {
    const found = await this.verifier.verify(token)
    if (!isDpop) return found
    if ('granted' in found) return { ...found, ...WITH_DPOP }
    const provenKey = keyOf(found)
    if (provenKey === undefined)
      return refused('invalid', 'The access token is not bound to a DPoP key.', WITH_DPOP)
    const problem = await this.dpop?.check(req, token, provenKey)
    return problem ?? { ...found, provenKey }
  }
}

/** Node keeps the first of several; a proxy before us may have looked at the last. */
function isRepeated({ rawHeaders }: IncomingMessage): boolean {
  let times = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 13 && name.toLowerCase() === 'authorization') times += 1
  }
  return times > 1
}
