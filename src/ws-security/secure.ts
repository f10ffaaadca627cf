import { AdapterError } from '../base/errors.js'
import type { SoapDialect } from '../soap/envelope.js'
import { NoCanonicalForm } from './attachments/mime-fields.js'
import {
  attributeOf,
  childElements,
  type ElementNode,
  readSignedDocument,
  startTagEnd,
} from './document/document.js'
import { type Edit, edited } from './document/edit.js'
import { type BlockOutline, type EnvelopeOutline, outline } from './document/envelope-outline.js'
import { element, newId } from './document/markup.js'
import { compileEncryption } from './encryption/encryption.js'
import { ADDRESSING, SAML, WSSE, WSSE_11, WSU, WSU_ID } from './names.js'
import {
  attachmentCoverage,
  type EndorsementPolicy,
  type SignaturePolicy,
  type SignedPart,
  type WsSecurityPolicy,
} from './policy.js'
import type { SecuredMessage } from './secured-message.js'
import { signatureOver, type SigningTarget, type WrittenSignature } from './signature/writer.js'
import {
  type AssertionIdentity,
  assertionMarkup,
  identityOf,
  type TakenAssertion,
} from './tokens/assertion.js'
import { compileCallKey, type SentMessage } from './tokens/call-key.js'
import type { DerivedKeys } from './tokens/derived-key.js'
import { compileTokens, signedTokens } from './tokens/header.js'
import {
  assertionReference,
  binarySecurityToken,
  compileKeyReference,
  usernameReference,
} from './tokens/key-reference.js'

// node-soap's WSSecurityCert signs too, and cannot be used for it. Of its 1.13.0: it finds what to sign by prefixed names
// anywhere, so that an element of the payload called soap:Body is signed as well; it finds </wsse:Security> by
// searching the text, CDATA included; it needs a soap:Header; it knows no reference but the BinarySecurityToken, writes
// a whole certificate file into that, gives the Timestamp ten minutes always, and sends the document as its parser
// wrote it anew. By default its references carry the enveloped-signature transform, which has nothing to do there.

/** A message of ours, as it is sent. */
export interface SentSecurely extends SecuredMessage {
  /** What its response is verified with. */
  readonly sent: SentMessage
}

export type Secure = (message: SecuredMessage, context: { readonly samlAssertion?: string }) => SentSecurely

/**
 * Compiles what adds a wsse:Security header (SOAP Message Security 1.1, section 5) to an envelope, and protects what travels
 * beside it (WSS SOAP Messages with Attachments Profile 1.1).
 *
 * @param keys that are made of the password of the policy, where its type is `key`
 */
export function compileSecure(
  policy: WsSecurityPolicy,
  dialect: SoapDialect,
  clock: () => Date,
  keys?: DerivedKeys,
): Secure {
  const { signature, endorsement, encryption, symmetric } = policy
  const writeTokens = compileTokens(policy)
  const reference = signature && compileSignatureReference(signature)
  const isNamed = signature?.reference === 'saml' || signature?.parts.includes('saml') === true
  const read = assertionReader(isNamed, { mayBeEncrypted: policy.encryptedSaml === true })
  const encrypt = encryption && compileEncryption(encryption, dialect)
  const isTokenSigned = signature?.parts.includes('token') === true
  const endorse = endorsement && compileEndorsement(endorsement, { isTokenSigned })
  const newCallKey = symmetric && compileCallKey(symmetric)
  const attributes = headerAttributes(policy, dialect)
  return ({ envelope, attachments }, { samlAssertion }) => {
    const tokenId = newId(keys ? 'UT' : 'X509')
    const derivedKey = keys?.current
    const callKey = newCallKey?.()
    const { markup: assertion, identity } = policy.saml === true ? read(samlAssertion) : NO_ASSERTION
    const content = writeTokens({ now: clock(), tokenId, assertion, derivedKey, callKey })
    const tokenReferenceId = newId('STR')
    const tokenReference =
      identity && signature?.parts.includes('saml') ? assertionReference(identity, tokenReferenceId) : ''
    const signatures: Buffer[] = []
    try {
      const { insertion, headers, body } = outline(envelope, dialect)
      const header =
        insertion.before + element('wsse:Security', attributes, content + tokenReference) + insertion.after
      const edits: Edit[] = [{ ...insertion, text: header }]
      if (signature) edits.push(...idsFor(signature, headers, body))
      const plain = edited(envelope, edits)
      const sign = (text: string, beside: SecuredMessage['attachments'], after = ''): string => {
        if (!signature || !reference) return text
        const { markup, at, value } = signatureIn(text, signature, {
          reference: callKey?.signing.reference ?? reference(tokenId, identity),
          secret: callKey?.signing.secret ?? derivedKey?.secret,
          tokenReferenceId,
          attachments: beside,
          id: endorse && newId('SIG'),
        })
        const second = endorse?.(markup)
        signatures.push(value, ...(second ? [second.value] : []))
        return text.slice(0, at) + markup + (second?.markup ?? '') + after + text.slice(at)
      }
      const sent = { key: callKey, signatures }
      if (!encrypt) return { envelope: sign(plain, attachments), attachments, sent }
      if (signature && encryption.order === 'encrypt-then-sign') {
        const { text, key, attachments: beside } = encrypt(plain, attachments, callKey?.encrypting)
        return { envelope: sign(text, beside, key), attachments: beside, sent }
      }
      const text = sign(plain, attachments)
      const { key, ...encrypted } = encrypt(text, attachments, callKey?.encrypting)
      return {
        envelope: withFirst(encrypted.text, key, callKey?.markup),
        attachments: encrypted.attachments,
        sent,
      }
    } catch (cause) {
      if (cause instanceof NoCanonicalForm) {
        throw new AdapterError('request-unencodable', `An attachment cannot be signed: ${cause.message}.`)
      }
      throw new AdapterError('internal', 'The request could not be secured.', { cause })
    }
  }
}

/**
 * Compiles what signs a signature of ours (WS-SecurityPolicy 1.3, section 8.3).
 *
 * @param isTokenSigned whether signatures cover the tokens that they are made with
 * @returns what takes a ds:Signature with an Id, and writes the token and the signature that follow it
 */
function compileEndorsement(
  policy: EndorsementPolicy,
  { isTokenSigned }: { readonly isTokenSigned: boolean },
): (signature: string) => WrittenSignature {
  const { certificate } = policy.key
  const reference = compileKeyReference(policy.reference, certificate)
  return (signature) => {
    const tokenId = newId('X509')
    const token = policy.reference === 'binary-token' ? binarySecurityToken(certificate, tokenId) : ''
    // Of what stands around them in the message the canonical forms have these declarations at most.
    const around = element('wsse:Security', { 'xmlns:wsse': WSSE, 'xmlns:wsu': WSU }, token + signature)
    const targets = childElements(readSignedDocument(around).root).flatMap((target): SigningTarget[] => {
      const id = attributeOf(target, 'Id') ?? (isTokenSigned ? attributeOf(target, WSU_ID) : undefined)
      return id === undefined ? [] : [{ element: target, id }]
    })
    const { markup, value } = signatureOver(targets, { reference: reference(tokenId), policy })
    return { markup: token + markup, value }
  }
}

interface ReadAssertion {
  readonly markup: string
  /** Where something needs to know which assertion it is. */
  readonly identity: AssertionIdentity | undefined
}

const NO_ASSERTION: ReadAssertion = { markup: '', identity: undefined }

/** A token that is kept is the same text in many calls: the last one is not read again. */
function assertionReader(
  isNamed: boolean,
  taken: TakenAssertion,
): (text: string | undefined) => ReadAssertion {
  let last: { readonly text: string; readonly assertion: ReadAssertion } | undefined
  return (text) => {
    if (text !== undefined && last?.text === text) return last.assertion
    const markup = assertionMarkup(text, taken)
    const assertion = { markup, identity: isNamed ? identityOf(markup) : undefined }
    if (text !== undefined) last = { text, assertion }
    return assertion
  }
}

/** What KeyInfo holds, by the name of the token and the assertion of the message. */
function compileSignatureReference(
  policy: SignaturePolicy,
): (tokenId: string, assertion: AssertionIdentity | undefined) => string {
  if (policy.reference === 'username') return usernameReference
  // It changes with each call.
  if (policy.reference === 'symmetric') return () => ''
  if (policy.reference !== 'saml') return compileKeyReference(policy.reference, policy.key.certificate)
  return (_, assertion) => (assertion ? assertionReference(assertion) : '')
}

/** The names by which a signature refers to its parts. */
function idsFor({ parts }: SignaturePolicy, headers: EnvelopeOutline['headers'], body: BlockOutline): Edit[] {
  const asked = new Set(parts)
  if (asked.has('addressing') && !headers.some(({ addressing }) => addressing)) {
    throw new Error('signature.parts has addressing, but the message has no WS-Addressing headers')
  }
  const edits: Edit[] = []
  for (const each of headers) {
    if (asked.has('headers') || (asked.has('addressing') && each.addressing)) addId(edits, each, 'H')
  }
  if (asked.has('body')) addId(edits, body, 'B')
  return edits
}

// Receivers work through the header from front to back (SOAP Message Security 1.1, section 5): what was done last, and is
// to be undone first, stands before what it was done to.

/** @param after markup that must stand before it: the key that it refers to */
function withFirst(envelope: string, markup: string, after?: string): string {
  const start = startTagEnd(envelope, envelope.indexOf('<wsse:Security '))
  const at = after === undefined ? start : envelope.indexOf(after, start) + after.length
  return envelope.slice(0, at) + markup + envelope.slice(at)
}

function headerAttributes(
  { mustUnderstand, actor, saml }: WsSecurityPolicy,
  { version }: SoapDialect,
): Record<string, string | undefined> {
  return {
    'xmlns:wsse': WSSE,
    'xmlns:wsu': WSU,
    // An assertion is taken as it stands: no default namespace of the envelope may change what it says.
    xmlns: saml ? '' : undefined,
    'soap:mustUnderstand': mustUnderstand ? '1' : undefined,
    [version === '1.1' ? 'soap:actor' : 'soap:role']: actor,
  }
}

function addId(edits: Edit[], { nameEnd, id }: BlockOutline, prefix: string): void {
  if (id !== undefined) return
  const text = ` wsu:Id="${newId(prefix)}" xmlns:wsu="${WSU}"`
  edits.push({ start: nameEnd, end: nameEnd, text })
}

/**
 * Makes the signature over an envelope as it will be sent.
 *
 * @returns the signature, and the end of wsse:Security, where it goes
 */
function signatureIn(
  envelope: string,
  policy: SignaturePolicy,
  {
    reference,
    secret,
    tokenReferenceId,
    attachments,
    id: ownId,
  }: {
    readonly reference: string
    /** Where the policy signs with one. */
    readonly secret: Buffer | undefined
    readonly tokenReferenceId: string
    readonly attachments: SecuredMessage['attachments']
    /** Where the signature is signed in turn. */
    readonly id: string | undefined
  },
): WrittenSignature & { readonly at: number } {
  const [header, body] = childElements(readSignedDocument(envelope).root)
  const [security, ...others] = header ? childElements(header) : []
  if (!security || !body) throw new Error('An envelope of ours has a header and a body')
  const isPart = partChooser(new Set(policy.parts), security, body)
  const targets = [...childElements(security), ...others, body].flatMap((block): SigningTarget[] => {
    const id = attributeOf(block, WSU_ID) ?? attributeOf(block, 'Id')
    if (id === tokenReferenceId) {
      const token = childElements(security).find(({ namespace }) => SAML.includes(namespace))
      return token ? [{ element: token, id, isToken: true }] : []
    }
    return id !== undefined && isPart(block) ? [{ element: block, id }] : []
  })
  if (targets.length === 0) throw new Error('Nothing of the message is among signature.parts')
  const coverage = attachmentCoverage(policy.parts)
  const beside = coverage && { attachments, coverage }
  return {
    ...signatureOver(targets, { reference, policy, secret, beside, id: ownId }),
    at: security.contentEnd,
  }
}

function partChooser(
  parts: ReadonlySet<SignedPart>,
  security: ElementNode,
  body: ElementNode,
): (block: ElementNode) => boolean {
  const tokens = new Set(childElements(security))
  return (block) => {
    if (block === body) return parts.has('body')
    if (!tokens.has(block)) {
      if (parts.has('headers')) return true
      // One that is encrypted does not show what it is.
      return parts.has('addressing') && [...ADDRESSING, WSSE_11].includes(block.namespace)
    }
    const part = signedTokens.get(block.name)
    return part !== undefined && parts.has(part)
  }
}
