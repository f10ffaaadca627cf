import { readdirSync } from 'node:fs'
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path'
import { type Adapter, compileContract } from '../adapter/adapter.js'
import { unpack } from '../adapter/reply/received.js'
import type { RestOperation, SampleOptions, SoapRequest } from '../adapter/rest.js'
import { type Body, bytesOf } from '../base/bytes/source.js'
import { type Diagnostic, formatDiagnostic } from '../base/diagnostic/diagnostic.js'
import { withoutTrailing } from '../base/substring.js'
import type { OpenApiObject } from '../openapi/document.js'
import { contractRoot } from '../wsdl/contract-root.js'
import { loadWsdl } from '../wsdl/load.js'
import { addScores, type DesignScore, noScore, scoreCells, scoreFiles, scoreHead } from './design-score.js'
import { importWsdl } from './import/import.js'
import { withoutSecrets } from './import/proposals/policies.js'
import type { ImportSummary } from './import/summary/summary.js'

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
  readonly stage: 'load' | 'compile' | 'encode' | 'decode' | 'request' | 'response'
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
  /** Of a response by the published document. */
  readonly response?: (
    document: OpenApiObject,
    operation: RestOperation,
    status: number,
    body: string,
  ) => string | undefined
}

/**
 * Imports, loads and tries every WSDL below folders: what `soapstone corpus FOLDER…` prints.
 *
 * @param directories searched for `*.wsdl`; each folder directly in one of them is a row
 * @throws a system error where a folder cannot be read
 */
export async function runCorpus(
  directories: string | readonly string[],
  judges: CorpusJudges = {},
): Promise<CorpusReport> {
  const report = new ReportWriter()
  const roots = typeof directories === 'string' ? [directories] : directories
  for (const root of roots) {
    const name = roots.length > 1 ? withoutTrailing(root, '/') : ''
    for (const file of wsdlsBelow(resolve(root))) {
      const below = relative(resolve(root), file).split(sep)
      const [folder] = below.length > 1 ? below : []
      const row = [name, folder].filter((part) => part !== undefined && part !== '').join('/')
      report.add(posix.join(name, ...below), row === '' ? '.' : row, await tryWsdl(file, judges))
    }
  }
  return report
}

/** Counts what became of each WSDL, folder by folder. */
class ReportWriter implements CorpusReport {
  readonly failures: CorpusFailure[] = []
  readonly skipped: { readonly wsdl: string; readonly reason: string }[] = []
  readonly refused: { readonly wsdl: string; readonly reason: string }[] = []
  readonly #rows = new Map<string, CorpusRow>()

  get rows(): readonly CorpusRow[] {
    return [...this.#rows.values()]
  }

  add(wsdl: string, folder: string, outcome: Outcome): void {
    if (outcome.kind === 'skipped') {
      this.skipped.push({ wsdl, reason: outcome.reason })
      return
    }
    const row = this.#rows.get(folder) ?? { folder, ...emptyRow }
    if (outcome.kind === 'refused') {
      this.refused.push({ wsdl, reason: outcome.reason })
      this.#rows.set(folder, { ...row, wsdls: row.wsdls + 1, refused: row.refused + 1 })
      return
    }
    const { failures, operations } = outcome
    this.failures.push(...failures.map((failure) => ({ ...failure, wsdl })))
    const failed = (...stages: readonly CorpusFailure['stage'][]): number =>
      new Set(failures.filter(({ stage }) => stages.includes(stage)).map(({ operation }) => operation)).size
    this.#rows.set(folder, {
      ...row,
      wsdls: row.wsdls + 1,
      ...(operations !== undefined && {
        loads: row.loads + 1,
        operations: row.operations + operations,
        requests: row.requests + operations - failed('compile', 'encode', 'request'),
        responses: row.responses + operations - failed('compile', 'decode', 'response'),
      }),
    })
  }
}

const emptyRow = { wsdls: 0, refused: 0, loads: 0, operations: 0, requests: 0, responses: 0 }

/** Judges the designs that import makes of every WSDL below folders: what `soapstone corpus --design` prints. */
export async function runDesigns(directories: readonly string[]): Promise<ReadonlyMap<string, DesignScore>> {
  const rows = new Map<string, DesignScore>()
  for (const root of directories) {
    const scores = await scoreFiles(wsdlsBelow(resolve(root)))
    for (const [file, score] of scores) {
      const below = relative(resolve(root), file).split(sep)
      const folder = directories.length > 1 ? root : below.length > 1 ? (below[0] ?? '.') : '.'
      rows.set(folder, addScores(rows.get(folder) ?? noScore, score))
    }
  }
  return rows
}

/** The scores as a table for a terminal. */
export function formatDesigns(rows: ReadonlyMap<string, DesignScore>): string {
  const total = [...rows.values()].reduce(addScores, noScore)
  return table([
    ['folder', ...scoreHead],
    ...[...rows].map(([folder, score]) => [folder, ...scoreCells(score)]),
    ['total', ...scoreCells(total)],
  ]).join('\n')
}

/** @param cells rows of as many cells each; all but the first column are numbers */
function table(cells: readonly (readonly string[])[]): string[] {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
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
  try {
    const baseDir = dirname(file)
    const { document, diagnostics, summary } = await importWsdl(basename(file), { baseDir })
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    const broken = errors.find(({ code }) => code !== 'import-no-port')
    if (summary.operations.length === 0 && document.webhooks !== undefined) {
      return {
        kind: 'skipped',
        reason: 'Its port looks like one that its provider calls: webhooks are proposed.',
      }
    }
    if (summary.operations.length === 0 && hasPort(file)) {
      const reason = summary.leftOut[0] ?? errors.at(-1)?.message ?? 'It has no SOAP operations.'
      return { kind: 'refused', reason: broken ? oneLine(broken) : reason }
    }
    if (summary.operations.length === 0) {
      const reason = errors.at(-1)?.message ?? 'It has no SOAP operations.'
      return { kind: 'skipped', reason: broken ? `${reason} ${oneLine(broken)}` : reason }
    }
    if (broken) return { kind: 'refused', reason: oneLine(broken) }
    const adapter = compileContract({ contract: withoutSecrets(document), baseDir, env: {} })
    try {
      const failures = tryOperations(file, adapter, summary, judges)
      return { kind: 'tried', operations: summary.operations.length, failures }
    } finally {
      await adapter.close()
    }
  } catch (error) {
    return { kind: 'tried', operations: undefined, failures: [{ stage: 'load', reason: reasonOf(error) }] }
  }
}

function oneLine(diagnostic: Diagnostic): string {
  return formatDiagnostic(diagnostic).replaceAll('\n', ' ')
}

/** Whether there is a SOAP port, whatever became of its operations. */
function hasPort(file: string): boolean {
  const { wsdl } = loadWsdl(file, { root: contractRoot(file) })
  return wsdl?.services.some(({ ports }) => ports.length > 0) ?? false
}

function tryOperations(
  file: string,
  adapter: Adapter,
  { operations }: ImportSummary,
  judges: CorpusJudges,
): readonly Failure[] {
  const failures: Failure[] = []
  const samples: EncodedSample[] = []
  for (const { operation, operationId } of operations) {
    const served = adapter.operations.get(operationId)
    const compiled = served?.alternatives?.find((each) => each.soapOperation === operation) ?? served
    if (!compiled) {
      failures.push({ stage: 'compile', operation: operationId, reason: 'The contract lost it.' })
      continue
    }
    for (const optionals of ['all', 'none'] as const) {
      tried(failures, 'encode', operationId, () => {
        const xml = envelopeOf(compiled.encode(compiled.sample({ optionals })))
        samples.push({ soapOperation: operation, operationId, optionals, xml })
      })
      tried(failures, 'decode', operationId, () => {
        const { status, body } = compiled.decode(compiled.sampleResponse({ optionals }))
        const wrong = judges.response?.(adapter.document, compiled, status, textOf(body))
        if (wrong !== undefined)
          failures.push({ stage: 'response', operation: operationId, reason: `${optionals}: ${wrong}` })
      })
    }
  }
  for (const [index, reason] of judges.requests?.(file, samples) ?? []) {
    const sample = samples[index]
    if (!sample) continue
    const { operationId, optionals } = sample
    failures.push({ stage: 'request', operation: operationId, reason: `${optionals}: ${reason}` })
  }
  return failures
}

function textOf(body: Body): string {
  return bytesOf(body).toString('utf8')
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
  const lines = table(cells)
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

/** What stands in the root part, where there are attachments. */
function envelopeOf({ headers, body }: SoapRequest): string {
  const sent = { status: 200, headers, body: bytesOf(body) }
  return bytesOf(unpack(sent, Infinity).response.body).toString()
}
