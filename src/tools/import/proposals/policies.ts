import { formatLocation } from '../../../base/diagnostic.js'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import type { Port } from '../../../wsdl/model.js'
import type { Demand, MessagePart } from '../../../wsdl/policy.js'
import { type PolicyPoint, policyPoints } from '../summary/policy-points.js'
import type { SummaryWriter } from '../summary/summary.js'
import { plainWords } from '../words/names.js'

/**
 * What the policies of a port ask for, as keys of a backend. Secrets, and certificates that only an agreement with the
 * provider brings, are variables, which the summary names.
 */
export function proposals(port: Port, name: string, summary: SummaryWriter): OpenApiObject {
  const { demands } = port
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
  const partsBeside = demands.filter(({ parts }) => parts?.includes('attachments'))
  for (const { assertion, at } of partsBeside) {
    summary.advise(
      'The policy of the WSDL asks for attachments to be protected, which soapstone cannot do; ask the provider for a port without',
      `${name} (${assertion}, ${formatLocation(at)})`,
    )
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
export function policyOf({ demands }: Port, name: string): PortPolicy {
  const asked = demands.filter(({ kind, isOptional }) => kind !== 'detail' && !isOptional)
  const kinds = possible(asked, demands)
  const variables = new Variables(name)
  const security = securityOf(demands, kinds, variables)
  const proposed = {
    ...(kinds.has('addressing') && { addressing: true }),
    ...(kinds.has('mtom') && { attachments: 'mtom' }),
    ...(kinds.has('client-certificate') && {
      tls: { certificate: variables.named('TLS_CERTIFICATE'), key: variables.named('TLS_KEY') },
    }),
    ...credentialsOf(kinds, variables),
    ...(Object.keys(security).length > 0 && { security }),
  }
  return { points: policyPoints(demands, kinds), keys: proposed, variables: variables.used }
}

/**
 * What of the demands is proposed. Signatures with a key that is shared for one message (SymmetricBinding) are not, nor is CBC
 * without a signature, nor Triple DES, nor a name without a password.
 */
function possible(asked: readonly Demand[], demands: readonly Demand[]): ReadonlySet<Demand['kind']> {
  const kinds = new Set(asked.map(({ kind }) => kind))
  const { suite } = new Details(demands)
  if (asked.some(({ assertion }) => assertion === 'SymmetricBinding')) kinds.delete('signature')
  if (asked.some(({ assertion }) => assertion === 'NoPassword')) kinds.delete('username')
  const isSigned = kinds.has('signature') || suite.endsWith('GCM')
  if (!isSigned || suite.startsWith('TripleDes')) kinds.delete('encryption')
  // Which elements they are, the XPath of the policy says, and a person must.
  kinds.delete('encrypted-elements')
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
  constructor(readonly demands: readonly Demand[]) {}

  has(assertion: string, within?: RegExp): boolean {
    return this.demands.some(
      (each) =>
        each.kind === 'detail' && each.assertion === assertion && (!within || within.test(each.within ?? '')),
    )
  }

  parts(assertion: string): readonly MessagePart[] {
    return this.demands.find((each) => each.kind === 'detail' && each.assertion === assertion)?.parts ?? []
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
  demands: readonly Demand[],
  kinds: ReadonlySet<Demand['kind']>,
  variables: Variables,
): OpenApiObject {
  const details = new Details(demands)
  const isEncrypted = kinds.has('encryption')
  const pair = (): OpenApiObject => ({
    key: variables.named('KEY'),
    certificate: variables.named('CERTIFICATE'),
  })
  return {
    ...(kinds.has('timestamp') && { timestamp: {} }),
    ...(kinds.has('username') && { username: usernameOf(details, variables) }),
    ...(kinds.has('issued-token') && { issuedToken: issuedTokenOf(demands, kinds, variables) }),
    ...(kinds.has('signature') && { signature: { ...pair(), ...signatureOf(details, kinds) } }),
    ...(isEncrypted && {
      encryption: { certificate: variables.named('BACKEND_CERTIFICATE'), ...encryptionOf(details, kinds) },
      decryption: { ...pair(), ...decryptionOf(details) },
    }),
    ...(kinds.has('signature') && { verify: verifyOf(details, variables) }),
  }
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
  const covered = details.parts('SignedParts')
  const parts = [
    ...(covered.includes('body') ? ['body'] : []),
    ...(kinds.has('timestamp') ? ['timestamp'] : []),
    ...(kinds.has('username') && details.isWithin('username', /^Signed/) ? ['username'] : []),
    ...(covered.includes('headers')
      ? ['headers']
      : covered.includes('addressing') && kinds.has('addressing')
        ? ['addressing']
        : []),
  ]
  const reference = details.reference(/^Initiator|Endorsing/, 'binary-token')
  if (details.has('ProtectTokens') && reference === 'binary-token') parts.push('token')
  return {
    ...(reference !== 'binary-token' && { reference }),
    ...(!isSha256 && { algorithm: 'rsa-sha1', digest: 'sha1' }),
    parts: parts.length > 0 ? parts : ['body'],
  }
}

function verifyOf(details: Details, variables: Variables): OpenApiObject {
  return { trust: variables.named('TRUST'), ...(!/Sha256|GCM/.test(details.suite) && { sha1: true }) }
}

function encryptionOf(details: Details, kinds: ReadonlySet<Demand['kind']>): OpenApiObject {
  const covered = details.parts('EncryptedParts')
  const parts = [
    ...(covered.includes('body') ? ['body'] : []),
    ...(covered.includes('headers') || covered.includes('addressing') ? ['headers'] : []),
    ...(kinds.has('username') && details.isWithin('username', /Encrypted/) ? ['username'] : []),
    ...(kinds.has('signature') && details.has('EncryptSignature') ? ['signature'] : []),
  ]
  const isAfter = details.has('EncryptBeforeSigning') && kinds.has('signature')
  return {
    reference: details.reference(/^Recipient/, 'issuer-serial'),
    algorithm: cipherOf(details),
    keyTransport: transportOf(details),
    parts: parts.length > 0 ? parts : ['body'],
    ...(isAfter && { order: 'encrypt-then-sign' }),
  }
}

function decryptionOf(details: Details): OpenApiObject {
  const parts = details.parts('EncryptedParts').includes('body') ? [] : ['headers']
  return {
    algorithms: [cipherOf(details)],
    keyTransports: [transportOf(details)],
    ...(parts.length > 0 && { parts }),
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
