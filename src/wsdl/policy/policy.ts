import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import { trimXml, xmlWords } from '../../xml/white-space.js'
import { readElementPath, type Selection } from './element-path.js'

/** What a WS-Policy assertion, or wsaw:UsingAddressing, asks of clients. */
export interface Demand {
  readonly kind:
    | 'addressing'
    | 'mtom'
    | 'username'
    | 'timestamp'
    | 'signature'
    /** SymmetricBinding with a certificate as ProtectionToken: each call has a key of its own. */
    | 'symmetric'
    | 'encryption'
    | 'encrypted-elements'
    | 'issued-token'
    | 'client-certificate'
    | 'http-basic'
    | 'http-digest'
    /** How another demand is to be met. */
    | 'detail'
    | 'other'
    /** What a policy that the WSDL refers to and does not hold asks for. */
    | 'unknown'
  /** Local name of the assertion; of an unknown policy, what the reference calls it. */
  readonly assertion: string
  /** Of SignedParts and EncryptedParts. */
  readonly parts?: readonly MessagePart[]
  /** Of SignedElements, EncryptedElements and ContentEncryptedElements. */
  readonly selections?: readonly Selection[]
  /** Of IssuedToken. */
  readonly token?: TokenDemand
  /** Whether it is written as the submission of July 2005 (WS-SecurityPolicy 1.1) has it, which goes with other versions of WS-Trust. */
  readonly isOf2005?: boolean
  /** Which of the tokens of a binding, or which supporting tokens, it stands in: `InitiatorToken`. */
  readonly within?: string
  readonly isOptional: boolean
  readonly at: SourceLocation
}

/** What token a service asks for, as far as the policy says so (WS-SecurityPolicy 1.3, section 5.4.2). */
export interface TokenDemand {
  /** Address of the security token service. */
  readonly issuer?: string
  readonly type?: 'saml-1.1' | 'saml-2.0'
  readonly key?: 'bearer' | 'public-key'
}

/** `attachments` are their contents, `complete-attachments` their header fields as well. */
export type MessagePart = 'body' | 'addressing' | 'headers' | 'attachments' | 'complete-attachments'

/** Policies within policies, by references too; what lies deeper is not read. */
const MAX_DEPTH = 200

const wsp = new Set([
  'http://schemas.xmlsoap.org/ws/2004/09/policy',
  'http://www.w3.org/2006/07/ws-policy',
  'http://www.w3.org/ns/ws-policy',
])
const WSU_ID = '{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id'

const SUBMISSION = 'http://schemas.xmlsoap.org/ws/2005/07/securitypolicy'

const kinds: Readonly<Record<string, Demand['kind']>> = {
  UsingAddressing: 'addressing',
  Addressing: 'addressing',
  OptimizedMimeSerialization: 'mtom',
  MTOM: 'mtom',
  UsernameToken: 'username',
  IncludeTimestamp: 'timestamp',
  AsymmetricBinding: 'signature',
  SignedParts: 'signature',
  SignedElements: 'signature',
  EndorsingSupportingTokens: 'signature',
  RequireClientCertificate: 'client-certificate',
  EncryptedParts: 'encryption',
  SymmetricBinding: 'other',
  EncryptedElements: 'encrypted-elements',
  ContentEncryptedElements: 'encrypted-elements',
  IssuedToken: 'issued-token',
  KerberosToken: 'other',
  SecureConversationToken: 'other',
  SpnegoContextToken: 'other',
  NoPassword: 'other',
  RMAssertion: 'other',
  ATAssertion: 'other',
  NegotiateAuthentication: 'other',
  NtlmAuthentication: 'other',
  BasicAuthentication: 'http-basic',
  DigestAuthentication: 'http-digest',
}

/** What says how a token, a signature or encryption is to be made (WS-SecurityPolicy 1.3, sections 5 to 8). */
const details = new Set([
  ...['HashPassword', 'Nonce', 'Created'],
  ...['RequireThumbprintReference', 'RequireIssuerSerialReference', 'RequireKeyIdentifierReference'],
  ...['EncryptSignature', 'EncryptBeforeSigning', 'ProtectTokens', 'SamlToken', 'X509Token'],
  ...['RequireDerivedKeys', 'RequireExplicitDerivedKeys', 'RequireImpliedDerivedKeys'],
  ...['RequireSignatureConfirmation', 'OnlySignEntireHeadersAndBody'],
  ...['Basic256', 'Basic192', 'Basic128', 'TripleDes'].flatMap((suite) =>
    ['', 'Rsa15', 'Sha256', 'Sha256Rsa15', 'GCM'].map((variant) => suite + variant),
  ),
])

/** What tokens and their details stand in. */
const contexts = new Set([
  ...['ProtectionToken', 'EncryptionToken', 'SignatureToken'],
  ...['InitiatorToken', 'InitiatorSignatureToken', 'InitiatorEncryptionToken'],
  ...['RecipientToken', 'RecipientSignatureToken', 'RecipientEncryptionToken'],
  ...['', 'Signed', 'Endorsing', 'SignedEndorsing', 'Encrypted', 'SignedEncrypted', 'EndorsingEncrypted']
    .concat('SignedEndorsingEncrypted')
    .map((kind) => `${kind}SupportingTokens`),
])

const addressing = new Set([
  'http://www.w3.org/2005/08/addressing',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
])

/** The policies of a WSDL by what references call them. */
export class Policies {
  readonly #byId = new Map<string, XmlElement>()
  /** Each node is read once, however many refer to it; one that is being read asks for nothing of itself. */
  readonly #known = new Map<XmlElement, readonly Demand[]>()

  /** Adds the policies that stand in a WSDL, wherever they do. */
  add(root: XmlElement): void {
    const pending = [root]
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (isPolicy(node, 'Policy')) {
        const id = node.attributes.get(WSU_ID) ?? attributeOf(node, 'Id')
        if (id !== undefined) this.#byId.set(`#${trimXml(id)}`, node)
        const name = attributeOf(node, 'Name')
        if (name !== undefined) this.#byId.set(trimXml(name), node)
      } else for (const child of node.children) pending.push(child)
    }
  }

  /**
   * What is asked for at subjects of a WSDL (WS-Policy 1.5 – Attachment, 4): the first of several alternatives that asks
   * for nothing that we cannot do, else the first.
   */
  demandsOf(subjects: readonly XmlElement[]): readonly Demand[] {
    return strictest(
      subjects.flatMap((subject) => [
        ...subject.children.flatMap((child) => this.#read(child, 0)),
        ...[...new Set(xmlWords(policyUris(subject)))].flatMap((uri) => this.#named(uri, subject.at, 0)),
      ]),
    )
  }

  #named(uri: string, at: SourceLocation, depth: number): readonly Demand[] {
    const policy = this.#byId.get(uri)
    return policy ? this.#read(policy, depth) : [{ kind: 'unknown', assertion: uri, isOptional: false, at }]
  }

  #read(node: XmlElement, depth: number): readonly Demand[] {
    const known = this.#known.get(node)
    if (known) return known
    if (depth > MAX_DEPTH) return []
    this.#known.set(node, [])
    const demands = strictest(this.#demandsIn(node, depth + 1))
    this.#known.set(node, demands)
    return demands
  }

  #demandsIn(node: XmlElement, depth: number): readonly Demand[] {
    if (isPolicy(node, 'PolicyReference')) {
      return this.#named(trimXml(attributeOf(node, 'URI') ?? ''), node.at, depth)
    }
    const { localName } = node.name
    const kind = Object.hasOwn(kinds, localName) ? kinds[localName] : undefined
    // An empty list of parts asks for nothing; of UsernameToken's own children nothing is asked twice.
    const own: Demand[] = []
    if (kind === 'issued-token') own.push(issuedToken(node))
    else if (kind !== undefined) own.push({ kind, assertion: localName, isOptional: false, at: node.at })
    const detail = detailOf(node)
    if (detail) own.push(detail)
    const inside = isPolicy(node, 'ExactlyOne')
      ? this.#alternative(node, depth)
      : isPolicy(node, 'Policy') || isPolicy(node, 'All') || isAssertion(node)
        ? node.children.flatMap((child) => this.#read(child, depth))
        : []
    const found = localName === 'SymmetricBinding' && isProtectedByCertificate(inside) ? symmetric(own) : own
    const demands = [
      ...found,
      ...(contexts.has(localName) ? inside.map((each) => ({ within: localName, ...each })) : inside),
    ]
    return isMarkedOptional(node) ? demands.map((demand) => ({ ...demand, isOptional: true })) : demands
  }

  #alternative(node: XmlElement, depth: number): readonly Demand[] {
    const alternatives = node.children.map((child) => this.#read(child, depth))
    const [first = []] = alternatives
    const isPossible = ({ kind }: Demand): boolean => kind !== 'other' && kind !== 'unknown'
    return alternatives.find((demands) => demands.every(isPossible)) ?? first
  }
}

/** WS-SecurityPolicy 1.3, section 7.4: nothing else that the key of a call could rest on is known here. */
function isProtectedByCertificate(inside: readonly Demand[]): boolean {
  return (
    inside.some(({ assertion, within }) => assertion === 'X509Token' && within === 'ProtectionToken') &&
    inside.every(({ kind, assertion, within }) => {
      const isProtection = within !== undefined && PROTECTION.has(within)
      return !(isProtection && kind !== 'detail') && assertion !== 'SecureConversationToken'
    })
  )
}

const PROTECTION = new Set(['ProtectionToken', 'EncryptionToken', 'SignatureToken'])

function symmetric(own: readonly Demand[]): readonly Demand[] {
  return own.map((each) => (each.kind === 'other' ? { ...each, kind: 'symmetric' as const } : each))
}

/** A token with a key that only the service and the backend know is none that soapstone can show. */
function issuedToken(node: XmlElement): Demand {
  const found = new Map<string, string>()
  const pending = [...node.children]
  for (let next = pending.pop(); next; next = pending.pop()) {
    pending.push(...next.children)
    const text = trimXml(next.content.filter((each) => typeof each === 'string').join(''))
    if (['Address', 'TokenType', 'KeyType'].includes(next.name.localName))
      found.set(next.name.localName, text)
  }
  const { Address: issuer, TokenType: type = '', KeyType: key = '' } = Object.fromEntries(found)
  return {
    kind: key.endsWith('/SymmetricKey') ? 'other' : 'issued-token',
    assertion: node.name.localName,
    isOptional: false,
    at: node.at,
    token: {
      ...(issuer !== undefined && /^https?:/.test(issuer) && { issuer }),
      ...(/SAMLV?2/i.test(type) && { type: 'saml-2.0' }),
      ...(/SAMLV?1|SAML:1\.1/i.test(type) && { type: 'saml-1.1' }),
      ...(key.endsWith('/Bearer') && { key: 'bearer' }),
      ...(key.endsWith('/PublicKey') && { key: 'public-key' }),
    },
  }
}

function detailOf(node: XmlElement): Demand | undefined {
  const { localName: assertion } = node.name
  const isOf2005 = node.name.namespace === SUBMISSION
  const demand = {
    kind: 'detail',
    assertion,
    isOptional: false,
    at: node.at,
    ...(isOf2005 && { isOf2005 }),
  } as const
  if (details.has(assertion)) return demand
  if (selecting.has(assertion)) return { ...demand, selections: selectionsOf(node) }
  return assertion === 'SignedParts' || assertion === 'EncryptedParts'
    ? { ...demand, parts: partsOf(node) }
    : undefined
}

const selecting = new Set(['SignedElements', 'EncryptedElements', 'ContentEncryptedElements'])

/** WS-SecurityPolicy 1.3, sections 4.1.2, 4.2.2 and 4.2.3. */
function selectionsOf({ children }: XmlElement): Selection[] {
  return children
    .filter(({ name }) => name.localName === 'XPath' || name.localName === 'XPath2')
    .map(({ content, namespaces, name }) => {
      const xpath = trimXml(content.filter((each) => typeof each === 'string').join(''))
      // XPath2 filters what another has selected (XML-Signature XPath Filter 2.0).
      return { xpath, path: name.localName === 'XPath' ? readElementPath(xpath, namespaces) : undefined }
    })
}

/** WS-SecurityPolicy 1.3, section 4.1.1: none means the body and all headers. */
function partsOf({ children }: XmlElement): MessagePart[] {
  if (children.length === 0) return ['body', 'headers']
  return children.flatMap(({ name, attributes, children: within }): MessagePart[] => {
    if (name.localName === 'Body') return ['body']
    if (name.localName === 'Attachments') {
      // Without a transform it is the complete one, as Apache CXF has it, too.
      const isContent = within.some((each) => each.name.localName === 'ContentSignatureTransform')
      return [isContent ? 'attachments' : 'complete-attachments']
    }
    if (name.localName !== 'Header') return []
    return [addressing.has(trimXml(attributes.get('Namespace') ?? '')) ? 'addressing' : 'headers']
  })
}

/** Each demand once: not optional, if one place says so. */
function strictest(found: readonly Demand[]): readonly Demand[] {
  const byKey = new Map<string, Demand>()
  for (const demand of found) {
    const isNamed = ['other', 'detail', 'unknown'].includes(demand.kind)
    const key = `${demand.kind} ${isNamed ? demand.assertion : ''} ${demand.within ?? ''}`
    const known = byKey.get(key)
    const parts = [...new Set([...(known?.parts ?? []), ...(demand.parts ?? [])])]
    const strict = !known || (known.isOptional && !demand.isOptional) ? demand : known
    const selections = [...(known?.selections ?? []), ...(demand.selections ?? [])].filter(
      ({ xpath }, index, all) => all.findIndex((each) => each.xpath === xpath) === index,
    )
    byKey.set(key, {
      ...strict,
      ...(parts.length > 0 && { parts }),
      ...(selections.length > 0 && { selections }),
    })
  }
  return contradicted([...byKey.values()])
}

/**
 * Encryption before the signature leaves the signature, and what stands beside it, in the clear (WS-SecurityPolicy 1.3, sections 6.3 and
 * 6.4): where a policy wants that encrypted too, a message is encrypted twice, which is not done here.
 */
function contradicted(demands: readonly Demand[]): readonly Demand[] {
  const isInHeader = demands.some(
    ({ kind, assertion, within = '', isOptional }) =>
      !isOptional &&
      (assertion === 'EncryptSignature' || (kind === 'username' && within.includes('Encrypted'))),
  )
  if (!isInHeader) return demands
  return demands.map((each) =>
    each.assertion === 'EncryptBeforeSigning' ? { ...each, kind: 'other' as const } : each,
  )
}

function isPolicy(node: XmlElement, localName: string): boolean {
  return node.name.localName === localName && wsp.has(node.name.namespace)
}

/** Neither WSDL nor its extensions for SOAP: what stands at a subject without a policy around it, or within one. */
function isAssertion({ name }: XmlElement): boolean {
  return !name.namespace.startsWith('http://schemas.xmlsoap.org/wsdl/')
}

function isMarkedOptional(node: XmlElement): boolean {
  const required = node.attributes.get('{http://schemas.xmlsoap.org/wsdl/}required')
  if (node.name.localName === 'UsingAddressing' && required !== undefined) return !isTrue(required)
  for (const namespace of wsp) {
    const marked = node.attributes.get(`{${namespace}}Optional`)
    if (marked !== undefined) return isTrue(marked)
  }
  return node.name.localName === 'UsingAddressing'
}

function isTrue(lexical: string): boolean {
  const value = trimXml(lexical)
  return value === 'true' || value === '1'
}

function policyUris(subject: XmlElement): string {
  for (const namespace of wsp) {
    const uris = subject.attributes.get(`{${namespace}}PolicyURIs`)
    if (uris !== undefined) return uris
  }
  return ''
}
