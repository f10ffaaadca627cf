import type { BackendPolicy } from '../../backend/policy.js'
import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { isClearText } from '../reader/url.js'
import { readCredentials } from './credentials.js'
import { readProxy } from './proxy.js'
import { readTls } from './tls.js'

/** How a backend is connected to: the keys of its `x-soap-backends` entry that concern transport. */
export type TransportAnnotation = Pick<
  BackendPolicy,
  'compression' | 'keepAlive' | 'tls' | 'proxy' | 'credentials'
>

/**
 * @param reader of the backend's entry
 * @returns undefined where the entry has none of the keys
 */
export function readTransport(reader: AnnotationReader): TransportAnnotation | undefined {
  const transport = {
    ...optional('compression', reader.flag('compression')),
    ...optional('keepAlive', reader.flag('keepAlive')),
    ...optional('tls', readTls(reader.nested('tls'))),
    ...optional('proxy', readProxy(reader)),
    ...optional('credentials', readCredentials(reader.nested('credentials'))),
  }
  return Object.keys(transport).length === 0 ? undefined : transport
}

/**
 * Warns of what an endpoint without TLS makes of the settings.
 *
 * @param endpoint an absolute URL, from the annotation or the WSDL
 */
export function checkEndpoint(
  transport: TransportAnnotation | undefined,
  endpoint: string,
  at: SourceLocation,
  diagnostics: Diagnostics,
): void {
  if (transport?.credentials && isClearText(endpoint)) {
    diagnostics.warning(
      'credentials-in-clear',
      'The endpoint is an http: URL: anyone on the network path can read the credentials. Use https:.',
      at,
    )
  }
  if (transport?.tls && /^http:/i.test(endpoint)) {
    diagnostics.warning('tls-unused', 'The endpoint is an http: URL: tls has no effect.', at)
  }
}
