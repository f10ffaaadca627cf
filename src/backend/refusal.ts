import { AdapterError } from '../base/errors.js'
import type { BackendPolicy } from './policy.js'

/**
 * Says what a response was that turned out to be no SOAP, where its HTTP status tells more.
 *
 * @param error what its interpreter threw; anything but `backend-not-soap` stays as it is
 */
export function refusal(
  error: unknown,
  status: number,
  { credentials, proxy }: Pick<BackendPolicy, 'credentials' | 'proxy'>,
): unknown {
  if (!(error instanceof AdapterError) || error.code !== 'backend-not-soap') return error
  if (status >= 300 && status < 400) {
    return new AdapterError(
      'backend-not-soap',
      `The backend answered ${status}, a redirect. Redirects are refused: the endpoint must be the final address.`,
      { cause: error },
    )
  }
  if (status === 401 || (credentials && status === 403)) {
    const message = credentials
      ? `The backend answered ${status} to the credentials of this service.`
      : 'The backend answered 401: it wants credentials, and this service has none for it.'
    return new AdapterError('backend-login', message, { cause: error })
  }
  return proxy && status === 407 ? proxyLogin(error) : error
}

/** The proxy wants other credentials (RFC 9110, section 15.5.8). */
export function proxyLogin(cause: AdapterError): AdapterError {
  return new AdapterError('backend-login', 'The proxy refused the credentials of this service (407).', {
    cause,
  })
}
