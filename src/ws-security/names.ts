const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-'
const X509_PROFILE = `${WSS}x509-token-profile-1.0#`
const USERNAME_PROFILE = `${WSS}username-token-profile-1.0#`

/** Namespace names of Web Services Security: SOAP Message Security 1.1, section 1.3. */
export const WSSE = `${WSS}wssecurity-secext-1.0.xsd`
export const WSSE_11 = 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd'
export const WSU = `${WSS}wssecurity-utility-1.0.xsd`
export const DS = 'http://www.w3.org/2000/09/xmldsig#'
/** XML Signature 1.1, section 1.3. */
export const DSIG_11 = 'http://www.w3.org/2009/xmldsig11#'
export const XENC = 'http://www.w3.org/2001/04/xmlenc#'
/** XML Encryption 1.1, section 1.3. */
export const XENC_11 = 'http://www.w3.org/2009/xmlenc11#'
/** WS-Addressing 1.0, and the submission of August 2004 that older stacks speak. */
export const ADDRESSING: readonly string[] = [
  'http://www.w3.org/2005/08/addressing',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
]
export const SAML: readonly string[] = [
  'urn:oasis:names:tc:SAML:2.0:assertion',
  'urn:oasis:names:tc:SAML:1.0:assertion',
]

/** WS-Trust 1.3, section 1.4. */
export const WST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
/** WS-Trust 1.4, section 1.4, for what 1.3 has not. */
export const WST_14 = 'http://docs.oasis-open.org/ws-sx/ws-trust/200802'
export const WSP = 'http://schemas.xmlsoap.org/ws/2004/09/policy'
export const WSA = 'http://www.w3.org/2005/08/addressing'
/** SAML Token Profile 1.1, section 3.3. */
const SAML_11_PROFILE = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#'
export const SAML_TOKEN_TYPES = {
  'saml-2.0': `${SAML_11_PROFILE}SAMLV2.0`,
  'saml-1.1': `${SAML_11_PROFILE}SAMLV1.1`,
} as const
/** ValueTypes of the identifiers of assertions (SAML Token Profile 1.1, section 3.4). */
export const SAML_IDENTIFIERS = {
  'saml-2.0': `${SAML_11_PROFILE}SAMLID`,
  'saml-1.1': 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID',
} as const
/** SOAP Message Security 1.1, section 8.3. */
export const STR_TRANSFORM = `${WSS}soap-message-security-1.0#STR-Transform`

export const BASE64 = `${WSS}soap-message-security-1.0#Base64Binary`
export const PASSWORD_TEXT = `${USERNAME_PROFILE}PasswordText`
export const PASSWORD_DIGEST = `${USERNAME_PROFILE}PasswordDigest`
/** Of a reference to a UsernameToken (UsernameToken Profile 1.1, section 3.1). */
export const USERNAME_TOKEN = `${USERNAME_PROFILE}UsernameToken`
export const X509_V3 = `${X509_PROFILE}X509v3`
/** A path of certificates, and several in no order (X.509 Certificate Token Profile 1.1, section 3.1). */
export const PKI_PATH = `${X509_PROFILE}X509PKIPathv1`
export const PKCS7 = `${X509_PROFILE}PKCS7`
export const SUBJECT_KEY_IDENTIFIER = `${X509_PROFILE}X509SubjectKeyIdentifier`
export const THUMBPRINT = 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1'
/** Of a reference to an xenc:EncryptedKey (SOAP Message Security 1.1, section 7.7). */
export const ENCRYPTED_KEY = 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKey'

/** Of a reference to a key that was sent before, by the hash of its cipher value (SOAP Message Security 1.1, section 7.3). */
export const ENCRYPTED_KEY_SHA1 =
  'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKeySHA1'

/** Exclusive XML Canonicalization 1.0, without comments. */
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** XML Signature 1.1, section 6.6.4. */
export const ENVELOPED = `${DS}enveloped-signature`

/** Canonical XML 1.0 and 1.1, without comments. */
export const INCLUSIVE: readonly string[] = [
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/2006/12/xml-c14n11',
]

const SWA = 'http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#'
/** Transforms of references to attachments (WSS SOAP Messages with Attachments Profile 1.1, section 5.3). */
export const ATTACHMENT_TRANSFORMS = {
  content: `${SWA}Attachment-Content-Signature-Transform`,
  complete: `${SWA}Attachment-Complete-Signature-Transform`,
} as const
export const ATTACHMENT_CIPHERTEXT = `${SWA}Attachment-Ciphertext-Transform`
/** Types of xenc:EncryptedData whose cipher text is an attachment (the same, section 5.5). */
export const ENCRYPTED_ATTACHMENTS = {
  content: `${SWA}Attachment-Content-Only`,
  complete: `${SWA}Attachment-Complete`,
} as const

/** The attribute that names an element for a signature (SOAP Message Security 1.1, section 4.2). */
export const WSU_ID = `{${WSU}}Id`

/** Namespaces of WS-SecureConversation: 1.3, which 1.4 shares, and that of February 2005. */
export const conversationNamespaces = {
  'ws-sc-1.3': 'http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512',
  'ws-sc-2005': 'http://schemas.xmlsoap.org/ws/2005/02/sc',
} as const

export type ConversationVersion = keyof typeof conversationNamespaces
export const conversationVersions = Object.keys(conversationNamespaces) as ConversationVersion[]

/** In Clark notation. */
export const ENCRYPTED_DATA = `{${XENC}}EncryptedData`
/** In Clark notation: a header block that is encrypted (SOAP Message Security 1.1, section 9.4). */
export const ENCRYPTED_HEADER = `{${WSSE_11}}EncryptedHeader`
