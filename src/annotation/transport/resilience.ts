import { type BackendPolicy, defaultRetry, type RetryPolicy } from '../../backend/policy.js'
import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { isHttpUrl } from '../../base/http-url.js'
import { join } from '../../openapi/pointer.js'
import { expand } from '../reader/environment.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { checkEndpoint, type TransportAnnotation } from './transport.js'

/** How a backend is spared, and called again: the keys of its `x-soap-backends` entry that concern that. */
export interface ResilienceAnnotation {
  readonly policy: Partial<Pick<BackendPolicy, 'maxQueue' | 'endpoints' | 'retry'>>
  /** Clients may shorten the deadline with `Request-Timeout`. */
  readonly requestTimeout: boolean
}

const retryKeys = ['attempts', 'baseMs', 'maxMs', 'budgetPercent', 'attemptTimeoutMs'] as const

/**
 * @param reader of the backend's entry
 * @param transport what endpoints without TLS are held against
 * @returns undefined where the entry has none of the keys
 */
export function readResilience(
  reader: AnnotationReader,
  transport: TransportAnnotation | undefined,
): ResilienceAnnotation | undefined {
  const policy = {
    ...optional('maxQueue', reader.natural('maxQueue')),
    ...optional('endpoints', readEndpoints(reader, transport)),
    ...optional('retry', readRetry(reader)),
  }
  const requestTimeout = reader.flag('requestTimeout') ?? false
  return requestTimeout || Object.keys(policy).length > 0 ? { policy, requestTimeout } : undefined
}

/** `retry` of an operation's `x-soap`: whether it may be carried out more than once. */
export function readIdempotent(reader: AnnotationReader): boolean | undefined {
  const retry = reader.nested('retry')
  const isIdempotent = retry?.flag('idempotent')
  retry?.end()
  return isIdempotent
}

function readRetry(parent: AnnotationReader): RetryPolicy | undefined {
  const reader = parent.nested('retry')
  if (!reader) return undefined
  const given = retryKeys.flatMap((key) => {
    const value = reader.positive(key, key === 'budgetPercent' ? 100 : undefined)
    return value === undefined ? [] : [[key, value] as const]
  })
  reader.end()
  return { ...defaultRetry, ...Object.fromEntries(given) }
}

function readEndpoints(
  reader: AnnotationReader,
  transport: TransportAnnotation | undefined,
): readonly string[] | undefined {
  const texts = reader.texts('endpoints')
  if (!texts) return undefined
  const at = (index: number): SourceLocation =>
    reader.document.locate(join(reader.pointer, 'endpoints', String(index)))
  const urls = texts.map((text, index) => expand(text, reader.env, at(index), reader.diagnostics) ?? '')
  for (const [index, url] of urls.entries()) {
    if (!isHttpUrl(url)) {
      reader.diagnostics.error(
        'endpoint-invalid',
        'Each of endpoints must be an absolute http: or https: URL.',
        at(index),
      )
    } else if (index > 0) checkEndpoint(transport, url, at(index), reader.diagnostics)
  }
  if (urls.length === 0 || reader.value.endpoint !== undefined || new Set(urls).size < urls.length) {
    const message = 'endpoints must be a list of different URLs, and stands instead of endpoint.'
    reader.diagnostics.error('annotation-invalid', message, reader.at('endpoints'))
    return undefined
  }
  return urls.every(isHttpUrl) ? urls : undefined
}
