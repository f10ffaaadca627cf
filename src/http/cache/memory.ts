import type { RestResponse } from '../../adapter/rest.js'

/** A response that may be given again. */
export interface RememberedResponse {
  readonly response: RestResponse & { readonly body: Uint8Array }
  /** Strong (RFC 9110, section 8.8.1). */
  readonly etag: string
  /** Of performance.now(). */
  readonly storedAt: number
  /** The resource that was read. */
  readonly resource: string
}

export interface MemoryLimits {
  /** Of bodies and headers, with what it costs to keep them. */
  readonly maxBytes: number
  readonly maxEntries: number
}

const DEFAULT_LIMITS: MemoryLimits = { maxBytes: 67_108_864, maxEntries: 10_000 }

/** Beside body and headers: the objects, their keys and their places in the maps. */
const ENTRY_BYTES = 1_000

/** Answers by key, within bounds: the one that was not used for the longest time goes first. */
export class ResponseMemory {
  readonly #limits: MemoryLimits
  readonly #entries = new Map<string, RememberedResponse>()
  readonly #keys = new Map<string, Set<string>>()
  #bytes = 0

  constructor(limits: Partial<MemoryLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): RememberedResponse | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    // A Map keeps the order of insertion: the last is the one that was used last.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  /** @returns whether it was kept; what is larger than the bounds is not */
  set(key: string, entry: RememberedResponse): boolean {
    this.delete(key)
    const bytes = bytesOf(entry)
    if (bytes > this.#limits.maxBytes || this.#limits.maxEntries < 1) return false
    this.#entries.set(key, entry)
    this.#bytes += bytes
    const keys = this.#keys.get(entry.resource) ?? new Set()
    this.#keys.set(entry.resource, keys.add(key))
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limits.maxBytes && this.#entries.size <= this.#limits.maxEntries) break
      this.delete(oldest)
    }
    return true
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#bytes -= bytesOf(entry)
    const keys = this.#keys.get(entry.resource)
    keys?.delete(key)
    if (keys?.size === 0) this.#keys.delete(entry.resource)
  }

  /** Forgets every response about a resource. */
  deleteResource(resource: string): void {
    for (const key of this.#keys.get(resource) ?? []) this.delete(key)
  }
}

function bytesOf({ response: { body, headers }, resource }: RememberedResponse): number {
  const fields = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  return body.byteLength + 2 * (fields + resource.length) + ENTRY_BYTES
}
