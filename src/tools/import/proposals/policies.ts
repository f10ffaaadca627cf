import { formatLocation } from '../../../base/diagnostic/diagnostic.js'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import type { Port } from '../../../wsdl/model.js'
import type { Demand, MessagePart } from '../../../wsdl/policy/policy.js'
import { type Selected, selectedBy } from '../../../wsdl/selected-elements.js'
import { type PolicyPoint, policyPoints } from '../summary/policy-points.js'
import { selectionPoints } from '../summary/selection-points.js'
import type { SummaryWriter } from '../summary/summary.js'
import { plainWords } from '../words/names.js'

/**
 * What the policies of a port ask for, as keys of a backend. Secrets, and certificates that only an agreement with the
 * provider brings, are variables, which the summary names.
 */
export function proposals(port: Port, name: string, summary: SummaryWriter): OpenApiObject {
  const { points, keys, variables } = policyOf(port, name)
  for (const { standing, assertion, words, at } of points) {
    const where = `${name} (${assertion}, ${formatLocation(at)})`
    switch (standing) {
      case 'met':
        summary.decide(`The WSDL demands ${words}, which the backend has`, where)
        break
      case 'offered':
        summary.advise(`The WSDL offers ${words}`, where)
        break
      case 'by-hand':
        summary.advise(`The policy of the WSDL asks for ${words}`, where)
        break
      case 'impossible':
        summary.advise(`The policy of the WSDL demands ${words}`, where)
        break
      case 'unknown':
        summary.advise(`The WSDL refers to ${words}`, where)
    }
  }
  if (variables.length > 0) {
    summary.advise(
      `The policy of the WSDL asks for secrets and certificates: set ${variables.join(', ')} (a text, PEM, or a file by NAME_FILE)`,
      name,
    )
  }
  return keys
}

/** What the policies of a port come to. */
export interface PortPolicy {
  readonly points: readonly PolicyPoint[]
  /** Of a backend that does what can be done. */
  readonly keys: OpenApiObject
  /** Names of variables that the keys take secrets and certificates from. */
  readonly variables: readonly string[]
}

/** @param name of the backend, which names of variables begin with */
export function policyOf(port: Port, name: string): PortPolicy {
  const { demands, binding } = port
  const details = new Details(demands, binding)
  const asked = demands.filter(({ kind, isOptional }) => kind !== 'detail' && !isOptional)
  const kinds = possible(asked, details)
  const variables = new Variables(name)
  const security = securityOf(details, kinds, variables)
  const proposed = {
    ...(kinds.has('addressing') && { addressing: true }),
    ...(kinds.has('mtom') && { attachments: 'mtom' }),
    ...(kinds.has('client-certificate') && {
      tls: { certificate: variables.named('TLS_CERTIFICATE'), key: variables.named('TLS_KEY') },
    }),
    ...credentialsOf(kinds, variables),
    ...(Object.keys(security).length > 0 && { security }),
  }
  const points = [...policyPoints(demands, kinds), ...selectionPoints(port)]
  return { points, keys: proposed, variables: variables.used }
}

/**
 * What of the demands is proposed. A key for each call that something else than a certificate protects (SymmetricBinding) is not, nor
 * is CBC without a signature, nor Triple DES, nor a name without a password.
 */
function possible(asked: readonly Demand[], details: Details): ReadonlySet<Demand['kind']> {
  const kinds = new Set(asked.map(({ kind }) => kind))
  const { suite } = details
  if (kinds.has('encrypted-elements') && details.encrypted.length > 0) kinds.add('encryption')
  const isOther = asked.some(({ kind, assertion }) => kind === 'other' && assertion === 'SymmetricBinding')
  if (isOther || details.has('RequireImpliedDerivedKeys')) {
    // What its key would have encrypted nothing else does.
    if (isOther || kinds.has('symmetric')) kinds.delete('encryption')
    kinds.delete('signature')
    kinds.delete('symmetric')
  }
  // Its key signs, whatever parts are named.
  if (kinds.has('symmetric')) kinds.add('signature')
  if (asked.some(({ assertion }) => assertion === 'NoPassword')) kinds.delete('username')
  const isSigned = kinds.has('signature') || suite.endsWith('GCM')
  if (!isSigned || suite.startsWith('TripleDes')) kinds.delete('encryption')
  // Where the XPath of the policy is not a plain one, a person must say which elements they are.
  if (details.encrypted.length === 0 || !kinds.has('encryption')) kinds.delete('encrypted-elements')
  return kinds
}

/** Names of variables that a backend's secrets come from. */
class Variables {
  readonly used: string[] = []
  readonly #prefix: string

  constructor(backend: string) {
    const prefix = plainWords(backend).join('_').toUpperCase()
    this.#prefix = /^\d/.test(prefix) ? `BACKEND_${prefix}` : prefix
  }

  named(name: string): string {
    const variable = `${this.#prefix}_${name}`
    if (!this.used.includes(variable)) this.used.push(variable)
    return `\${${variable}}`
  }
}

/** Demands of one port as questions. */
class Details {
  constructor(
    readonly demands: readonly Demand[],
    readonly binding: Port['binding'],
  ) {}

  /** What elements that a policy selects come to, those left out that it selects in a way of its own. */
  selected(
    assertion: 'SignedElements' | 'EncryptedElements' | 'ContentEncryptedElements',
  ): readonly Selected[] {
    return this.demands
      .filter((each) => each.assertion === assertion && !each.isOptional)
      .flatMap(({ selections = [] }) => selections)
      .flatMap(({ path }) => (path && selectedBy(path, this.binding)) ?? [])
  }

  /** What of requests is to be encrypted. */
  get encrypted(): readonly Selected[] {
    return [...this.selected('EncryptedElements'), ...this.selected('ContentEncryptedElements')].filter(
      (each) => each.kind === 'part' || each.paths.length > 0,
    )
  }

  has(assertion: string, within?: RegExp): boolean {
    return this.demands.some(
      (each) =>
        each.kind === 'detail' && each.assertion === assertion && (!within || within.test(each.within ?? '')),
    )
  }

  find(assertion: string): Demand | undefined {
    return this.demands.find((each) => each.kind === 'detail' && each.assertion === assertion)
  }

  parts(assertion: string): readonly MessagePart[] {
    return this.find(assertion)?.parts ?? []
  }

  isWithin(kind: Demand['kind'], within: RegExp): boolean {
    return this.demands.some((each) => each.kind === kind && within.test(each.within ?? ''))
  }

  /** Of an AlgorithmSuite (WS-SecurityPolicy 1.3, section 6.1). */
  get suite(): string {
    const found = this.demands.find(({ kind, assertion }) => kind === 'detail' && SUITE.test(assertion))
    return found?.assertion ?? 'Basic256Sha256'
  }

  reference(token: RegExp, otherwise: string): string {
    if (this.has('RequireThumbprintReference', token)) return 'thumbprint'
    if (this.has('RequireIssuerSerialReference', token)) return 'issuer-serial'
    if (this.has('RequireKeyIdentifierReference', token)) return 'subject-key-identifier'
    return otherwise
  }
}

const SUITE = /^(?:Basic|TripleDes)/

function securityOf(
  details: Details,
  kinds: ReadonlySet<Demand['kind']>,
  variables: Variables,
): OpenApiObject {
  const isEncrypted = kinds.has('encryption')
  if (kinds.has('symmetric')) return symmetricOf(details, kinds, variables)
  const pair = (): OpenApiObject => ({
    key: variables.named('KEY'),
    certificate: variables.named('CERTIFICATE'),
  })
  return {
    ...(kinds.has('timestamp') && { timestamp: {} }),
    ...(kinds.has('username') && { username: usernameOf(details, variables) }),
    ...(kinds.has('issued-token') && { issuedToken: issuedTokenOf(details.demands, kinds, variables) }),
    ...(kinds.has('signature') && { signature: { ...pair(), ...signatureOf(details, kinds) } }),
    ...(isEncrypted && {
      encryption: { certificate: variables.named('BACKEND_CERTIFICATE'), ...encryptionOf(details, kinds) },
      decryption: { ...pair(), ...decryptionOf(details) },
    }),
    ...(kinds.has('signature') && { verify: verifyOf(details, variables) }),
  }
}

/** What signs and encrypts is the key of the call; a key of ours signs over that, where the policy asks for one. */
function symmetricOf(
  details: Details,
  kinds: ReadonlySet<Demand['kind']>,
  variables: Variables,
): OpenApiObject {
  const isSha256 = /Sha256|GCM/.test(details.suite)
  const { parts, reference } = signatureOf(details, kinds)
  const signed: unknown[] = Array.isArray(parts) ? parts.filter((part) => part !== 'token') : []
  const derived = details.find('RequireDerivedKeys') ?? details.find('RequireExplicitDerivedKeys')
  return {
    ...(kinds.has('timestamp') && { timestamp: {} }),
    ...(kinds.has('username') && { username: usernameOf(details, variables) }),
    ...(kinds.has('issued-token') && { issuedToken: issuedTokenOf(details.demands, kinds, variables) }),
    symmetric: {
      certificate: variables.named('BACKEND_CERTIFICATE'),
      reference: details.reference(/^ProtectionToken/, 'thumbprint'),
      keyTransport: transportOf(details),
      ...(derived && { derivedKeys: derived.isOf2005 ? 'ws-sc-2005' : 'ws-sc-1.3' }),
    },
    signature: {
      ...(!isSha256 && { algorithm: 'hmac-sha1', digest: 'sha1' }),
      parts: [...signed, ...(details.has('ProtectTokens') ? ['token'] : [])],
    },
    ...(details.has('X509Token', /Endorsing/) && {
      endorsement: {
        ...{ key: variables.named('KEY'), certificate: variables.named('CERTIFICATE') },
        ...(reference !== undefined && { reference }),
        ...(!isSha256 && { algorithm: 'rsa-sha1', digest: 'sha1' }),
      },
    }),
    ...(kinds.has('encryption') && {
      encryption: without(encryptionOf(details, kinds), 'reference', 'keyTransport'),
      decryption: without(decryptionOf(details), 'keyTransports'),
    }),
    // The key of the call says which response it is: one without a Timestamp cannot be an old one.
    verify: verifiedOf(details, kinds.has('timestamp') ? USUAL : ['body']),
  }
}

function without(values: OpenApiObject, ...keys: readonly string[]): OpenApiObject {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)))
}

function credentialsOf(kinds: ReadonlySet<Demand['kind']>, variables: Variables): OpenApiObject {
  const type = kinds.has('http-basic') ? 'basic' : kinds.has('http-digest') ? 'digest' : undefined
  if (type === undefined) return {}
  return {
    credentials: { type, username: variables.named('USER'), password: variables.named('PASSWORD') },
  }
}

function issuedTokenOf(
  demands: readonly Demand[],
  kinds: ReadonlySet<Demand['kind']>,
  variables: Variables,
): OpenApiObject {
  const { issuer, type, key } = demands.find(({ kind }) => kind === 'issued-token')?.token ?? {}
  const endpoint = variables.named('STS_URL')
  return {
    endpoint: issuer === undefined ? endpoint : endpoint.replace('}', `:-${issuer}}`),
    ...(type && { tokenType: type }),
    ...(key === 'public-key' && kinds.has('signature') && { keyType: key }),
    security: {
      username: {
        name: variables.named('STS_USER'),
        password: variables.named('STS_PASSWORD'),
        type: 'text',
      },
    },
  }
}

function usernameOf(details: Details, variables: Variables): OpenApiObject {
  const type = details.has('HashPassword') ? 'digest' : 'text'
  const nonce = type === 'text' && (details.has('Nonce') || details.has('Created'))
  return {
    name: variables.named('USER'),
    password: variables.named('PASSWORD'),
    type,
    ...(nonce && { nonce: true }),
  }
}

function signatureOf(details: Details, kinds: ReadonlySet<Demand['kind']>): OpenApiObject {
  const isSha256 = /Sha256|GCM/.test(details.suite)
  const selected = details.selected('SignedElements')
  const isPart = partsOf(selected)
  const covered = new Set<string>([...details.parts('SignedParts'), ...isPart])
  // CBC is only taken where the body is signed, and elements of the body are signed with it.
  const isCbc = kinds.has('encryption') && cipherOf(details).endsWith('cbc')
  const isBody = covered.has('body') || isCbc || selected.some(({ kind }) => kind === 'elements')
  const parts = [
    ...(isBody ? ['body'] : []),
    ...(kinds.has('timestamp') ? ['timestamp'] : []),
    ...(kinds.has('username') && (isPart.has('username') || details.isWithin('username', /^Signed/))
      ? ['username']
      : []),
    ...(covered.has('headers')
      ? ['headers']
      : covered.has('addressing') && kinds.has('addressing')
        ? ['addressing']
        : []),
  ]
  // A message without attachments would have nothing to sign.
  if (parts.length === 0) parts.push('body')
  parts.push(...signedAttachments(details))
  const reference = details.reference(/^Initiator|Endorsing/, 'binary-token')
  if (details.has('ProtectTokens') && reference === 'binary-token') parts.push('token')
  return {
    ...(reference !== 'binary-token' && { reference }),
    ...(!isSha256 && { algorithm: 'rsa-sha1', digest: 'sha1' }),
    parts,
  }
}

function partsOf(selected: readonly Selected[]): ReadonlySet<string> {
  return new Set(selected.flatMap((each) => (each.kind === 'part' ? [each.part] : [])))
}

function pathsOf(selected: readonly Selected[]): readonly string[] {
  return [...new Set(selected.flatMap((each) => (each.kind === 'elements' ? each.paths : [])))]
}

/** Those that are encrypted with CBC are signed in any case. */
function signedAttachments(details: Details): readonly MessagePart[] {
  const signed = attachmentsIn(details.parts('SignedParts'))
  const isCbc = cipherOf(details).endsWith('cbc')
  return signed.length === 0 && isCbc && attachmentsIn(details.parts('EncryptedParts')).length > 0
    ? ['attachments']
    : signed
}

/** A backend protects attachments in one way: where policies of a port differ, with their header fields. */
function attachmentsIn(parts: readonly MessagePart[]): readonly MessagePart[] {
  const asked = (['complete-attachments', 'attachments'] as const).find((part) => parts.includes(part))
  return asked ? [asked] : []
}

function verifyOf(details: Details, variables: Variables): OpenApiObject {
  return { trust: variables.named('TRUST'), ...verifiedOf(details) }
}

/** What is signed of responses, where the contract does not say. */
const USUAL: readonly string[] = ['body', 'timestamp']

/** What responses must be, whoever signs them. */
function verifiedOf(details: Details, asked = USUAL): OpenApiObject {
  const beside = signedAttachments(details)
  return {
    ...((beside.length > 0 || asked !== USUAL) && { parts: [...asked, ...beside] }),
    ...(!/Sha256|GCM/.test(details.suite) && { sha1: true }),
    ...(details.has('RequireSignatureConfirmation') && { confirmation: true }),
  }
}

function encryptionOf(details: Details, kinds: ReadonlySet<Demand['kind']>): OpenApiObject {
  const whole = details.selected('EncryptedElements')
  const content = details.selected('ContentEncryptedElements')
  const isPart = partsOf([...whole, ...content])
  const covered = new Set<string>([...details.parts('EncryptedParts'), ...isPart])
  const isBody = covered.has('body')
  const parts = [
    ...(isBody ? ['body'] : []),
    ...(covered.has('headers') || covered.has('addressing') ? ['headers'] : []),
    ...(kinds.has('username') && (isPart.has('username') || details.isWithin('username', /Encrypted/))
      ? ['username']
      : []),
    ...(kinds.has('signature') && (isPart.has('signature') || details.has('EncryptSignature'))
      ? ['signature']
      : []),
    ...attachmentsIn(details.parts('EncryptedParts')),
  ]
  const elements = isBody ? [] : pathsOf(whole)
  const contents = isBody ? [] : pathsOf(content)
  const isDeep = elements.length > 0 || contents.length > 0
  const isInHeader = parts.includes('signature') || parts.includes('username')
  const isAfter = details.has('EncryptBeforeSigning') && kinds.has('signature') && !isInHeader
  return {
    reference: details.reference(/^Recipient/, 'issuer-serial'),
    algorithm: cipherOf(details),
    keyTransport: transportOf(details),
    ...((parts.length > 0 || !isDeep) && { parts: parts.length > 0 ? parts : ['body'] }),
    ...(elements.length > 0 && { elements }),
    ...(contents.length > 0 && { contents }),
    ...(isAfter && { order: 'encrypt-then-sign' }),
  }
}

function decryptionOf(details: Details): OpenApiObject {
  const covered = details.parts('EncryptedParts')
  const isBody = covered.includes('body') || partsOf(details.encrypted).has('body')
  const beside = attachmentsIn(covered)
  // Elements that are encrypted are decrypted wherever they come; that they must be cannot be asked.
  const otherwise = covered.length > 0 && beside.length === 0 ? ['headers'] : []
  const parts = [...(isBody ? ['body'] : otherwise), ...beside]
  return {
    algorithms: [cipherOf(details)],
    keyTransports: [transportOf(details)],
    ...((!isBody || beside.length > 0) && { parts }),
  }
}

/** All suites but those of Apache CXF have CBC (WS-SecurityPolicy 1.3, section 6.1). */
function cipherOf({ suite }: Details): string {
  const bits = /\d+/.exec(suite)?.[0] ?? '256'
  return `aes${bits}-${suite.endsWith('GCM') ? 'gcm' : 'cbc'}`
}

function transportOf({ suite }: Details): string {
  return suite.endsWith('Rsa15') ? 'rsa-1_5' : 'rsa-oaep-mgf1p'
}

/** A document without what needs secrets, so that it can be tried where there are none. */
export function withoutSecrets(document: OpenApiObject): OpenApiObject {
  const backends = document['x-soap-backends']
  const tried = Object.entries(backends ?? {}).map(([name, backend]) => {
    const kept = Object.entries(backend as OpenApiObject)
      .filter(([key]) => !['security', 'tls', 'credentials'].includes(key))
      .map(([key, value]) => {
        if (key === 'session') return [key, filled(value)] as const
        return [key, key === 'receive' ? { open: true } : value] as const
      })
    return [name, Object.fromEntries(kept)]
  })
  return {
    ...document,
    'x-soap-backends': Object.fromEntries(tried) as OpenApiObject,
    ...(isObject(document.paths) && {
      paths: mapValues(document.paths, (item) => mapValues(item, triedOperation)),
    }),
  }
}

function triedOperation(operation: unknown): unknown {
  if (!isObject(operation)) return operation
  const mapped = operation['x-soap']
  if (!isObject(mapped)) return operation
  const { oneOf } = mapped
  const alternatives = Array.isArray(oneOf) && { oneOf: oneOf.map(triedMapping) }
  return { ...operation, 'x-soap': { ...triedMapping(mapped), ...alternatives } }
}

function triedMapping<T>(mapping: T): T {
  return isObject(mapping) && isObject(mapping.request)
    ? { ...mapping, request: filled(mapping.request) }
    : mapping
}

/** Variables without a default as a text that numbers take too. */
function filled(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\$\{\w+\}/g, '1')
  return isObject(value) ? mapValues(value, filled) : value
}

function mapValues(value: unknown, change: (value: unknown) => unknown): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]))
}
