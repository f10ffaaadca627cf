import { AdapterError } from '../../base/errors.js'
import { isSoapNamespace } from '../../soap/envelope.js'
import { XmlError, XmlReader } from '../../xml/reader.js'
import { trimXml } from '../../xml/white-space.js'
import { SAML, WST, WSU, XENC } from '../names.js'
import type { IssuedTokenPolicy } from '../policy.js'
import { ENCRYPTED_ASSERTION } from '../tokens/assertion.js'
import { isEncryptedFor } from './encrypted-assertion.js'

/** A token as a security token service issued it. */
export interface IssuedAssertion {
  /** A document of its own. */
  readonly markup: string
  readonly lifetimeMs: number
}

/** For a token of which neither the response nor the assertion says when it ends. */
const UNKNOWN_LIFETIME_MS = 300_000

/** Fault codes of WS-Trust 1.3, section 11, and WS-Security 1.1, section 12: words of a standard, so that they may be logged. */
const FAULT_CODES = new Set([
  ...[
    'InvalidRequest',
    'FailedAuthentication',
    'RequestFailed',
    'InvalidSecurityToken',
    'AuthenticationBadElements',
  ],
  ...['BadRequest', 'ExpiredData', 'InvalidTimeRange', 'InvalidScope', 'RenewNeeded', 'UnableToRenew'],
  ...[
    'UnsupportedSecurityToken',
    'UnsupportedAlgorithm',
    'InvalidSecurity',
    'FailedCheck',
    'SecurityTokenUnavailable',
  ],
  ...['MessageExpired', 'ActionNotSupported', 'DestinationUnreachable'],
])

/**
 * Reads the token out of the response to a RequestSecurityToken: a collection of one (WS-Trust 1.3, section 3.2), or one alone.
 *
 * @param now milliseconds since 1970
 * @param recipient for whom the token may be encrypted; nobody can tell what is in it then, and when it expires only the response
 * @throws AdapterError `backend-login`
 */
export function issuedAssertion(
  envelope: string,
  now: number,
  { recipient }: Pick<IssuedTokenPolicy, 'recipient'> = {},
): IssuedAssertion {
  let markup: string | undefined
  let expires: number | undefined
  const encrypted: string[] = []
  const reader = enterBody(envelope)
  within(reader, (name) => {
    switch (name) {
      case `{${WST}}RequestSecurityTokenResponseCollection`:
      case `{${WST}}RequestSecurityTokenResponse`:
        return 'enter'
      case `{${WST}}Lifetime`:
        return 'enter'
      case `{${WSU}}Expires`:
        expires = Date.parse(trimXml(reader.text()))
        return 'read'
      case `{${WST}}RequestedSecurityToken`:
        return 'enter'
      default:
        if (ENCRYPTED.has(reader.name)) encrypted.push(reader.name)
        if (!isAssertion(reader)) return 'skip'
        if (markup !== undefined) throw refused('The token service issued more than one token.')
        markup = reader.fragment()
        return 'read'
    }
  })
  const isEncrypted = encrypted.length > 0
  if (markup === undefined) {
    throw refused(
      isEncrypted
        ? 'The token that was issued is encrypted otherwise than as a saml2:EncryptedAssertion, which is not supported.'
        : 'The token service answered without a SAML assertion.',
    )
  }
  if (isEncrypted && !recipient) {
    throw refused(
      'The token that was issued is encrypted, and nothing says for which certificate it may be: give issuedToken.recipient, and no signature that names the token.',
    )
  }
  if (isEncrypted && recipient && !isEncryptedFor(markup, recipient)) {
    throw refused('The token that was issued is encrypted for another certificate than that of the backend.')
  }
  expires ??= notOnOrAfter(markup)
  const lifetimeMs = expires === undefined || Number.isNaN(expires) ? UNKNOWN_LIFETIME_MS : expires - now
  if (lifetimeMs <= 0) throw refused('The token that was issued has expired: compare the clocks.')
  return { markup, lifetimeMs }
}

const ENCRYPTED = new Set([ENCRYPTED_ASSERTION, `{${XENC}}EncryptedData`])

function isAssertion({ name, localName, namespace }: XmlReader): boolean {
  return name === ENCRYPTED_ASSERTION || (localName === 'Assertion' && SAML.includes(namespace))
}

/** @throws AdapterError `backend-login` for a fault, and for what is no envelope */
function enterBody(envelope: string): XmlReader {
  try {
    const reader = new XmlReader(envelope)
    reader.nextElement()
    const soap = reader.namespace
    if (reader.name !== `{${soap}}Envelope` || !isSoapNamespace(soap)) {
      throw refused('The token service answered with what is no SOAP envelope.')
    }
    while (reader.nextElement()) {
      if (reader.name === `{${soap}}Body`) return reader
      reader.skip()
    }
  } catch (error) {
    throw malformed(error)
  }
  throw refused('The token service answered without a soap:Body.')
}

function within(reader: XmlReader, visit: (name: string) => 'enter' | 'read' | 'skip'): void {
  try {
    while (reader.nextElement()) {
      if (reader.localName === 'Fault' && isSoapNamespace(reader.namespace)) throw faulty(reader.fragment())
      const what = visit(reader.name)
      if (what === 'enter') within(reader, visit)
      else if (what === 'skip') reader.skip()
    }
  } catch (error) {
    throw malformed(error)
  }
}

/** Only the code is said: what else a fault holds may quote what was sent. */
function faulty(fault: string): AdapterError {
  const codes = [
    ...fault.matchAll(
      /<(?:[^\s>/]{1,99}:)?(?:faultcode|Value)[^>]{0,999}>\s{0,99}(?:[^<:\s]{0,99}:)?([A-Za-z]{1,99})\s{0,99}</g,
    ),
  ]
  const code = codes.map(([, name = '']) => name).findLast((name) => FAULT_CODES.has(name))
  return refused(`The token service answered with a fault (${code ?? 'no code of WS-Trust'}).`)
}

/** Of the Conditions of an assertion (SAML 1.1 and 2.0 core, section 2.5.1). */
function notOnOrAfter(markup: string): number | undefined {
  const [, text] =
    /<(?:[^\s>/]{1,99}:)?Conditions\b[^>]{0,999}\bNotOnOrAfter\s{0,99}=\s{0,99}["']([^"']{0,99})/.exec(
      markup,
    ) ?? []
  return text === undefined ? undefined : Date.parse(text)
}

function malformed(error: unknown): unknown {
  return error instanceof XmlError
    ? refused('The token service answered with what is no well-formed XML.')
    : error
}

function refused(message: string): AdapterError {
  return new AdapterError('backend-login', message)
}
