import { Backend } from '../backend/backend.js'
import { defaultPolicy } from '../backend/policy.js'
import { Compiler } from '../codec/compile.js'
import { Prefixes } from '../codec/prefixes.js'
import { parseSource } from '../mapping/expression.js'
import { type Joined } from '../mapping/join.js'
import { type BackendMapping } from '../mapping/operation-mapping.js'
import { type SessionMapping } from '../mapping/session.js'
import { compileWsSecurity } from '../security/ws-security.js'
import { BackendSession } from './backend-session.js'
import { CompiledOperation } from './operation.js'
import { type BackendRuntime } from './runtime.js'

/** What the operations of each backend share; no connection is made yet. */
export function openBackends({ backends, sessions }: Joined): ReadonlyMap<BackendMapping, BackendRuntime> {
  return new Map(backends.map((mapping) => [mapping, open(mapping, sessions.get(mapping))]))
}

function open(mapping: BackendMapping, session: SessionMapping | undefined): BackendRuntime {
  const { name, annotation, wsdl, soapVersion } = mapping
  const { timeoutMs, maxResponseBytes, maxConcurrent, breaker, addressing, security } = annotation
  const policy = {
    ...defaultPolicy,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxResponseBytes !== undefined && { maxResponseBytes }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
    ...annotation.transport,
    ...annotation.resilience?.policy,
    breaker: { ...defaultPolicy.breaker, ...breaker },
  }
  const encoding = { maxLength: policy.maxResponseBytes, lenient: annotation.lenient ?? false }
  const components = [...wsdl.schemas.elements.values(), ...wsdl.schemas.types.values()]
  const prefixes = new Prefixes(new Set(components.map((component) => component.name?.namespace ?? '')))
  const assertion = security?.saml && parseSource(security.saml.assertion)
  const runtime: BackendRuntime = {
    backend: new Backend(name, policy),
    timeoutMs: policy.timeoutMs,
    takesTimeout: annotation.resilience?.requestTimeout ?? false,
    maxResponseBytes: policy.maxResponseBytes,
    prefixes,
    compiler: new Compiler(prefixes, false, encoding),
    ...(addressing && { addressing }),
    ...(security && { security: compileWsSecurity(security, soapVersion) }),
    ...(assertion && { assertion }),
  }
  return session ? { ...runtime, session: sessionOf(session, runtime) } : runtime
}

/** The login is a call of the backend like any other, but for the session. */
function sessionOf(mapping: SessionMapping, runtime: BackendRuntime): BackendSession {
  const login = new CompiledOperation(mapping.login, runtime)
  const nothing = { path: {}, query: {}, headers: {} }
  return new BackendSession(mapping, () => login.exchange(nothing, {}))
}
