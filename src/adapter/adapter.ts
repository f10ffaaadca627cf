import { basename, dirname, resolve } from 'node:path'
import type { Backend } from '../backend/backend.js'
import { type Diagnostic, Diagnostics } from '../base/diagnostic/diagnostic.js'
import type { Environment } from '../base/environment.js'
import { ContractError } from '../base/errors.js'
import type { Protocol } from '../base/protocol.js'
import { joinContracts, type Joined } from '../mapping/operation/join.js'
import {
  isObject,
  loadOpenApi,
  type OpenApiDocument,
  openApiFromObject,
  type OpenApiObject,
} from '../openapi/document.js'
import { basePathOf, publishedDocument } from '../openapi/published/document.js'
import type { SharedUses, SingleUses } from '../store/single-use/uses.js'
import type { OpenTap } from './call-tap.js'
import type { ObservedCall } from './observed-call.js'
import { openBackends } from './open-backends.js'
import { CompiledOperation } from './operation.js'
import type { BackendState, LeniencyUse, RestOperation, RevocationListFailure } from './rest.js'
import type { BackendRuntime } from './runtime.js'
import { SelectedOperation } from './selected-operation.js'
import { SharedBackends } from './shared-backends.js'
import { certificateExpiries } from './trust/certificate-expiry.js'
import type { MessageGuard } from './trust/message-guard.js'
import type { WebhookSource } from './webhook-source.js'

/**
 * @example
 * ```ts
 * const options: AdapterOptions = {
 *   contract: 'openapi.yaml',
 *   env: { CORE_BANKING_URL: 'https://core.bank.example/v3' },
 * }
 * ```
 */
export interface AdapterOptions {
  /** Path of an OpenAPI document, or the document itself. */
  readonly contract: string | OpenApiObject
  /** What the paths of WSDLs are relative to; by default the directory of the contract, or the working directory. */
  readonly baseDir?: string
  /** By default the environment of the process. */
  readonly env?: Environment
}

/** How contracts are loaded. */
export interface LoadOptions extends Pick<AdapterOptions, 'env'> {
  /** Whether these very contracts were found to be in order before (`soapstone compile`). Default false. */
  readonly isJudged?: boolean
}

/** The path of an OpenAPI document, or the document itself and where its WSDLs are. */
export type GivenContract = string | Pick<AdapterOptions, 'contract' | 'baseDir'>

/** Both contracts, checked and compiled: all that can be known before the first request. */
export class Adapter {
  readonly basePath: string
  readonly document: OpenApiObject
  readonly contract: OpenApiDocument
  readonly operations: ReadonlyMap<string, RestOperation>
  /** Where events come from. */
  readonly webhooks: readonly WebhookSource[]
  /** `security` of the operations by which clients subscribe; that of the document where it is undefined. */
  readonly eventSecurity: unknown
  readonly protocols: ReadonlySet<Protocol>
  readonly #compiled: readonly CompiledOperation[]
  readonly #backends: readonly Backend[]
  readonly #runtimes: readonly BackendRuntime[]
  /** What remembers messages that came. */
  readonly #memories: readonly Pick<SingleUses, 'share'>[]
  readonly #guards: readonly { readonly backend: string; readonly guard: MessageGuard }[]
  readonly #expiries: readonly number[]
  readonly #shared: SharedBackends
  readonly #callListeners = new Set<(call: ObservedCall) => void>()

  constructor(
    document: OpenApiDocument,
    readonly joined: Joined,
    /** Warnings and notes; errors never get here. */
    readonly diagnostics: readonly Diagnostic[],
    shared = new SharedBackends(),
  ) {
    this.#shared = shared
    const runtimes = openBackends(joined, shared, (call) => {
      for (const listener of this.#callListeners) listener(call)
    })
    this.#memories = [...runtimes.values()].flatMap(({ guard, nonces, tokens }) =>
      [guard, nonces, tokens?.guard].filter((each) => each !== undefined),
    )
    this.#guards = [...runtimes.values()].flatMap(({ backend: { name }, guard, tokens }) =>
      [guard, tokens?.guard].flatMap((each) => (each ? [{ backend: name, guard: each }] : [])),
    )
    // Those of a shared backend are counted once.
    const observed = joined.backends.filter((backend) => runtimes.get(backend)?.isObserved)
    this.#expiries = certificateExpiries(observed)
    this.#compiled = joined.operations.flatMap((mapping) => {
      const runtime = runtimes.get(mapping.backend)
      return runtime ? [new CompiledOperation(mapping, runtime)] : []
    })
    const { 'x-soap-events': events } = document.root
    this.eventSecurity = isObject(events) ? events.security : undefined
    this.protocols = joined.protocols
    this.webhooks = joined.webhooks.map((mapping) => ({
      mapping,
      runtime: mapping.kind === 'receive' ? runtimes.get(mapping.backend) : undefined,
    }))
    // Backends that only call are not called.
    const called = new Set(joined.operations.map(({ backend }) => backend))
    const callers = joined.backends.filter((backend) => backend.receive && !called.has(backend))
    this.#runtimes = [...runtimes].flatMap(([backend, runtime]) =>
      callers.includes(backend) ? [] : [runtime],
    )
    this.#backends = this.#runtimes.map(({ backend }) => backend)
    this.basePath = basePathOf(document)
    this.document = publishedDocument(document)
    this.contract = document.as(this.document)
    this.operations = served(this.#compiled)
  }

  /** State of each backend, but of those that a contract before it has, too. */
  backends = (): readonly BackendState[] =>
    this.#observed.map(({ backend, leniency }) => ({
      ...backend.state(),
      ...(this.#shared.isShared(backend) && { shared: true as const }),
      ...(leniency.kinds.size > 0 && { lenient: Object.fromEntries(leniency.counts) }),
    }))

  get #observed(): readonly BackendRuntime[] {
    return this.#runtimes.filter(({ isObserved }) => isObserved)
  }

  /**
   * @param listener called once for each kind of leniency of each backend, when it is first made use of
   * @returns a function that ends the subscription
   */
  onLeniency(listener: (use: LeniencyUse) => void): () => void {
    const ends = this.#observed.map(({ backend: { name }, leniency }) =>
      leniency.onFirst((kind) => {
        listener({ backend: name, kind })
      }),
    )
    return () => {
      for (const end of ends) end()
    }
  }

  /**
   * @param listener told of lists of revoked certificates that cannot be renewed
   * @returns a function that ends the subscription
   */
  onRevocationListFailure(listener: (failure: RevocationListFailure) => void): () => void {
    const ends = this.#guards.map(({ backend, guard }) =>
      guard.onListFailure((failure) => {
        listener({ backend, ...failure })
      }),
    )
    return () => {
      for (const end of ends) end()
    }
  }

  /** @returns a function that ends the subscription */
  onBackendChange(listener: Parameters<Backend['onStateChange']>[0]): () => void {
    const ends = this.#observed.map(({ backend }) => backend.onStateChange(listener))
    return () => {
      for (const end of ends) end()
    }
  }

  /**
   * @param listener told of each call of a backend that is over, logins included
   * @returns a function that ends the subscription
   */
  onCall(listener: (call: ObservedCall) => void): () => void {
    this.#callListeners.add(listener)
    return () => this.#callListeners.delete(listener)
  }

  /**
   * How many certificates that calls rest on have expired by a time.
   *
   * @param time milliseconds since 1970
   */
  certificatesExpiredBy(time: number): number {
    return this.#expiries.filter((expiry) => expiry <= time).length
  }

  /** From now on replicas know together which messages came, to any of them. */
  shareUses(shared: SharedUses): void {
    for (const memory of this.#memories) memory.share(shared)
  }

  /** Tells somebody what becomes of each call from now on, under which mapping. */
  inspect(openTap: OpenTap): void {
    for (const operation of this.#compiled) operation.inspect(openTap)
  }

  /** Compiles all operations; without it each is compiled at its first call. */
  warmUp(): void {
    for (const operation of this.#compiled) operation.warmUp()
    for (const { compiler } of this.#runtimes) compiler.warmUp()
  }

  /** Waits for the calls in flight and closes the connections. */
  async close(): Promise<void> {
    await Promise.all([
      ...this.#backends.map((backend) => backend.close()),
      ...this.#runtimes.map(({ tokens }) => tokens?.close()),
    ])
  }
}

/** By operationId; one that several SOAP operations serve is one operation. */
function served(compiled: readonly CompiledOperation[]): ReadonlyMap<string, RestOperation> {
  const all = new Map<string, [CompiledOperation, ...CompiledOperation[]]>()
  for (const operation of compiled) {
    const alternatives = all.get(operation.operationId)
    if (alternatives) alternatives.push(operation)
    else all.set(operation.operationId, [operation])
  }
  return new Map(
    [...all].map(([operationId, alternatives]) => [
      operationId,
      alternatives.length === 1 ? alternatives[0] : new SelectedOperation(alternatives),
    ]),
  )
}

export interface CheckedContract {
  readonly document: OpenApiDocument | undefined
  readonly joined: Joined
  readonly diagnostics: readonly Diagnostic[]
}

/** Loads and checks both contracts; nothing is thrown and nothing is called. */
export function checkContract({
  contract,
  baseDir,
  env = process.env,
  isJudged = false,
}: AdapterOptions & LoadOptions): CheckedContract {
  const diagnostics = new Diagnostics()
  const path = typeof contract === 'string' ? resolve(contract) : undefined
  const directory = resolve(baseDir ?? (path === undefined ? '.' : dirname(path)))
  const document =
    typeof contract === 'string'
      ? loadOpenApi(resolve(contract), basename(contract), diagnostics, { isJudged })
      : openApiFromObject(ownCopy(contract), 'openapi', diagnostics)
  const joined = document
    ? joinContracts(document, directory, env, diagnostics, { isJudged })
    : { backends: [], operations: [], sessions: new Map(), webhooks: [], protocols: new Set<Protocol>() }
  return { document, joined, diagnostics: diagnostics.list }
}

/** What the caller does to the object later changes nothing, and what is published shares most of it. */
function ownCopy(contract: OpenApiObject): OpenApiObject {
  try {
    return structuredClone(contract)
  } catch {
    // It holds what no document can, which whoever reads it tells.
    return contract
  }
}

/**
 * Loads both contracts and compiles them.
 *
 * @param shared backends of contracts that are served beside this one
 * @throws ContractError with every diagnostic
 */
export function compileContract(options: AdapterOptions & LoadOptions, shared?: SharedBackends): Adapter {
  const { document, joined, diagnostics } = checkContract(options)
  const hasErrors = diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  if (!document || hasErrors) throw new ContractError(diagnostics)
  return new Adapter(document, joined, diagnostics, shared)
}

/**
 * Loads contracts that one process serves beside each other; what they say alike of a backend they share.
 *
 * @throws ContractError with the diagnostics of all of them
 */
export function compileContracts(
  contracts: readonly GivenContract[],
  options: LoadOptions = {},
): readonly Adapter[] {
  const shared = new SharedBackends()
  const found: Diagnostic[] = []
  const adapters: Adapter[] = []
  for (const contract of contracts) {
    try {
      const given = typeof contract === 'string' ? { contract } : contract
      adapters.push(compileContract({ ...given, ...options }, shared))
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      found.push(...error.diagnostics)
    }
  }
  if (found.length === 0) return adapters
  for (const adapter of adapters) void adapter.close()
  throw new ContractError(found)
}
