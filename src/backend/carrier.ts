import { AuthorizedTransport } from './authorized-transport.js'
import { authorizationOf } from './authorization.js'
import { type BackendPolicy } from './policy.js'
import { type Carrier } from './soap-call.js'
import { Transport } from './transport.js'

/** What carries calls to a backend, with the credentials that its policy gives. */
export function carrierFor(policy: BackendPolicy): Carrier {
  const { credentials } = policy
  if (!credentials) return new Transport(policy)
  return credentials.type === 'oauth2'
    ? new AuthorizedTransport(policy, credentials)
    : new Transport(policy, authorizationOf(credentials))
}
