import type { X509Certificate } from 'node:crypto'
import type { ConnectionPolicy } from '../../backend/policy.js'
import { isHttpUrl } from '../../base/http-url.js'
import { join } from '../../openapi/pointer.js'
import { readCertificates } from '../../ws-security/certificates/key-material.js'
import {
  type CallerRole,
  callerRoles,
  type IssuedTokenPolicy,
  keyTypes,
  type SignaturePolicy,
  tokenTypes,
  type WsSecurityPolicy,
} from '../../ws-security/policy.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { isClearText } from '../reader/url.js'
import { type CallKind, callUse, readSource, type WrittenSource } from '../sources/source.js'
import { readProxy } from '../transport/proxy.js'
import { readTls } from '../transport/tls.js'
import { material, pemOf, report, type Surroundings } from './values.js'

const MAX_SECONDS = 86_400

/** `security.issuedToken` of a backend, as docs/annotation.md gives it. */
export interface IssuedTokenAnnotation {
  readonly policy: IssuedTokenPolicy
  readonly connection: Pick<ConnectionPolicy, 'tls' | 'proxy'>
  /** Where the token of the caller comes from. */
  readonly callerToken: WrittenSource<CallKind> | undefined
}

interface Company {
  readonly signature: SignaturePolicy | undefined
  /** Certificate of the backend, where messages are encrypted for it. */
  readonly recipient: X509Certificate | undefined
  readonly around: Surroundings
  /** Reads the `security` of messages to the token service. */
  readonly readSecurity: (
    reader: AnnotationReader,
    endpoint: string | undefined,
  ) => WsSecurityPolicy | undefined
}

/** Where tokens of a backend are asked for (WS-Trust 1.3). */
export function readIssuedToken(
  reader: AnnotationReader | undefined,
  { signature: given, recipient: usual, around, readSecurity }: Company,
): IssuedTokenAnnotation | undefined {
  if (!reader) return undefined
  const signature = given && 'key' in given ? given : undefined
  const endpoint = endpointOf(reader)
  const soapVersion = reader.word('soapVersion', ['1.1', '1.2']) ?? '1.2'
  const appliesTo = reader.expanded('appliesTo') ?? around.endpoint
  const tokenType = reader.word('tokenType', tokenTypes) ?? 'saml-2.0'
  const keyType = reader.word('keyType', keyTypes) ?? 'bearer'
  const lifetimeSeconds = reader.positive('lifetimeSeconds')
  const caller = readCaller(reader)
  const recipient = readRecipientOf(reader, around) ?? usual
  const nested = reader.nested('security')
  const security = nested && readSecurity(nested, endpoint)
  const rest = {
    renew: reader.flag('renew') ?? false,
    cancel: reader.flag('cancel') ?? false,
    ...optional('lifetimeSeconds', lifetimeSeconds),
  }
  const connection = {
    ...optional('tls', readTls(reader.nested('tls'))),
    ...optional('proxy', readProxy(reader)),
  }
  reader.end()
  if (lifetimeSeconds !== undefined && lifetimeSeconds > MAX_SECONDS) {
    report(reader, 'lifetimeSeconds', `lifetimeSeconds is ${MAX_SECONDS} at most, a day.`)
  }
  if (appliesTo === undefined) {
    report(
      reader,
      'appliesTo',
      'appliesTo must say for which service tokens are: the backend has no endpoint in the annotation.',
    )
  }
  if (!security) {
    report(
      reader,
      'security',
      'issuedToken needs security: what proves to the token service who asks, such as { username } or { signature }.',
    )
  } else if (keyType === 'public-key' && !(security.signature && 'key' in security.signature)) {
    report(
      reader,
      'security',
      'keyType: public-key needs security.signature to the token service: it proves that the key is ours.',
    )
  }
  if (keyType === 'public-key' && !signature) {
    report(
      reader,
      'keyType',
      'keyType: public-key binds tokens to the private key of signature: security has none.',
    )
  }
  const proof = keyType === 'public-key' ? signature?.key.certificate : undefined
  if (endpoint === undefined || appliesTo === undefined || !security) return undefined
  const policy = {
    ...{ endpoint, soapVersion, appliesTo, tokenType, keyType, security, ...rest },
    ...optional('proof', proof),
    ...(caller && { callerRole: caller.role }),
    ...(!isNamedBy(given) && optional('recipient', recipient)),
  }
  return { policy, connection, callerToken: caller?.source }
}

function endpointOf(reader: AnnotationReader): string | undefined {
  const url = reader.expanded('endpoint', { required: true })
  if (url === undefined) return undefined
  if (!isHttpUrl(url)) {
    report(reader, 'endpoint', 'endpoint must be the absolute https: URL of a security token service.')
    return undefined
  }
  if (isClearText(url)) {
    reader.diagnostics.warning(
      'credentials-in-clear',
      'endpoint is an http: URL: anyone on the network path can read and use the tokens. Use https:.',
      reader.at('endpoint'),
    )
  }
  return url
}

/** Whoever cannot read a token cannot name it. */
function isNamedBy(signature: SignaturePolicy | undefined): boolean {
  return signature?.reference === 'saml' || signature?.parts.includes('saml') === true
}

function readRecipientOf(reader: AnnotationReader, around: Surroundings): X509Certificate | undefined {
  const pem = pemOf(reader, 'recipient', reader.expanded('recipient'))
  return pem === undefined ? undefined : readCertificates(pem, 'recipient', material(reader, around))[0]
}

/** The token that callers bring, and what it is to the token service. */
function readCaller(
  reader: AnnotationReader,
): { readonly role: CallerRole; readonly source: WrittenSource<CallKind> | undefined } | undefined {
  const [first, ...more] = callerRoles.flatMap((role) => {
    const value = reader.text(role)
    return value === undefined ? [] : [{ role, value }]
  })
  if (more.length > 0) {
    report(
      reader,
      'actAs',
      'issuedToken has onBehalfOf and actAs: with the first the token is for the caller, with the second for this service, which acts for the caller. Leave one of them out.',
    )
  }
  if (!first) return undefined
  const { role, value } = first
  const written = { name: `issuedToken.${role}`, value, pointer: join(reader.pointer, role) }
  return { role, source: readSource(reader, written, { ...callUse, code: 'wss-policy' }) }
}
