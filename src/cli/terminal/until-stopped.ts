const PATIENCE_MS = 1_000

/**
 * Waits for SIGTERM, SIGINT or SIGHUP. A further one ends the process at once, unless it is the same Ctrl-C that arrives twice,
 * from the terminal and from npm.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let stoppedAt: number | undefined
    const stop = () => {
      if (stoppedAt !== undefined && performance.now() - stoppedAt > PATIENCE_MS) process.exit(1)
      stoppedAt ??= performance.now()
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    process.on('SIGHUP', stop)
  })
}
