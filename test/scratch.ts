import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Gives a run of the tests a folder of its own for what tests and the processes that they start make in `tmpdir()`, and removes
 * it when the run ends, so that nothing is left behind, whether a test fails or forgets.
 *
 * @returns what is done at the end
 */
export default function scratch(): () => void {
  const { TMPDIR } = process.env
  const folder = mkdtempSync(join(tmpdir(), 'soapstone-tests-'))
  // Workers start after this, with the environment that it leaves.
  process.env.TMPDIR = folder
  return () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    rmSync(folder, { recursive: true, force: true })
  }
}
