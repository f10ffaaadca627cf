import { undici } from '../backend/undici.js'

/** Long after whoever measures the start has looked, and before most first clients come. */
const AFTER_MS = 500

/**
 * Loads the packages that the first call needs once the process is at rest: a start does not wait for them, and neither does
 * whoever calls first. What comes sooner loads them itself.
 *
 * @param onFailure is told where one of them cannot be loaded, which the first call is, too
 */
export function preloadLater(onFailure: (error: unknown) => void): void {
  setTimeout(() => {
    import('./validation/request-judge.js').then(undici).catch(onFailure)
  }, AFTER_MS).unref()
}
