import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EncodedSample } from '../../src/tools/corpus.js'

const python = '/usr/bin/python3'
const script = fileURLToPath(new URL('../../../shared/tools/validate.py', import.meta.url))

export function hasLibxml2(): boolean {
  return existsSync(script) && spawnSync(python, ['-c', 'import lxml']).status === 0
}

/** What the script does not judge: parts that WS-I forbids. */
const beyond = new Set(['rpc part without a type', 'document part with type='])

export interface Libxml2Verdicts {
  /** A reason by the index of each sample that is invalid. */
  readonly invalid: ReadonlyMap<number, string>
  readonly judged: number
  /** Samples that libxml2 cannot judge: it does not compile the schemas, or WS-I forbids what they do. */
  readonly unjudged: number
}

/** Judges envelopes by the WSDL's own schemas with libxml2. */
export function judgeWithLibxml2(wsdl: string, samples: readonly EncodedSample[]): Libxml2Verdicts {
  const directory = mkdtempSync(join(tmpdir(), 'corpus-'))
  try {
    const [input, output] = [join(directory, 'in.jsonl'), join(directory, 'out.jsonl')]
    const lines = samples.map(({ soapOperation, xml }, id) => JSON.stringify({ id, op: soapOperation, xml }))
    writeFileSync(input, lines.join('\n'))
    const run = spawnSync(python, [script, wsdl, '--batch', input, output], { encoding: 'utf8' })
    if (run.status !== 0)
      throw new Error(`validate.py ended with ${String(run.status)}: ${run.stderr.slice(-500)}`)
    const invalid = new Map<number, string>()
    let unjudged = 0
    for (const line of readFileSync(output, 'utf8').trim().split('\n')) {
      const { id, status, errors } = JSON.parse(line) as { id: number; status: string; errors: string[] }
      if (status === 'no-schema' || errors.some((error) => beyond.has(error))) unjudged++
      else if (status !== 'valid') invalid.set(id, `${status}: ${errors.slice(0, 2).join(' / ')}`)
    }
    return { invalid, judged: samples.length - unjudged, unjudged }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
