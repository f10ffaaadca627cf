import type { RestOperation, RestRequest, RestResponse } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'
import type { Store } from '../../store/store.js'
import type { Invoke } from '../answer/invoke.js'
import { type MemoryLimits, ResponseMemory } from '../cache/memory.js'
import { type CacheState, ResponseCache } from '../cache/response-cache.js'
import type { Exchange } from '../exchange.js'
import type { Facade } from '../facade.js'
import { Idempotency, type IdempotencyLimits } from '../idempotency/idempotency.js'

export interface GuaranteeOptions {
  /** Where idempotency keys are remembered; without one, requests that carry a key are refused. */
  readonly store?: Store | undefined
  readonly idempotency?: Partial<IdempotencyLimits>
  readonly cache?: Partial<MemoryLimits>
  /** Where responses are kept, for contracts that share it; by default one of its own, within `cache`. */
  readonly memory?: ResponseMemory | undefined
}

/** What the contract promises of single operations beyond the call itself: `idempotency` and `cache` of `x-soap`. */
export class Guarantees {
  readonly #idempotency: Idempotency
  readonly #cache: ResponseCache
  /** Templates of paths that have answers in the cache. */
  readonly #cached: ReadonlySet<string>

  constructor(
    facade: Facade,
    { store = noStore, idempotency, cache, memory = new ResponseMemory(cache) }: GuaranteeOptions,
  ) {
    this.#idempotency = new Idempotency(store, facade, idempotency)
    this.#cache = new ResponseCache(memory, facade.basePath)
    const operations = [...facade.operations.values()]
    this.#cached = new Set(operations.filter((operation) => operation.cache).map(({ path }) => path))
  }

  /** Answers a request; one of an operation that is not marked just by a call. @throws AdapterError */
  answer(
    operation: RestOperation,
    request: RestRequest,
    exchange: Exchange,
    invoke: Invoke,
  ): Promise<RestResponse> {
    const { idempotency, cache, path } = operation
    const isMarked = idempotency ?? cache ?? (this.#cached.has(path) || undefined)
    return isMarked === undefined
      ? invoke(operation, request, 'streamed')
      : this.#answer(operation, request, exchange, invoke)
  }

  async #answer(
    operation: RestOperation,
    request: RestRequest,
    exchange: Exchange,
    invoke: Invoke,
  ): Promise<RestResponse> {
    const { idempotency, cache, path } = operation
    if (cache) return this.#cache.answer(operation, { policy: cache, request, exchange, invoke })
    const response = idempotency
      ? await this.#idempotency.answer(operation, { policy: idempotency, request, exchange, invoke })
      : await invoke(operation, request, 'streamed')
    if (this.#cached.has(path) && operation.method !== 'get' && response.status < 400) {
      this.#cache.invalidate(operation, request)
    }
    return response
  }

  get cacheState(): CacheState {
    return this.#cache.state
  }

  /** Resolves when calls that outlive their clients are over and recorded. */
  settled(): Promise<void> {
    return this.#idempotency.settled()
  }
}

function absent(): Promise<never> {
  return Promise.reject(new AdapterError('store-unavailable', 'No store of idempotency keys is configured.'))
}

const noStore: Store = {
  begin: absent,
  find: absent,
  renew: absent,
  finish: absent,
  markUnknown: absent,
  release: absent,
  takeOver: absent,
  purge: absent,
  close: () => Promise.resolve(),
}
