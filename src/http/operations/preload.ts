import { setImmediate } from 'node:timers/promises'
import { undici } from '../../backend/connection/undici.js'

/** Once the start is over, and before most first clients come. */
const AFTER_MS = 500

/**
 * Loads the packages that the first call needs once the process is at rest, and has the validator compile schemas once: a start
 * does not wait for that, and neither does whoever calls first. What comes sooner loads them itself.
 *
 * @param onFailure is told where something cannot be loaded, which the first call is, too
 * @returns what ends it, after what is being loaded just then
 */
export function preloadLater(onFailure: (error: unknown) => void): () => void {
  const ended = new AbortController()
  const timer = setTimeout(() => {
    preload(ended.signal).catch(onFailure)
  }, AFTER_MS).unref()
  return () => {
    clearTimeout(timer)
    ended.abort()
  }
}

/** One after the other, so that what has come meanwhile waits for one of them only. */
async function preload(ended: AbortSignal): Promise<void> {
  const { warmUp } = await import('../validation/warm-up.js')
  for (const load of [undici, warmUp]) {
    await setImmediate()
    if (ended.aborted) return
    load()
  }
}
