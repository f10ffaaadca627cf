import { AdapterError } from '../../base/errors.js'
import { xmlDeclaration } from '../../xml/prolog.js'
import { XmlError, XmlReader } from '../../xml/reader.js'
import { isBlank, trimXml } from '../../xml/white-space.js'
import { SAML } from '../names.js'
import type { tokenTypes } from '../policy.js'

const MAX_LENGTH = 262_144

/** SAML 2.0 core, section 2.3.4. */
export const ENCRYPTED_ASSERTION = `{${SAML[0] ?? ''}}EncryptedAssertion`

/** What an assertion may be beside one in the clear. */
export interface TakenAssertion {
  /** Whether it may be encrypted: for whom, somebody else has looked. */
  readonly mayBeEncrypted?: boolean
}

/**
 * Checks a SAML assertion that a client or a token service gave and takes it as it stands: a byte changed would break
 * its own signature. (SAML Token Profile 1.1, section 3.)
 *
 * @returns the markup of the element alone
 * @throws AdapterError `request-invalid`
 */
export function assertionMarkup(
  text: string | undefined,
  { mayBeEncrypted = false }: TakenAssertion = {},
): string {
  if (text === undefined || isBlank(text)) throw refused('is missing')
  if (text.length > MAX_LENGTH) throw refused(`has more than ${MAX_LENGTH} characters`)
  try {
    const reader = new XmlReader(text)
    reader.nextElement()
    const isPlain = reader.localName === 'Assertion' && SAML.includes(reader.namespace)
    if (!isPlain && !(mayBeEncrypted && reader.name === ENCRYPTED_ASSERTION)) {
      throw refused('is not a saml:Assertion of SAML 1.1 or 2.0')
    }
    reader.skip()
    reader.end()
    const markup = trimXml(text.slice(xmlDeclaration(text).end))
    if (!markup.startsWith('<') || /^<[!?]|(?:--|\?)>$/.test(markup)) throw refused('must stand alone')
    return markup
  } catch (error) {
    throw error instanceof XmlError ? refused('is not well-formed XML') : error
  }
}

function refused(what: string): AdapterError {
  return new AdapterError('request-invalid', `The SAML assertion of the request ${what}.`)
}

/** What a reference to an assertion needs to know of it. */
export interface AssertionIdentity {
  readonly version: (typeof tokenTypes)[number]
  readonly id: string
}

/** @param markup of an assertion */
export function identityOf(markup: string): AssertionIdentity {
  const reader = new XmlReader(markup)
  reader.nextElement()
  const version = reader.namespace === SAML[0] ? 'saml-2.0' : 'saml-1.1'
  const id = reader.attribute(version === 'saml-2.0' ? 'ID' : 'AssertionID')
  if (id === undefined || id === '') throw refused('has no ID')
  return { version, id }
}
