import { AdapterError } from '../base/errors.js'
import { type SoapDialect } from '../soap/envelope.js'
import { assertionMarkup } from './assertion.js'
import { attributeOf, childElements, type ElementNode, readSignedDocument } from './document.js'
import { type BlockOutline, outline } from './envelope-outline.js'
import { binarySecurityToken, compileKeyReference } from './key-reference.js'
import { element, instant, newId, textElement } from './markup.js'
import { ADDRESSING, WSSE, WSU, WSU_ID } from './names.js'
import { type SignaturePolicy, type SignedPart, type WsSecurityPolicy } from './policy.js'
import { signatureOver, type SigningTarget } from './signature.js'
import { usernameToken } from './username-token.js'

// node-soap's WSSecurityCert signs too, and cannot be used for it. Of its 1.13.0: it finds what to sign by prefixed names
// anywhere, so that an element of the payload called soap:Body is signed as well; it finds </wsse:Security> by
// searching the text, CDATA included; it needs a soap:Header; it knows no reference but the BinarySecurityToken, writes
// a whole certificate file into that, gives the Timestamp ten minutes always, and sends the document as its parser
// wrote it anew. By default its references carry the enveloped-signature transform, which has nothing to do there.

export type Secure = (envelope: string, context: { readonly samlAssertion?: string }) => string

/** Compiles what adds a wsse:Security header (SOAP Message Security 1.1, section 5) to an envelope. */
export function compileSecure(policy: WsSecurityPolicy, dialect: SoapDialect, clock: () => Date): Secure {
  const { timestamp, username, signature, saml } = policy
  const certificate = signature?.reference === 'binary-token' ? signature.key.certificate : undefined
  const reference = signature && compileKeyReference(signature.reference, signature.key.certificate)
  const attributes = headerAttributes(policy, dialect)
  return (envelope, { samlAssertion }) => {
    const now = clock()
    const assertion = saml ? assertionMarkup(samlAssertion) : ''
    const tokenId = newId('X509')
    const content =
      (timestamp ? timestampOf(now, timestamp.ttlSeconds) : '') +
      (certificate ? binarySecurityToken(certificate, tokenId) : '') +
      (username ? usernameToken(username, now) : '') +
      assertion
    try {
      const { insertion, headers, body } = outline(envelope, dialect)
      const header = insertion.before + element('wsse:Security', attributes, content) + insertion.after
      const edits: Edit[] = [{ ...insertion, text: header }]
      if (!signature || !reference) return edited(envelope, edits)
      const parts = new Set(signature.parts)
      if (parts.has('addressing') && !headers.some(({ addressing }) => addressing)) {
        throw new Error('signature.parts has addressing, but the message has no WS-Addressing headers')
      }
      for (const each of headers) {
        if (parts.has('headers') || (parts.has('addressing') && each.addressing)) addId(edits, each, 'H')
      }
      if (parts.has('body')) addId(edits, body, 'B')
      return signed(edited(envelope, edits), signature, reference(tokenId))
    } catch (cause) {
      throw new AdapterError('internal', 'The request could not be secured.', { cause })
    }
  }
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

/** SOAP Message Security 1.1, section 10. */
function timestampOf(now: Date, ttlSeconds: number): string {
  const expires = new Date(now.getTime() + ttlSeconds * 1000)
  return element(
    'wsu:Timestamp',
    { 'wsu:Id': newId('TS') },
    textElement('wsu:Created', {}, instant(now)) + textElement('wsu:Expires', {}, instant(expires)),
  )
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function addId(edits: Edit[], { nameEnd, id }: BlockOutline, prefix: string): void {
  if (id !== undefined) return
  const text = ` wsu:Id="${newId(prefix)}" xmlns:wsu="${WSU}"`
  edits.push({ start: nameEnd, end: nameEnd, text })
}

/** @param edits in any order, none within another */
function edited(text: string, edits: readonly Edit[]): string {
  let result = ''
  let p = 0
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(p, start) + replacement
    p = end
  }
  return result + text.slice(p)
}

/** Signs the envelope as it will be sent, and puts the signature last in its wsse:Security. */
function signed(envelope: string, policy: SignaturePolicy, reference: string): string {
  const [header, body] = childElements(readSignedDocument(envelope).root)
  const [security, ...others] = header ? childElements(header) : []
  if (!security || !body) throw new Error('An envelope of ours has a header and a body')
  const isPart = partChooser(new Set(policy.parts), security, body)
  const targets = [...childElements(security), ...others, body].flatMap((block): SigningTarget[] => {
    const id = attributeOf(block, WSU_ID)
    return id !== undefined && isPart(block) ? [{ element: block, id }] : []
  })
  if (targets.length === 0) throw new Error('Nothing of the message is among signature.parts')
  const at = security.contentEnd
  return envelope.slice(0, at) + signatureOver(targets, reference, policy) + envelope.slice(at)
}

const TOKENS: Readonly<Record<string, SignedPart>> = {
  [`{${WSU}}Timestamp`]: 'timestamp',
  [`{${WSSE}}UsernameToken`]: 'username',
  [`{${WSSE}}BinarySecurityToken`]: 'token',
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
      return parts.has('headers') || (parts.has('addressing') && ADDRESSING.includes(block.namespace))
    }
    const part = TOKENS[block.name]
    return part !== undefined && parts.has(part)
  }
}
