import { dialect } from '../soap/envelope.js'
import type { WsSecurityPolicy } from './policy.js'
import { compileReceive } from './receive.js'
import { compileSecure, type SentSecurely } from './secure.js'
import type { SecuredMessage } from './secured-message.js'
import type { BelievedMessage } from './signature/believed-message.js'
import type { SentMessage } from './tokens/call-key.js'
import { DerivedKeys, MIN_ITERATIONS } from './tokens/derived-key.js'
import { lifetimeOf } from './tokens/freshness.js'
import { asksForHeader } from './tokens/header.js'

/** WS-Security of one backend (OASIS Web Services Security: SOAP Message Security 1.1). */
export interface WsSecurity {
  /** As {@link secureMessage}, for an envelope that stands alone. */
  secure(envelope: string, context: { readonly samlAssertion?: string }): string
  /**
   * Adds wsse:Security to an envelope, and encrypts what travels beside it where the policy says so.
   *
   * @param message its envelope complete, with the prefix soap, with or without soap:Header; its attachments each with a
   *   Content-ID
   * @param context what only the request knows
   * @returns the message to send, and what its response is verified with
   * @throws AdapterError `request-invalid` for an assertion that is missing or is none; `request-unencodable` for an attachment
   *   that is to be signed and is not what its media type says; `internal` where the envelope cannot be secured
   */
  secureMessage(message: SecuredMessage, context: { readonly samlAssertion?: string }): SentSecurely
  /** As {@link verifyMessage}, for an envelope that stands alone. */
  verify(answer: string, onBelieved?: (message: BelievedMessage) => void, sent?: SentMessage): string
  /**
   * Decrypts a response and checks it before anything in it is believed.
   *
   * @param answer decoded; an empty one, of a one-way operation, has nothing to believe
   * @param onBelieved told of what a signature was found good for, before anything is returned; whoever keeps out what came
   *   before, or certificates that were revoked, needs it
   * @param sent what {@link secureMessage} gave for the request; without it nothing is believed that rests on the call
   * @returns what to decode: the response in the clear, without its wsse:Security and without what no signature
   *   covers; the same where the policy neither decrypts nor verifies
   * @throws AdapterError `backend-untrusted`; `backend-malformed` and `backend-not-soap` for what is not an envelope
   */
  verifyMessage(
    answer: SecuredMessage,
    onBelieved?: (message: BelievedMessage) => void,
    sent?: SentMessage,
  ): SecuredMessage
}

/** Of a request that nobody has signed. */
const NOTHING: SentMessage = { key: undefined, signatures: [] }

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
  const secureMessage: WsSecurity['secureMessage'] = asksForHeader(policy)
    ? compileSecure(policy, dialect(soapVersion), clock, keys)
    : (message) => ({ ...message, sent: NOTHING })
  const verifyMessage = compileReceive(policy, clock, (salt) => keys?.isOwn(salt) === true)
  return {
    secureMessage,
    verifyMessage,
    secure: (envelope, context) => secureMessage({ envelope, attachments: [] }, context).envelope,
    verify: (envelope, onBelieved, sent) =>
      verifyMessage({ envelope, attachments: [] }, onBelieved, sent).envelope,
  }
}
