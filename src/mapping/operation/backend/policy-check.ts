import type { BackendAnnotation } from '../../../annotation/backend/backend.js'
import type { Diagnostics, SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import type { ConversationVersion } from '../../../ws-security/names.js'
import {
  attachmentParts,
  type EncryptionPolicy,
  type SignaturePolicy,
  type SignedPart,
  type SymmetricPolicy,
} from '../../../ws-security/policy.js'
import type { Binding, Port } from '../../../wsdl/model.js'
import type { Selection } from '../../../wsdl/policy/element-path.js'
import type { Demand, MessagePart } from '../../../wsdl/policy/policy.js'
import { unsupported } from '../../../wsdl/policy/unsupported-assertions.js'
import { selectedBy } from '../../../wsdl/selected-elements.js'

/**
 * Compares a backend with what the policies of its port demand (WS-Policy 1.5, section 3): what is missing is a warning, since
 * not every provider keeps to the policy that it publishes.
 */
export function checkPolicy(
  annotation: BackendAnnotation,
  { name: port, demands, binding }: Port,
  at: SourceLocation,
  diagnostics: Diagnostics,
): void {
  // Its signatures and encryption are of another kind, which is said once.
  const isOther = demands.some(({ kind, assertion }) => kind === 'other' && assertion === 'SymmetricBinding')
  const isSymmetric = demands.some(({ kind }) => kind === 'symmetric')
  const isNameAlone = demands.some(({ assertion }) => assertion === 'NoPassword')
  for (const demand of demands) {
    if (demand.isOptional) continue
    if (isOther && (demand.kind === 'signature' || demand.kind === 'encryption')) continue
    if (isNameAlone && demand.kind === 'username') continue
    const missing =
      isSymmetric && isEndorsing(demand)
        ? endorsementFor(demand, annotation)
        : missingFor(demand, annotation, binding)
    if (missing === undefined) continue
    const message = `The policy of the port ${port} demands ${missing}.`
    diagnostics.warning('policy-unmet', message, at, [{ message: demand.assertion, at: demand.at }])
  }
}

/** Beside a key for each call, who calls shows a key of its own by signing over that. */
function isEndorsing({ assertion, within }: Demand): boolean {
  return assertion === 'X509Token' && (within ?? '').includes('Endorsing')
}

function endorsementFor({ within }: Demand, { security }: BackendAnnotation): string | undefined {
  // The certificate follows the signature, which cannot cover it (WS-SecurityPolicy 1.3, section 8.4).
  if (security?.endorsement && within?.startsWith('Signed')) {
    return unsupported('SignedEndorsingSupportingTokens')
  }
  return security?.symmetric && !security.endorsement
    ? 'a signature with a key of yours over that of the call: give security.endorsement'
    : undefined
}

/** @returns what is demanded and the backend has not, with the key that gives it */
function missingFor(demand: Demand, annotation: BackendAnnotation, binding: Binding): string | undefined {
  const { kind, assertion, selections } = demand
  const { security, addressing, attachments, transport } = annotation
  const credentials = transport?.credentials?.type
  const unless = (isMet: boolean, words: string): string | undefined => (isMet ? undefined : words)
  switch (kind) {
    case 'addressing':
      return unless(addressing !== undefined, 'WS-Addressing: set addressing: true')
    case 'mtom':
      return unless(attachments === 'mtom', 'MTOM: set attachments: mtom')
    case 'username':
      return unless(security?.username !== undefined, 'a UsernameToken: give security.username')
    case 'timestamp':
      return unless(security?.timestamp !== undefined, 'a Timestamp: give security.timestamp')
    case 'signature':
      return unless(security?.signature !== undefined, 'a signature: give security.signature')
    case 'symmetric':
      return unless(security?.symmetric !== undefined, 'a key for each call: give security.symmetric')
    case 'encryption':
      return unless(security?.encryption !== undefined, 'encryption: give security.encryption')
    case 'encrypted-elements':
      return unless(
        security?.encryption !== undefined,
        'encryption of elements: name them in security.encryption.elements',
      )
    case 'issued-token':
      return unless(
        annotation.issuedToken !== undefined,
        'a token of a security token service: give security.issuedToken',
      )
    case 'http-basic':
      return unless(credentials === 'basic', 'HTTP Basic: give credentials of the type basic')
    case 'http-digest':
      return unless(credentials === 'digest', 'HTTP Digest: give credentials of the type digest')
    case 'client-certificate':
      return unless(hasCertificate(transport), 'a client certificate: give tls')
    case 'detail':
      return selections
        ? selectionFor(assertion, { selections, binding }, annotation)
        : detailFor(demand, annotation)
    case 'unknown':
      return `what ${assertion} says, which is not in the WSDL: ask the provider for it`
    case 'other':
      return unsupported(assertion)
  }
}

function hasCertificate(transport: BackendAnnotation['transport']): boolean {
  const { certificate, pkcs12 } = transport?.tls ?? {}
  return certificate !== undefined || pkcs12 !== undefined
}

/** How what is there must be made. What is not there is said of what it belongs to. */
function detailFor(
  { assertion, parts, isOf2005 }: Demand,
  { security }: BackendAnnotation,
): string | undefined {
  const { username, symmetric, signature, encryption, verify } = security ?? {}
  switch (assertion) {
    case 'HashPassword':
      return username?.type === 'text' ? 'a password digest: set security.username.type: digest' : undefined
    case 'RequireDerivedKeys':
    case 'RequireExplicitDerivedKeys':
      return symmetric && derivedKeysFor(symmetric, isOf2005 ? 'ws-sc-2005' : 'ws-sc-1.3')
    case 'RequireImpliedDerivedKeys':
      return unsupported(assertion)
    case 'RequireSignatureConfirmation':
      return verify && !verify.confirmation
        ? 'that responses confirm the signatures of requests: set security.verify.confirmation: true'
        : undefined
    case 'ProtectTokens':
      return signature && sendsToken(signature) && !signature.parts.includes('token')
        ? 'that the token of the signature is signed: add token to security.signature.parts'
        : undefined
    case 'EncryptSignature':
      return encryption && !encryption.parts.includes('signature')
        ? 'an encrypted signature: add signature to security.encryption.parts'
        : undefined
    case 'EncryptBeforeSigning':
      return signature && encryption?.order === 'sign-then-encrypt'
        ? 'encryption before the signature: set security.encryption.order: encrypt-then-sign'
        : undefined
    case 'SignedParts':
      return signature && lacking(parts, signature.parts, 'signed', 'signature')
    case 'EncryptedParts':
      return encryption && lacking(parts, encryption.parts, 'encrypted', 'encryption')
    default:
      return undefined
  }
}

/** Other references name a token that the message does not bring. */
function sendsToken({ reference }: SignaturePolicy): boolean {
  return reference === 'binary-token' || reference === 'symmetric'
}

/** A policy of 2005 goes with WS-SecureConversation of 2005: a backend does not know the namespace of the other version. */
function derivedKeysFor({ derivedKeys }: SymmetricPolicy, version: ConversationVersion): string | undefined {
  if (derivedKeys === undefined) return 'derived keys: set security.symmetric.derivedKeys'
  return derivedKeys === version
    ? undefined
    : `derived keys of another version: set security.symmetric.derivedKeys: ${version}`
}

/** Elements that a policy selects: those that its XPath leads to, and that nobody covers. */
function selectionFor(
  assertion: string,
  { selections, binding }: { readonly selections: readonly Selection[]; readonly binding: Binding },
  { security }: BackendAnnotation,
): string | undefined {
  const { signature, encryption } = security ?? {}
  const isSigned = assertion === 'SignedElements'
  const covers = isSigned ? signature : encryption
  // What is not there is said of what it belongs to.
  if (!covers) return undefined
  for (const { path, xpath } of selections) {
    const selected = path && selectedBy(path, binding)
    if (!selected) {
      if (isSigned || covers.parts.includes('body') || (encryption && isDeep(encryption))) continue
      return `that ${xpath} is encrypted, which is no path to a declared element: name them in security.encryption.elements`
    }
    if (selected.kind === 'part') {
      const missing = lackingPart(selected.part, covers.parts)
      if (missing === undefined) continue
      return `that ${missing} is ${isSigned ? 'signed' : 'encrypted'}: add it to security.${isSigned ? 'signature' : 'encryption'}.parts`
    }
    if (covers.parts.includes('body') || selected.paths.length === 0) continue
    if (isSigned) return 'that body is signed: add it to security.signature.parts'
    const key = assertion === 'EncryptedElements' ? 'elements' : 'contents'
    const named = new Set((encryption?.[key] ?? []).map((each) => each.join('/')))
    const missing = selected.paths.find((each) => !named.has(each))
    if (missing !== undefined) return `that ${missing} is encrypted: add it to security.encryption.${key}`
  }
  return undefined
}

function isDeep({ elements, contents = [] }: EncryptionPolicy): boolean {
  return elements.length > 0 || contents.length > 0
}

function lackingPart(part: string, has: readonly string[]): string | undefined {
  return has.includes(part) || (part === 'addressing' && has.includes('headers')) ? undefined : part
}

function lacking(
  demanded: readonly MessagePart[] = [],
  has: readonly (SignedPart | 'saml' | 'signature')[],
  done: string,
  key: 'signature' | 'encryption',
): string | undefined {
  const covered = new Set<string>(has)
  const isCovered = (part: MessagePart): boolean => {
    if (covered.has(part)) return true
    // Headers are those of WS-Addressing too; of an encrypted part nobody asks how its signature would be made.
    return part === 'addressing'
      ? covered.has('headers')
      : key === 'encryption' && part === 'attachments' && covered.has('complete-attachments')
  }
  const part = demanded.find((each) => !isCovered(each))
  if (part === undefined) return undefined
  const other = attachmentParts.find((each) => each !== part && covered.has(each))
  if (attachmentParts.some((each) => each === part) && other !== undefined) {
    return `that ${part} is ${done}: put it in place of ${other} in security.${key}.parts, or give operations that need it a backend of their own`
  }
  return `that ${part} is ${done}: add it to security.${key}.parts`
}
