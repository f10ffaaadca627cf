import { AdapterError } from '../base/errors.js'
import { xmlDeclaration } from '../xml/prolog.js'
import { XmlError, XmlReader } from '../xml/reader.js'
import { isBlank, trimXml } from '../xml/white-space.js'
import { SAML } from './names.js'
import type { tokenTypes } from './policy.js'

const MAX_LENGTH = 262_144

/**
 * Checks a SAML assertion that a client or a token service gave and takes it as it stands: a byte changed would break
 * its own signature. (SAML Token Profile 1.1, section 3.)
 *
 * @returns the markup of the element alone
 * @throws AdapterError `request-invalid`
 */
export function assertionMarkup(text: string | undefined): string {
  if (text === undefined || isBlank(text)) throw refused('is missing')
  if (text.length > MAX_LENGTH) throw refused(`has more than ${MAX_LENGTH} characters`)
  try {
    const reader = new XmlReader(text)
    reader.nextElement()
    if (reader.localName !== 'Assertion' || !SAML.includes(reader.namespace)) {
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
