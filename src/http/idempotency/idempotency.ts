import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { RestOperation, RestRequest, RestResponse } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'
import type { IdempotencyPolicy } from '../../mapping/operation/guarantees.js'
import type { Attempt, Store, StoredRequest } from '../../store/store.js'
import type { Invoke } from '../answer/invoke.js'
import type { Exchange } from '../exchange.js'
import { asReplay, decodeAnswer, encodeAnswer, problemAnswer } from './answer.js'
import { fingerprint, hashedKey, readKey } from './key.js'
import { outcomeOf } from './outcome.js'
import { askStatus } from './status.js'
import { UnsentKeys } from './unsent-keys.js'

export interface IdempotencyLimits {
  /** How long a key is remembered. */
  readonly ttlMs: number
  /** How long a request counts as under way after the last sign of the process that sent it. */
  readonly leaseMs: number
  /** How long a duplicate waits for the response of the first. */
  readonly waitMs: number
}

const DEFAULT_LIMITS: IdempotencyLimits = { ttlMs: 86_400_000, leaseMs: 10_000, waitMs: 5_000 }

/** Between looks at a request that is under way; each is twice as long as the one before, up to the last. */
const FIRST_LOOK_MS = 20
const LAST_LOOK_MS = 500

interface Call {
  readonly attempt: Attempt
  readonly operation: RestOperation
  readonly policy: IdempotencyPolicy
  readonly request: RestRequest
  readonly exchange: Exchange
  readonly invoke: Invoke
}

/**
 * Sees to it that requests with an Idempotency-Key are carried out once at most
 * (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * A request is recorded before it is sent and its response before it is given. What was recorded and has no response may
 * have been carried out: it is never sent again unless the backend itself says that it knows nothing of it.
 */
export class Idempotency {
  readonly #store: Store
  readonly #facade: { readonly basePath: string; readonly operations: ReadonlyMap<string, RestOperation> }
  readonly #limits: IdempotencyLimits
  readonly #running = new Set<Promise<unknown>>()
  readonly #unsent: UnsentKeys

  constructor(
    store: Store,
    facade: { readonly basePath: string; readonly operations: ReadonlyMap<string, RestOperation> },
    limits: Partial<IdempotencyLimits> = {},
  ) {
    this.#store = store
    this.#unsent = new UnsentKeys(store)
    this.#facade = facade
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
  }

  /**
   * Answers a request of an operation that is marked.
   *
   * @throws AdapterError `idempotency-in-flight`, `idempotency-key-reused`, `idempotency-outcome-unknown`,
   *   `store-unavailable`, `request-invalid` for the key itself, or what `invoke` throws
   */
  async answer(
    operation: RestOperation,
    {
      policy,
      request,
      exchange,
      invoke,
    }: {
      readonly policy: IdempotencyPolicy
      readonly request: RestRequest
      readonly exchange: Exchange
      readonly invoke: Invoke
    },
  ): Promise<RestResponse> {
    const key = readKey(request, policy)
    if (key === undefined) return invoke(operation, request, 'streamed')
    const { operationId } = operation
    const scope = { basePath: this.#facade.basePath, operationId, identity: exchange.identity }
    const attempt = {
      key: hashedKey(scope, key),
      fingerprint: fingerprint(operation, request, policy.headers, key),
      owner: randomUUID(),
    }
    return this.#answer({ attempt, operation, policy, request, exchange, invoke })
  }

  /** Resolves when the requests that outlive their clients are over, too, and keys of unsent ones are free. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
    await this.#unsent.stop()
  }

  async #answer(call: Call): Promise<RestResponse> {
    const { attempt } = call
    const giveUpAt = performance.now() + this.#limits.waitMs
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 2, LAST_LOOK_MS)) {
      const startedAt = performance.now()
      const earlier = await this.#begin(attempt)
      if (!earlier) return this.#tracked(this.#run(call, startedAt))
      if (this.#unsent.has(earlier.owner)) {
        if (await this.#unsent.free(attempt.key, earlier.owner)) continue
        throw storeUnavailable(undefined)
      }
      if (earlier.fingerprint !== attempt.fingerprint) {
        throw new AdapterError('idempotency-key-reused', 'The Idempotency-Key was used for another request.')
      }
      if (earlier.state === 'answered') return replayOf(earlier)
      if (earlier.state === 'unknown' || earlier.lapsed) return this.#resolve(call, earlier)
      if (performance.now() + pause >= giveUpAt) {
        const message = 'An earlier request with this Idempotency-Key is still under way.'
        throw new AdapterError('idempotency-in-flight', message, { retryAfter: 1 })
      }
      await delay(pause)
    }
  }

  async #begin(attempt: Attempt): Promise<StoredRequest | undefined> {
    try {
      return await this.#store.begin(attempt, this.#limits.leaseMs, this.#limits.ttlMs)
    } catch (cause) {
      // It may have been recorded all the same, or still be.
      void this.#tracked(this.#unsent.free(attempt.key, attempt.owner))
      throw storeUnavailable(cause)
    }
  }

  /** @param startedAt when the attempt was not yet recorded, by performance.now() */
  async #run(call: Call, startedAt: number): Promise<RestResponse> {
    const { key, owner } = call.attempt
    const { leaseMs } = this.#limits
    if (performance.now() - startedAt > leaseMs / 2) {
      // Others may soon take the attempt for lost; it must not be sent after that.
      await this.#unsent.free(key, owner)
      throw storeUnavailable(undefined)
    }
    const renewal = setInterval(() => {
      this.#store.renew(key, owner, leaseMs).catch(() => undefined)
    }, leaseMs / 3)
    try {
      return await this.#send(call)
    } finally {
      clearInterval(renewal)
    }
  }

  /** Where the store fails after the call the lease runs out, and that means `unknown`, too. */
  async #send({ attempt, operation, request, exchange, invoke }: Call): Promise<RestResponse> {
    const { key, owner } = attempt
    const note = (change: Promise<void>) => change.catch(() => undefined)
    let response: RestResponse
    try {
      response = await invoke(operation, request, 'lasting')
    } catch (error) {
      const outcome = outcomeOf(error)
      if (outcome === 'not-sent') await this.#unsent.free(key, owner)
      else if (outcome === 'unknown') await note(this.#store.markUnknown(key, owner))
      else if (error instanceof AdapterError) {
        await note(this.#store.finish(key, owner, encodeAnswer(problemAnswer(error, exchange))))
      }
      throw error
    }
    await note(this.#store.finish(key, owner, encodeAnswer(response)))
    return response
  }

  /** The earlier attempt was sent and has no response. */
  async #resolve(call: Call, earlier: StoredRequest): Promise<RestResponse> {
    const { attempt, policy, request, invoke } = call
    const { key, owner } = attempt
    const { status } = policy
    const operation = status && this.#facade.operations.get(status.operationId)
    if (!status || !operation) throw outcomeUnknown()
    const finding = await askStatus(status, operation, request, invoke)
    if (finding.kind === 'found') {
      const stored = await this.#kept(key, earlier.owner, finding.response)
      if (stored) return replayOf(stored)
    }
    const { absentAfterMs = Infinity } = status
    if (finding.kind === 'absent' && earlier.ageMs >= absentAfterMs) {
      const startedAt = performance.now()
      if (await this.#takenOver(key, earlier.owner, owner)) return this.#tracked(this.#run(call, startedAt))
    }
    throw outcomeUnknown()
  }

  /** Of two who find out at once the first counts: all replays are the same. */
  async #kept(key: string, owner: string, response: RestResponse): Promise<StoredRequest | undefined> {
    try {
      await this.#store.finish(key, owner, encodeAnswer(response))
      return await this.#store.find(key)
    } catch (cause) {
      throw storeUnavailable(cause)
    }
  }

  async #takenOver(key: string, from: string, to: string): Promise<boolean> {
    try {
      return await this.#store.takeOver(key, from, to, this.#limits.leaseMs)
    } catch (cause) {
      throw storeUnavailable(cause)
    }
  }

  async #tracked<T>(run: Promise<T>): Promise<T> {
    this.#running.add(run)
    try {
      return await run
    } finally {
      this.#running.delete(run)
    }
  }
}

function replayOf({ state, answer }: StoredRequest): RestResponse {
  if (answer) return asReplay(decodeAnswer(answer))
  if (state !== 'answered') throw outcomeUnknown()
  throw new AdapterError(
    'idempotency-outcome-unknown',
    'The request was carried out or refused, but its stored response can no longer be decrypted.',
  )
}

function outcomeUnknown(): AdapterError {
  return new AdapterError(
    'idempotency-outcome-unknown',
    'An earlier request with this Idempotency-Key was sent to the backend, and its response was lost. It is not sent again.',
  )
}

function storeUnavailable(cause: unknown): AdapterError {
  return new AdapterError(
    'store-unavailable',
    'The store of idempotency keys is not available; nothing was sent.',
    {
      retryAfter: 1,
      cause,
    },
  )
}
