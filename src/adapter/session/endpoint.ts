import type { AllowedHost } from '../../base/allowed-host.js'
import { AdapterError } from '../../base/errors.js'

/**
 * The endpoint that a login gives, judged: a backend does not decide where the calls of this service go, with all that
 * they carry; the contract lists the hosts.
 *
 * @param given what the response holds
 * @param login the URL that was logged in at, whose scheme must be kept
 * @throws AdapterError `backend-login`; never with what was given
 */
export function sessionEndpoint(given: string, login: string, hosts: readonly AllowedHost[]): string {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (!url) throw refused('is not an absolute URL')
  const { protocol, username, password, hash } = url
  if (protocol !== new URL(login).protocol && protocol !== 'https:')
    throw refused('is not an https: URL, as that of the login is')
  if (username !== '' || password !== '' || hash !== '') throw refused('has credentials or a fragment')
  if (!hosts.some((host) => host.allows(url))) throw refused('is at a host that session.hosts does not list')
  return url.href
}

function refused(why: string): AdapterError {
  return new AdapterError('backend-login', `The answer to the login holds an endpoint that ${why}.`)
}
