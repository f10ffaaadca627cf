import { setImmediate } from 'node:timers/promises'
import { undici } from '../backend/undici.js'

/** Once the start is over, and before most first clients come. */
const AFTER_MS = 500

/**
 * Loads the packages that the first call needs once the process is at rest: a start does not wait for them, and neither does
 * whoever calls first. What comes sooner loads them itself.
 *
 * @param onFailure is told where one of them cannot be loaded, which the first call is, too
 * @returns what keeps it from beginning
 */
export function preloadLater(onFailure: (error: unknown) => void): () => void {
  const timer = setTimeout(() => {
    preload().catch(onFailure)
  }, AFTER_MS).unref()
  return () => {
    clearTimeout(timer)
  }
}

/** One after the other, so that what has come meanwhile waits for one of them only. */
async function preload(): Promise<void> {
  await import('./validation/request-judge.js')
  await setImmediate()
  undici()
}
