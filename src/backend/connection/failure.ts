import { AdapterError } from '../../base/errors.js'
import type { Phase } from '../timeout.js'

/** OpenSSL's verification errors as Node names them (`node:tls`, "X509 certificate error codes"). */
const certificateCodes = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CRL_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
  'EPROTO',
])

/** What the system says of a connection that was not made (errno(3)). */
const unconnected: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'Nothing accepts connections at the address of the backend.'],
  ['ENOTFOUND', 'The host name of the backend is not known.'],
  ['EAI_AGAIN', 'The host name of the backend cannot be looked up for now.'],
  ['EHOSTUNREACH', 'There is no way to the host of the backend.'],
  ['ENETUNREACH', 'There is no way to the network of the backend.'],
  ['ETIMEDOUT', 'No connection to the backend was made: its host is silent.'],
])

/**
 * Names what went wrong between us and the backend.
 *
 * @param cause what the socket, the TLS layer or the HTTP parser reported
 * @param phase how far the exchange had got
 * @returns an AdapterError whose message holds nothing of the cause, which is kept for the log
 */
export function transportFailure(cause: unknown, phase: Phase): AdapterError {
  if (cause instanceof AdapterError) return cause
  const code = codeOf(cause)
  if (certificateCodes.has(code) || code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_')) {
    return new AdapterError('backend-tls', 'No trusted TLS connection to the backend could be made.', {
      cause,
    })
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new AdapterError('backend-timeout', 'No connection to the backend was made in time.', { cause })
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new AdapterError('backend-too-large', "The header of the backend's response is too large.", {
      cause,
    })
  }
  if (isOfParser(cause) && !cause.message.includes('EOF')) {
    // The parser's own error carries the bytes that it stumbled over; they must not reach the log.
    const bare = new Error(cause.message)
    const reason = parserReason(cause.message)
    return new AdapterError('backend-malformed', `The backend's response is not valid HTTP${reason}.`, {
      cause: bare,
    })
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return unwritable(cause)
  }
  return new AdapterError('backend-unreachable', brokenOff(code, phase), { cause })
}

/** undici tells its errors by their names. */
function isOfParser(cause: unknown): cause is Error {
  return cause instanceof Error && cause.name === 'HTTPParserError'
}

/** One of the texts of the parser, which hold nothing of what it parsed. */
function parserReason(message: string): string {
  const reason = /\((.{1,80})\)$/.exec(message)?.[1]
  return reason === undefined ? '' : `: ${reason}`
}

function brokenOff(code: string, phase: Phase): string {
  switch (phase) {
    case 'connecting':
      return unconnected.get(code) ?? 'No connection to the backend could be made.'
    case 'waiting':
      return 'The connection to the backend ended before its response began.'
    case 'reading':
      return 'The connection to the backend ended before its response did.'
  }
}

/** The URL or a header of the call is not one: nothing was sent. */
export function unwritable(cause: unknown): AdapterError {
  return new AdapterError('internal', 'The call to the backend could not be written.', { cause })
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

/** More bytes than the policy allows. */
export function tooLarge(maxBytes: number, cause?: unknown): AdapterError {
  return new AdapterError('backend-too-large', `The backend's response is larger than ${maxBytes} bytes.`, {
    cause,
  })
}
