import { readdirSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { formatDiagnostic } from '../base/diagnostic.js'
import { compileContract } from '../adapter/adapter.js'
import { type RestOperation, type SampleOptions } from '../adapter/rest.js'
import { type OpenApiObject } from '../openapi/document.js'
import { importWsdl } from './import/import.js'

/** What became of the WSDLs of one folder. */
export interface CorpusRow {
  readonly folder: string
  /** WSDLs with a SOAP port. */
  readonly wsdls: number
  /** Their schemas are not valid, which is said. */
  readonly refused: number
  /** Imported, checked and compiled. */
  readonly loads: number
  readonly operations: number
  /** Operations whose samples, with all and with no optionals, both encode (and pass the judge). */
  readonly requests: number
  /** Operations whose answers both decode (and pass the judge). */
  readonly responses: number
}

export interface CorpusFailure {
  readonly wsdl: string
  readonly operation?: string
  readonly stage: 'load' | 'encode' | 'decode' | 'request' | 'response'
  readonly reason: string
}

export interface CorpusReport {
  readonly rows: readonly CorpusRow[]
  readonly failures: readonly CorpusFailure[]
  /** WSDLs that break their own specifications, with the first diagnostic. */
  readonly refused: readonly { readonly wsdl: string; readonly reason: string }[]
  /** WSDLs without a SOAP port, and why they cannot be read where that is the reason. */
  readonly skipped: readonly { readonly wsdl: string; readonly reason: string }[]
}

export interface EncodedSample {
  readonly soapOperation: string
  readonly operationId: string
  readonly optionals: SampleOptions['optionals']
  readonly xml: string
}

/** Independent opinions; each returns what is wrong. */
export interface CorpusJudges {
  /** Of all envelopes of a WSDL: a reason by the index of the sample. */
  readonly requests?: (wsdl: string, samples: readonly EncodedSample[]) => ReadonlyMap<number, string>
  /** Of an answer by the published document. */
  readonly response?: (
    document: OpenApiObject,
    operation: RestOperation,
    status: number,
    body: string,
  ) => string | undefined
}

/**
 * Imports, loads and tries every WSDL below a folder: what `soapstone corpus DIR` prints.
 *
 * @param directory searched for `*.wsdl`; each of its own folders is a row
 */
export async function runCorpus(directory: string, judges: CorpusJudges = {}): Promise<CorpusReport> {
  const root = resolve(directory)
  const failures: CorpusFailure[] = []
  const skipped: { wsdl: string; reason: string }[] = []
  const refused: { wsdl: string; reason: string }[] = []
  const rows = new Map<string, { -readonly [K in keyof CorpusRow]: CorpusRow[K] }>()
  for (const file of wsdlsBelow(root)) {
    const wsdl = relative(root, file).split(sep).join('/')
    const folder = wsdl.includes('/') ? (wsdl.split('/')[0] ?? '.') : '.'
    const row = rows.get(folder) ?? {
      folder,
      wsdls: 0,
      refused: 0,
      loads: 0,
      operations: 0,
      requests: 0,
      responses: 0,
    }
    const outcome = await tryWsdl(file, judges)
    if (outcome.kind === 'skipped') {
      skipped.push({ wsdl, reason: outcome.reason })
      continue
    }
    rows.set(folder, row)
    row.wsdls++
    if (outcome.kind === 'refused') {
      row.refused++
      refused.push({ wsdl, reason: outcome.reason })
      continue
    }
    failures.push(...outcome.failures.map((failure) => ({ ...failure, wsdl })))
    if (outcome.operations === undefined) continue
    const failed = (...stages: readonly CorpusFailure['stage'][]): number =>
      new Set(
        outcome.failures.filter(({ stage }) => stages.includes(stage)).map(({ operation }) => operation),
      ).size
    row.loads++
    row.operations += outcome.operations
    row.requests += outcome.operations - failed('encode', 'request')
    row.responses += outcome.operations - failed('decode', 'response')
  }
  return { rows: [...rows.values()], failures, refused, skipped }
}

function wsdlsBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.wsdl$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

type Failure = Omit<CorpusFailure, 'wsdl'>
type Outcome =
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Without operations where it does not load. */
  | { readonly kind: 'tried'; readonly operations: number | undefined; readonly failures: readonly Failure[] }

async function tryWsdl(file: string, judges: CorpusJudges): Promise<Outcome> {
  const failures: Failure[] = []
  const baseDir = dirname(file)
  try {
    const { document, diagnostics, summary } = await importWsdl(file, { baseDir })
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.some(({ code }) => code === 'import-no-port') || summary.operations.length === 0) {
      return {
        kind: 'skipped',
        reason: errors.map(({ message }) => message).join(' ') || 'It has no SOAP operations.',
      }
    }
    const [broken] = errors
    if (broken) return { kind: 'refused', reason: formatDiagnostic(broken) }
    const adapter = compileContract({ contract: document, baseDir, env: {} })
    const samples: EncodedSample[] = []
    for (const { operation, operationId } of summary.operations) {
      const compiled = adapter.operations.get(operationId)
      if (!compiled) continue
      for (const optionals of ['all', 'none'] as const) {
        tried(failures, 'encode', operationId, () => {
          const { body } = compiled.encode(compiled.sample({ optionals }))
          const xml = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
          samples.push({ soapOperation: operation, operationId, optionals, xml })
        })
        tried(failures, 'decode', operationId, () => {
          const { status, body } = compiled.decode(compiled.sampleResponse({ optionals }))
          const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
          const wrong = judges.response?.(adapter.document, compiled, status, text)
          if (wrong !== undefined)
            failures.push({ stage: 'response', operation: operationId, reason: `${optionals}: ${wrong}` })
        })
      }
    }
    for (const [index, reason] of judges.requests?.(file, samples) ?? []) {
      const sample = samples[index]
      if (sample)
        failures.push({
          stage: 'request',
          operation: sample.operationId,
          reason: `${sample.optionals}: ${reason}`,
        })
    }
    await adapter.close()
    return { kind: 'tried', operations: adapter.operations.size, failures }
  } catch (error) {
    return { kind: 'tried', operations: undefined, failures: [{ stage: 'load', reason: reasonOf(error) }] }
  }
}

function tried(failures: Failure[], stage: Failure['stage'], operation: string, attempt: () => void): void {
  try {
    attempt()
  } catch (error) {
    failures.push({ stage, operation, reason: reasonOf(error) })
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { path, violations } = error as { path?: unknown; violations?: unknown }
  const where = typeof path === 'string' ? ` at ${path}` : ''
  const details = Array.isArray(violations) && violations.length > 0 ? ` ${JSON.stringify(violations)}` : ''
  return `${error.message.split('\n').slice(0, 3).join(' | ')}${where}${details}`
}

/** The report as a table for a terminal. */
export function formatCorpus({ rows, failures, refused, skipped }: CorpusReport): string {
  const head = ['folder', 'WSDLs', 'refused', 'loads', 'operations', 'requests', 'responses']
  const total = (key: Exclude<keyof CorpusRow, 'folder'>): number =>
    rows.reduce((sum, row) => sum + row[key], 0)
  const cells = [
    head,
    ...rows.map(({ folder, wsdls, refused: broken, loads, operations, requests, responses }) =>
      [folder, wsdls, broken, loads, operations, requests, responses].map(String),
    ),
    [
      'total',
      ...(['wsdls', 'refused', 'loads', 'operations', 'requests', 'responses'] as const).map((key) =>
        String(total(key)),
      ),
    ],
  ]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
  const failed = failures.map(({ wsdl, operation, stage, reason }) => {
    return `${wsdl}${operation === undefined ? '' : ` ${operation}`}: ${stage}: ${reason}`
  })
  const left = [
    ...refused.map(({ wsdl, reason }) => `${wsdl}: refused: ${reason}`),
    ...skipped.map(({ wsdl, reason }) => `${wsdl}: skipped: ${reason}`),
  ]
  return [
    ...lines,
    ...(failed.length > 0 ? ['', ...failed] : []),
    ...(left.length > 0 ? ['', ...left] : []),
  ].join('\n')
}
