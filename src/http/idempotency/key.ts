import { createHmac, hash } from 'node:crypto'
import { callerName, type Identity, type RestOperation, type RestRequest } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'
import type { IdempotencyPolicy } from '../../mapping/operation/guarantees.js'
import { parseMediaType } from '../request/media-type.js'
import { canonicalJson } from './canonical-json.js'

const HEADER = 'idempotency-key'
const MAX_LENGTH = 255

/** sf-string (RFC 9651, section 3.3.3), as the draft asks for, or its content alone, as clients often send it. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/
const BARE = /^[!-~]+$/

/**
 * The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header-07, section 2.1).
 *
 * @throws AdapterError `request-invalid` where it is missing but required, or is not a key
 */
export function readKey({ headers }: RestRequest, { key }: IdempotencyPolicy): string | undefined {
  const sent = headers[HEADER]
  if (sent === undefined) {
    if (key === 'optional') return undefined
    throw invalid('is required: a value that is new for each new request, such as a UUID')
  }
  const text = typeof sent === 'string' ? sent.trim() : ''
  const quoted = QUOTED.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1')
  const value = quoted ?? (BARE.test(text) && !text.startsWith('"') ? text : '')
  if (value === '' || value.length > MAX_LENGTH) {
    throw invalid(`must be one text of 1 to ${MAX_LENGTH} ASCII characters`)
  }
  return value
}

function invalid(detail: string): AdapterError {
  return new AdapterError('request-invalid', 'The request has no usable Idempotency-Key.', {
    violations: [{ pointer: 'header/Idempotency-Key', detail }],
  })
}

/** What a key is unique within: a service may have several documents, and each client its own keys. */
export interface KeyScope {
  readonly basePath: string
  readonly operationId: string
  readonly identity: Identity | undefined
}

/** What stands for a key in the store. Without the key itself nobody finds it. */
export function hashedKey({ basePath, operationId, identity }: KeyScope, key: string): string {
  const parts = [basePath, operationId, identity ? callerName(identity) : null, key]
  return hash('sha256', JSON.stringify(parts), 'base64url')
}

/**
 * What stands for a request in the store: operation, parameters, media type and body, not the order of members. The
 * client's key, which is not stored, keeps whoever reads the store from trying out bodies.
 */
export function fingerprint(
  { operationId }: RestOperation,
  { path, query, headers, body }: RestRequest,
  declaredHeaders: readonly string[],
  key: string,
): string {
  const contentType = headers['content-type']
  const mediaType = typeof contentType === 'string' ? parseMediaType(contentType)?.essence : undefined
  const asked = Object.fromEntries(declaredHeaders.map((name) => [name, headers[name]]))
  const text = canonicalJson({ operationId, path, query, headers: asked, mediaType, body })
  return createHmac('sha256', key).update(text).digest('base64url')
}
