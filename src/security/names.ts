const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-'
const X509_PROFILE = `${WSS}x509-token-profile-1.0#`
const USERNAME_PROFILE = `${WSS}username-token-profile-1.0#`

/** Namespace names of Web Services Security: SOAP Message Security 1.1, section 1.3. */
export const WSSE = `${WSS}wssecurity-secext-1.0.xsd`
export const WSSE_11 = 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd'
export const WSU = `${WSS}wssecurity-utility-1.0.xsd`
export const DS = 'http://www.w3.org/2000/09/xmldsig#'
export const XENC = 'http://www.w3.org/2001/04/xmlenc#'
/** WS-Addressing 1.0, and the submission of August 2004 that older stacks speak. */
export const ADDRESSING: readonly string[] = [
  'http://www.w3.org/2005/08/addressing',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
]
export const SAML: readonly string[] = [
  'urn:oasis:names:tc:SAML:2.0:assertion',
  'urn:oasis:names:tc:SAML:1.0:assertion',
]

export const BASE64 = `${WSS}soap-message-security-1.0#Base64Binary`
export const PASSWORD_TEXT = `${USERNAME_PROFILE}PasswordText`
export const PASSWORD_DIGEST = `${USERNAME_PROFILE}PasswordDigest`
export const X509_V3 = `${X509_PROFILE}X509v3`
export const SUBJECT_KEY_IDENTIFIER = `${X509_PROFILE}X509SubjectKeyIdentifier`
export const THUMBPRINT = 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1'

/** Exclusive XML Canonicalization 1.0, without comments. */
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** The attribute that names an element for a signature (SOAP Message Security 1.1, section 4.2). */
export const WSU_ID = `{${WSU}}Id`
