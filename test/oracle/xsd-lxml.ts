import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PYTHON = '/usr/bin/python3'
const script = fileURLToPath(new URL('../../../shared/tools/validate.py', import.meta.url))

/** Why the second judge cannot sit; undefined where it can. */
export const lxmlIsAbsent: string | undefined = !existsSync(script)
  ? 'the validator beside this repository is not there'
  : spawnSync(PYTHON, ['-c', 'import lxml']).status === 0
    ? undefined
    : 'python3-lxml is not installed'

export interface Exhibit {
  readonly id: string
  /** Name of the wsdl:operation; none for responses, which the validator then judges by their element. */
  readonly operation?: string
  readonly envelope: string
}

/** @returns the complaints of python3-lxml's reading of the WSDL, by the exhibit's id */
export function judgeWithLxml(wsdl: string, exhibits: readonly Exhibit[]): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'exhibits-'))
  try {
    const input = join(directory, 'in.jsonl')
    const output = join(directory, 'out.jsonl')
    const lines = exhibits.map(({ id, operation, envelope }) =>
      JSON.stringify({ id, op: operation, xml: envelope }),
    )
    writeFileSync(input, lines.join('\n'))
    const run = spawnSync(PYTHON, [script, wsdl, '--batch', input, output], { encoding: 'utf8' })
    if (run.status !== 0) throw new Error(run.stderr)
    const verdicts = readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; status: string; errors: string[] })
    if (verdicts.length !== exhibits.length)
      throw new Error(`${verdicts.length} verdicts on ${exhibits.length} exhibits`)
    return verdicts
      .filter(({ status }) => status !== 'valid')
      .map(({ id, status, errors }) => `${id}: ${status}: ${errors.join('; ')}`)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
