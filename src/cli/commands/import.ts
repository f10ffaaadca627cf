import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import type { ImportRecord, RecordedOptions } from '../../tools/import/import-record.js'
import { type FetchArguments, localWsdls } from '../import/fetched-wsdls.js'
import { askSettings, readSettings, SETTINGS_FILE } from '../import/questions.js'
import { findingsOf, showFindings } from '../terminal/findings.js'
import { Progress } from '../terminal/progress.js'
import { Failure } from '../terminal/report.js'

interface Options extends Omit<RecordedOptions, 'settings'>, FetchArguments {
  readonly settings?: string
  readonly explain?: string
  readonly interactive?: true
  readonly output?: string
  readonly merge?: string
  readonly json?: true
  readonly quiet?: true
}

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Design a REST API for WSDLs: writes an OpenAPI document with its annotation, ready to serve.',
    )
    .argument('<wsdl...>', 'local WSDL files, or with --fetch URLs; several make one document')
    .option(
      '--fetch <folder>',
      'download WSDLs that are URLs, with all that they import, into this folder, and import from there',
    )
    .option('--allow-host <hosts...>', 'hosts (or host:port) to fetch from beside those of the WSDLs')
    .option(
      '-o, --output <file>',
      'write here instead of to stdout, and a record for --merge beside it; paths in the document are relative to it',
    )
    .option(
      '-m, --merge <file>',
      'bring what the WSDLs have changed into this document of yours, and keep your edits',
    )
    .option('--force', 'replace the output file where there is one, and files of --fetch that were edited')
    .option('--json', 'write JSON instead of YAML, and findings as JSON on one line of stderr')
    .option(
      '-q, --quiet',
      'say nothing of what is under way on stderr, where it takes longer than two seconds',
    )
    .option('--backend <name>', 'name of the backend, instead of that of the service')
    .option('--base-path <path>', 'path of the server (default: "/v1")')
    .addOption(
      new Option('--names <how>', 'names of members (default: "camel")').choices(['camel', 'preserve']),
    )
    .addOption(
      new Option(
        '--style <how>',
        'resources and methods, or POST /service/operation for all (default: "resource")',
      ).choices(['resource', 'rpc']),
    )
    .option('--operations <patterns...>', 'only these operations of the WSDL; * stands for any letters')
    .option(
      '--settings <file>',
      'decisions of yours, applied before the design: import.yaml, kept by --merge (docs/import.md)',
    )
    .option(
      '-i, --interactive',
      'ask what the design is unsure of, write the answers into the file of --settings (default: "import.yaml"), then import',
    )
    .option('--explain <operation>', 'only say how this operation came to its method and path')
    .option('--service <name>', 'only this wsdl:service')
    .option('--port <name>', 'only this wsdl:port')
    .addHelpText(
      'after',
      '\nExamples:\n  $ soapstone import wsdl/banking/core-banking.wsdl --output bank.yaml' +
        '\n  $ soapstone import wsdl/banking/core-banking.wsdl --merge bank.yaml' +
        '\n  $ soapstone import wsdl/banking/core-banking.wsdl --explain GetAccount' +
        '\n  $ soapstone import wsdl/banking/core-banking.wsdl --interactive --output bank.yaml' +
        '\n  $ soapstone import https://soap.example/orders?wsdl --fetch wsdl/orders --output orders.yaml' +
        '\n\nThe document goes to stdout or the file, what was decided and what to review to stderr.',
    )
    .action((wsdls: string[], options: Options) =>
      (options.merge === undefined ? design : merge)(wsdls, options),
    )
}

async function design(
  wsdls: readonly string[],
  { output, json, force, settings: settingsFile, explain, interactive, quiet, ...given }: Options,
): Promise<void> {
  refuseTogether({ interactive, explain, json })
  const before = { ...given, ...(await settingsIn(settingsFile, interactive)) }
  const [
    { importWsdl },
    { judgeDocument: judge },
    { formatSummary },
    { recordPath, writeRecord },
    { yamlText },
  ] = await Promise.all([
    import('../../tools/import/import.js'),
    import('../../http/contract/judge-document.js'),
    import('../../tools/import/summary/summary.js'),
    import('../../tools/import/import-record.js'),
    import('../../openapi/yaml/style.js'),
  ])
  if (explain !== undefined) {
    await explainOperation(wsdls, explain, { ...before, ...(force && { force }) })
    return
  }
  if (output !== undefined && !force) {
    refuseExisting(
      output,
      `, perhaps with edits of yours; --merge ${output} keeps them, --force replaces it.`,
    )
    // bank.yaml and bank.json have the same: of another document, whose next merge would go by this one.
    refuseExisting(recordPath(output), `, the record of another document; --force replaces it.`)
  }
  const baseDir = output === undefined ? process.cwd() : dirname(resolve(output))
  const paths = await localWsdls(wsdls, { ...before, ...(force && { force }) })
  const rest = interactive ? { ...before, ...(await asked(paths, before, settingsFile)) } : before
  const imported = await withProgress({ quiet, json }, (progress) =>
    importWsdl(paths, { ...rest, baseDir, judge, progress }),
  )
  const { document, diagnostics, summary } = imported
  refuseErrors(diagnostics)
  const text = json ? `${JSON.stringify(document, undefined, 2)}\n` : yamlText(document)
  if (output === undefined) process.stdout.write(text)
  else {
    const flag = force ? 'w' : 'wx'
    writeFileSync(output, text, { flag })
    writeFileSync(recordPath(output), writeRecord(imported, rest), { flag })
  }
  report(diagnostics, formatSummary(summary), { json })
  if (output !== undefined && !json) process.stderr.write(nextSteps(output, recordPath(output), text))
}

async function merge(
  wsdls: readonly string[],
  {
    merge: file = '',
    output = file,
    force,
    json,
    settings: settingsFile,
    explain,
    interactive,
    quiet,
    ...others
  }: Options,
): Promise<void> {
  if (explain !== undefined) throw new Failure('--explain says how an import is made; leave out --merge.', 2)
  const given = { ...others, ...(await settingsIn(settingsFile, interactive)) }
  if (json) throw new Failure('--merge keeps the language of the document; leave out --json.', 2)
  const [{ formatMerge, mergeWsdl }, { judgeDocument: judge }, { recordPath, readRecord, writeRecord }] =
    await Promise.all([
      import('../../tools/import/merge-wsdl.js'),
      import('../../http/contract/judge-document.js'),
      import('../../tools/import/import-record.js'),
    ])
  if (output !== file && !force) {
    refuseExisting(output, '; --force replaces it.')
    if (recordPath(output) !== recordPath(file)) {
      refuseExisting(recordPath(output), ', the record of another document; --force replaces it.')
    }
  }
  const text = read(file)
  const record = recorded(recordPath(file), readRecord)
  const recordedOptions = { ...record?.options, ...given }
  const paths = await localWsdls(wsdls, { ...given, ...(force && { force }) })
  const options = interactive
    ? { ...recordedOptions, ...(await asked(paths, recordedOptions, settingsFile)) }
    : recordedOptions
  const { diagnostics, ...merged } = await withProgress({ quiet, json }, (progress) =>
    mergeWsdl(paths, text, record, { ...options, baseDir: dirname(resolve(file)), judge, progress }),
  ).catch((error: unknown) => {
    throw new Failure(
      `${file} cannot be merged with: ${error instanceof Error ? error.message : String(error)}`,
      1,
    )
  })
  refuseErrors(diagnostics)
  if (output !== file || merged.text !== text) writeFileSync(output, merged.text)
  writeFileSync(recordPath(output), writeRecord(merged.imported, options))
  report(diagnostics, formatMerge(merged.notes))
  if (!record) {
    process.stderr.write(
      `\nThere was no ${recordPath(file)}, which says what import wrote last time: only operations that were missing were added.\n`,
    )
  }
  process.stderr.write(`\nNext: soapstone check --contract ${output}\n`)
}

/** Findings as JSON are for programs, which do not wait. */
async function withProgress<T>(
  { quiet, json }: { readonly quiet: true | undefined; readonly json: true | undefined },
  work: (progress: (stage: string) => void) => Promise<T>,
): Promise<T> {
  const progress = new Progress({ quiet: quiet === true || json === true })
  try {
    return await work((stage) => {
      progress.at(stage)
    })
  } finally {
    progress.end()
  }
}

/**
 * The decisions of a person, as an option.
 *
 * @param mayBeNew answers are to be written there
 */
async function settingsIn(
  file: string | undefined,
  mayBeNew: true | undefined,
): Promise<Pick<RecordedOptions, 'settings'>> {
  const path = file ?? (mayBeNew && existsSync(SETTINGS_FILE) ? SETTINGS_FILE : undefined)
  if (path === undefined || (mayBeNew && !existsSync(path))) return {}
  return { settings: await readSettings(path) }
}

/** @throws Failure */
function refuseTogether({
  interactive,
  explain,
  json,
}: {
  readonly interactive: true | undefined
  readonly explain: string | undefined
  readonly json: true | undefined
}): void {
  if (!interactive) return
  if (explain !== undefined) throw new Failure('--explain asks nothing; leave out --interactive.', 2)
  if (json)
    throw new Failure('--json is for programs, which answer no questions; leave out --interactive.', 2)
}

/** Decisions after what a person was asked about the design that there would be. */
async function asked(
  paths: readonly string[],
  options: RecordedOptions,
  file = SETTINGS_FILE,
): Promise<Pick<RecordedOptions, 'settings'>> {
  const [{ importWsdl }, { noSettings }] = await Promise.all([
    import('../../tools/import/import.js'),
    import('../../tools/import/settings/settings.js'),
  ])
  const imported = await importWsdl(paths, { ...options, baseDir: process.cwd() })
  refuseErrors(imported.diagnostics)
  return { settings: await askSettings(imported, options.settings ?? noSettings, file) }
}

/** @throws Failure where no operation is called so */
async function explainOperation(
  wsdls: readonly string[],
  operation: string,
  options: RecordedOptions & FetchArguments & { readonly force?: true },
): Promise<void> {
  const [{ importWsdl }, { formatExplanation }] = await Promise.all([
    import('../../tools/import/import.js'),
    import('../../tools/import/summary/explain.js'),
  ])
  const { diagnostics, explanations } = await importWsdl(await localWsdls(wsdls, options), {
    ...options,
    baseDir: process.cwd(),
  })
  refuseErrors(diagnostics)
  const found = explanations.filter((each) => each.operation === operation)
  if (found.length === 0) {
    const known = explanations.map((each) => each.operation).join(', ')
    throw new Failure(`No operation that is imported is called ${operation}; there is ${known}.`, 1)
  }
  process.stdout.write(`${found.map(formatExplanation).join('\n\n')}\n`)
}

/** @throws Failure where there is such a file */
function refuseExisting(path: string, whatNow: string): void {
  if (existsSync(path)) throw new Failure(`There is a ${path} already${whatNow}`, 1)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Failure(`There is no ${file} to merge with.`, 1)
  }
}

function recorded(path: string, parse: (text: string) => ImportRecord): ImportRecord | undefined {
  if (!existsSync(path)) return undefined
  try {
    return parse(read(path))
  } catch {
    throw new Failure(
      `${path} is not a record of an import: take it from your version control, or remove it to merge without.`,
      1,
    )
  }
}

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ContractError(diagnostics)
}

function report(
  diagnostics: readonly Diagnostic[],
  summary: string,
  { json }: { readonly json?: true | undefined } = {},
): void {
  if (json) {
    process.stderr.write(`${JSON.stringify({ ...findingsOf(diagnostics), summary })}\n`)
    return
  }
  showFindings(diagnostics, process.stderr)
  process.stderr.write(`${summary}\n`)
}

/** Where things are, and what a person does now. */
function nextSteps(output: string, record: string, text: string): string {
  const variables = [...new Set([...text.matchAll(/\$\{([A-Z0-9_]+):-/g)].map((match) => match[1]))].join(
    ', ',
  )
  return `
Wrote ${output}, and ${record}, which --merge needs when the WSDL has changed: keep both.
Until you set ${variables}, calls go to the addresses that the WSDL has.
Next: soapstone check --contract ${output}; soapstone serve --contract ${output}
`
}
