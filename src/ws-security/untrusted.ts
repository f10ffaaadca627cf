import { AdapterError } from '../base/errors.js'

/**
 * A response that is not believed. The message names what was asked for and what is wrong, never a value of the response.
 *
 * @param what begins with a capital, ends without a full stop
 * @param path by local names, as all paths into answers
 */
export function untrusted(what: string, path = SECURITY): AdapterError {
  return new AdapterError('backend-untrusted', `${what}.`, { path })
}

/** An element that has not the children, attributes or text that the schema of its specification gives it. */
export function notOfSchema(localName: string, path: string): AdapterError {
  return untrusted(`${localName} is not as its schema says`, path)
}

export const HEADER = '/Envelope/Header'
export const SECURITY = `${HEADER}/Security`
export const SIGNATURE = `${SECURITY}/Signature`
export const ASSERTION = `${SECURITY}/Assertion`
export const USERNAME = `${SECURITY}/UsernameToken`
export const TIMESTAMP = `${SECURITY}/Timestamp`
/** What travels beside the envelope has no path within it. */
export const ATTACHMENT = '/Attachment'
export const BODY = '/Envelope/Body'
export const ENCRYPTED_KEY_PATH = `${SECURITY}/EncryptedKey`
export const DERIVED_KEY = `${SECURITY}/DerivedKeyToken`
export const CONFIRMATION = `${SECURITY}/SignatureConfirmation`
