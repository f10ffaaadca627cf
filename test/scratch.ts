import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const PREFIX = 'soapstone-tests-'

/**
 * Gives a run of the tests a folder of its own for what tests and the processes that they start make in `tmpdir()`, and removes
 * it when the run ends, so that nothing is left behind, whether a test fails or forgets.
 *
 * Vitest asks once for each project. They share the folder: in one within another, paths get longer than those of sockets may be
 * (`sockaddr_un`, 107 octets), and Chromium does not start.
 *
 * @returns what is done at the end
 */
export default function scratch(): () => void {
  if (basename(tmpdir()).startsWith(PREFIX)) return () => undefined
  const { TMPDIR } = process.env
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  // Workers start after this, with the environment that it leaves.
  process.env.TMPDIR = folder
  return () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    rmSync(folder, { recursive: true, force: true })
  }
}
