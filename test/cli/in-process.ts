import { vi } from 'vitest'
import { run } from '../../src/cli/run.js'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command of the program in this process, as `main` does. */
export async function runInProcess(...args: readonly string[]): Promise<Outcome> {
  let [stdout, stderr] = ['', '']
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text)
    return true
  })
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text)
    return true
  })
  const before = process.exitCode
  process.exitCode = 0
  try {
    const code = await run(args)
    return { code, stdout, stderr }
  } finally {
    process.exitCode = before
    out.mockRestore()
    err.mockRestore()
  }
}
