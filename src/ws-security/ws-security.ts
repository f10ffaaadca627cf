import { dialect } from '../soap/envelope.js'
import type { BelievedMessage } from './believed-message.js'
import { DerivedKeys, MIN_ITERATIONS } from './derived-key.js'
import { lifetimeOf } from './freshness.js'
import type { WsSecurityPolicy } from './policy.js'
import { compileReceive } from './receive.js'
import { compileSecure } from './secure.js'
import { asksForHeader } from './tokens.js'

/** WS-Security of one backend (OASIS Web Services Security: SOAP Message Security 1.1). */
export interface WsSecurity {
  /**
   * Adds wsse:Security to an envelope.
   *
   * @param envelope complete, with the prefix soap, with or without soap:Header
   * @param context what only the request knows
   * @throws AdapterError `request-invalid` for an assertion that is missing or is none; `internal` where the envelope
   *   cannot be secured
   */
  secure(envelope: string, context: { readonly samlAssertion?: string }): string
  /**
   * Decrypts a response and checks it before anything in it is believed.
   *
   * @param answer decoded; an empty one, of a one-way operation, has nothing to believe
   * @param onBelieved told of what a signature was found good for, before anything is returned; whoever keeps out what came
   *   before, or certificates that were revoked, needs it
   * @returns the text to decode: the response in the clear, without its wsse:Security and without what no signature
   *   covers; the same text where the policy neither decrypts nor verifies
   * @throws AdapterError `backend-untrusted`; `backend-malformed` and `backend-not-soap` for what is not an envelope
   */
  verify(answer: string, onBelieved?: (message: BelievedMessage) => void): string
}

/**
 * Compiles the policy of a backend. Its keys have been read, and its parts checked against each other, by then.
 *
 * @param clock for tests
 */
export function compileWsSecurity(
  policy: WsSecurityPolicy,
  soapVersion: '1.1' | '1.2',
  clock: () => Date = () => new Date(),
): WsSecurity {
  const { username, verify } = policy
  const knownForMs = verify ? lifetimeOf(verify) : 0
  const keys =
    username?.type === 'key'
      ? new DerivedKeys(username.password, username.iterations ?? MIN_ITERATIONS, knownForMs)
      : undefined
  return {
    secure: asksForHeader(policy)
      ? compileSecure(policy, dialect(soapVersion), clock, keys)
      : (envelope) => envelope,
    verify: compileReceive(policy, clock, (salt) => keys?.isOwn(salt) === true),
  }
}
