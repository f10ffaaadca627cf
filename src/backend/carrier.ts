import { AuthorizedTransport } from './authorization/authorized-transport.js'
import { DigestAuthorizer } from './authorization/digest/authorizer.js'
import { TokenAuthorizer } from './authorization/token-authorizer.js'
import { Transport } from './connection/transport.js'
import { authorizationOf } from './fixed-credentials.js'
import type { BackendPolicy } from './policy.js'
import type { Carrier } from './soap-call.js'

/** What carries calls to a backend, with the credentials that its policy gives. */
export function carrierFor(policy: BackendPolicy): Carrier {
  const { credentials } = policy
  if (!credentials) return new Transport(policy)
  if (credentials.type === 'oauth2')
    return new AuthorizedTransport(policy, new TokenAuthorizer(policy, credentials))
  if (credentials.type === 'digest') return new AuthorizedTransport(policy, new DigestAuthorizer(credentials))
  return new Transport(policy, authorizationOf(credentials))
}
