import type { SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import type { Demand } from '../../../wsdl/policy/policy.js'
import { unsupported } from '../../../wsdl/policy/unsupported-assertions.js'

/** One thing that a policy asks for, in words. */
export interface PolicyPoint {
  readonly kind: Demand['kind']
  /** Local name of the assertion; of a policy that is not there, what the reference calls it. */
  readonly assertion: string
  /** Which of several tokens it is of: `InitiatorToken`. */
  readonly within: string | undefined
  /**
   * `met`: a key of the backend does it. `offered`: it may be done. `by-hand`: a person must say of what. `impossible`:
   * `words` say what to do instead. `unknown`: it stands in a policy that is not there.
   */
  readonly standing: 'met' | 'offered' | 'by-hand' | 'impossible' | 'unknown'
  /** What follows "demands", "offers", "asks for" or "refers to". */
  readonly words: string
  readonly at: SourceLocation
}

const words: Readonly<Record<Exclude<Demand['kind'], 'other' | 'detail' | 'unknown'>, string>> = {
  addressing: 'WS-Addressing, which is addressing: true',
  mtom: 'MTOM, which is attachments: mtom',
  username: 'a UsernameToken, which is security.username',
  timestamp: 'a Timestamp, which is security.timestamp',
  symmetric: 'a key for each call, which is security.symmetric: it signs and encrypts both ways',
  signature: 'a signature, which is security.signature, and security.verify of responses',
  encryption: 'encryption, which is security.encryption, and security.decryption of responses',
  'client-certificate': 'a client certificate, which is tls',
  'encrypted-elements': 'encrypted elements, which security.encryption names in elements, contents or parts',
  'issued-token':
    'a token of a security token service, which is security.issuedToken; what proves to that service who asks is proposed as a name and a password',
  'http-basic': 'HTTP Basic, which is credentials',
  'http-digest': 'HTTP Digest, which is credentials',
}

/**
 * What demands come to; those that only say how another is met are left out.
 *
 * @param met kinds that keys of the backend meet
 */
export function policyPoints(
  demands: readonly Demand[],
  met: ReadonlySet<Demand['kind']>,
): readonly PolicyPoint[] {
  // Of a token without a password NoPassword says it all.
  const isNameAlone = demands.some(({ assertion }) => assertion === 'NoPassword')
  return demands.flatMap((demand): PolicyPoint[] => {
    const { kind, assertion, within, at, isOptional } = demand
    const point = { kind, assertion, within, at }
    if (kind === 'detail' || (kind === 'other' && isOptional)) return []
    if (kind === 'username' && isNameAlone) return []
    if (kind === 'unknown') {
      const said = 'a policy that it does not hold; ask the provider what it demands'
      return [{ ...point, standing: 'unknown', words: said }]
    }
    if (kind !== 'other' && isOptional) return [{ ...point, standing: 'offered', words: words[kind] }]
    if (kind !== 'other' && met.has(kind)) return [{ ...point, standing: 'met', words: words[kind] }]
    if (kind === 'encrypted-elements') {
      const said = 'encrypted elements: name them in security.encryption.elements'
      return [{ ...point, standing: 'by-hand', words: said }]
    }
    return [{ ...point, standing: 'impossible', words: unsupported(assertion) }]
  })
}
