import { readFileSync } from 'node:fs'

/** A clock that all processes of the machine read alike. */
export interface MachineClock {
  /** Names the start that the clock runs from. */
  readonly boot: string
  /** Milliseconds; it does not run while the machine sleeps. */
  now(): number
}

/**
 * The clock of this machine, which nobody sets: it runs from its start on. Where starts have no names, as outside of
 * Linux, it is the wall clock.
 */
export function machineClock(): MachineClock {
  const boot = bootId()
  if (boot === undefined) return { boot: 'wall clock', now: () => Date.now() }
  return { boot, now: () => Number(process.hrtime.bigint() / 1_000_000n) }
}

function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return undefined
  }
}
