import type { AdapterError } from '../base/errors.js'
import type { Logger } from '../telemetry/logger.js'
import type { Metrics } from '../telemetry/metrics.js'

const EVERY_MS = 1_000

/**
 * Counts requests that are refused unread, and writes a line of the log for those of each second: a line for each would
 * cost more than the refusal.
 */
export function refusalLog(logger: Logger, metrics: Metrics): (error: AdapterError) => void {
  let refused = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    timer = undefined
    for (const [reason, count] of refused) {
      metrics.countProblem('overloaded', count)
      logger.warn({ problem: 'overloaded', refused: count }, reason)
    }
    refused = new Map()
  }
  return ({ message }) => {
    refused.set(message, (refused.get(message) ?? 0) + 1)
    if (timer) return
    timer = setTimeout(write, EVERY_MS)
    timer.unref()
  }
}
