import { Compiler } from '../codec/compile.js'
import { Prefixes } from '../codec/prefixes.js'
import type { SessionMapping } from '../mapping/operation/backend/session.js'
import type { Joined } from '../mapping/operation/join.js'
import type { BackendMapping } from '../mapping/operation/mapping.js'
import { SingleUses } from '../store/single-use/uses.js'
import type { UsernameCheckPolicy } from '../ws-security/policy.js'
import { CLOCK_SKEW_MS } from '../ws-security/tokens/username-check.js'
import { compileWsSecurity } from '../ws-security/ws-security.js'
import { CompiledOperation } from './operation.js'
import type { BackendRuntime } from './runtime.js'
import { BackendSession } from './session/backend-session.js'
import type { SharedBackends } from './shared-backends.js'
import { MessageGuard } from './trust/message-guard.js'
import { TokenService } from './trust/token-service.js'

/** What the operations of each backend share; no connection is made yet. */
export function openBackends(
  { backends, sessions }: Joined,
  shared: SharedBackends,
  onCall: BackendRuntime['onCall'],
): ReadonlyMap<BackendMapping, BackendRuntime> {
  return new Map(
    backends.map((mapping) => {
      const opened = shared.open(mapping)
      return [mapping, open({ mapping, opened, session: sessions.get(mapping), onCall })]
    }),
  )
}

function open({
  mapping,
  opened: { backend, leniency, isFirst },
  session,
  onCall,
}: {
  readonly mapping: BackendMapping
  readonly opened: ReturnType<SharedBackends['open']>
  readonly session: SessionMapping | undefined
  readonly onCall: BackendRuntime['onCall']
}): BackendRuntime {
  const { policy, wsdl, soapVersion, addressing, security, issuedToken, receive } = mapping
  const encoding = { maxLength: policy.maxResponseBytes, lenient: leniency.allows('encoding') }
  const components = [...wsdl.schemas.elements.values(), ...wsdl.schemas.types.values()]
  const prefixes = new Prefixes(new Set(components.map((component) => component.name?.namespace ?? '')))
  const runtime: BackendRuntime = {
    backend,
    isObserved: isFirst,
    timeoutMs: policy.timeoutMs,
    takesTimeout: mapping.takesTimeout,
    maxResponseBytes: policy.maxResponseBytes,
    xmlLimits: mapping.limits.xml,
    maxAttachments: mapping.limits.maxAttachments,
    leniency,
    onCall,
    prefixes,
    compiler: new Compiler(prefixes, {
      complete: false,
      encoding,
      timeZone: mapping.timeZone,
      leniency,
    }),
    ...(addressing && { addressing }),
    ...(security && { security: compileWsSecurity(security, soapVersion) }),
    ...(receive?.usernameToken?.type === 'digest' && { nonces: noncesFor(receive.usernameToken) }),
    ...(security?.verify && { guard: new MessageGuard(security.verify) }),
    ...(issuedToken && { tokens: new TokenService(issuedToken, policy.timeoutMs) }),
  }
  return session ? { ...runtime, session: sessionOf(session, runtime) } : runtime
}

/** In each half of the memory: 600 messages a second for the seven minutes that a nonce counts by default. */
const MOST_NONCES = 250_000

function noncesFor({ maxAgeSeconds }: UsernameCheckPolicy): SingleUses {
  const lifetimeMs = maxAgeSeconds * 1000 + 2 * CLOCK_SKEW_MS
  return new SingleUses(lifetimeMs, { most: MOST_NONCES, mostOfKey: MOST_NONCES })
}

/** The login is a call of the backend like any other, but for the session. */
function sessionOf(mapping: SessionMapping, runtime: BackendRuntime): BackendSession {
  const login = new CompiledOperation(mapping.login, { ...runtime, ...withoutAssertion(mapping) })
  const nothing = { path: {}, query: {}, headers: {} }
  return new BackendSession(mapping, () => login.exchange(nothing, {}))
}

/** The SAML assertion that a login brings cannot be sent with it. */
function withoutAssertion({ login: { backend, request } }: SessionMapping): Pick<BackendRuntime, 'security'> {
  const { security, soapVersion, issuedToken } = backend
  // That of a token service can be sent with it, if it is on nobody's behalf.
  if (!security?.saml || request.samlAssertion || issuedToken) return {}
  return { security: compileWsSecurity({ ...security, saml: false }, soapVersion) }
}
