import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { type Diagnostic, formatDiagnostic } from '../base/diagnostic.js'
import { ContractError } from '../base/errors.js'
import { type ImportRecord, type RecordedOptions } from '../tools/import/import-record.js'
import { type FetchArguments, localWsdls } from './fetched-wsdls.js'
import { Failure } from './report.js'

interface Options extends RecordedOptions, FetchArguments {
  readonly output?: string
  readonly merge?: string
  readonly json?: true
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
    .option('--json', 'write JSON instead of YAML')
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
    .option('--service <name>', 'only this wsdl:service')
    .option('--port <name>', 'only this wsdl:port')
    .addHelpText(
      'after',
      '\nExamples:\n  $ soapstone import wsdl/banking/core-banking.wsdl --output bank.yaml' +
        '\n  $ soapstone import wsdl/banking/core-banking.wsdl --merge bank.yaml' +
        '\n  $ soapstone import https://soap.example/orders?wsdl --fetch wsdl/orders --output orders.yaml' +
        '\n\nThe document goes to stdout or the file, what was decided and what to review to stderr.',
    )
    .action((wsdls: string[], options: Options) =>
      (options.merge === undefined ? design : merge)(wsdls, options),
    )
}

async function design(wsdls: readonly string[], { output, json, force, ...rest }: Options): Promise<void> {
  if (output !== undefined && !force && existsSync(output)) {
    throw new Failure(
      `There is a ${output} already, perhaps with edits of yours; --merge ${output} keeps them, --force replaces it.`,
      1,
    )
  }
  const [{ importWsdl }, { formatSummary }, { recordPath, writeRecord }, { stringify }] = await Promise.all([
    import('../tools/import/import.js'),
    import('../tools/import/summary.js'),
    import('../tools/import/import-record.js'),
    import('yaml'),
  ])
  const baseDir = output === undefined ? process.cwd() : dirname(resolve(output))
  const paths = await localWsdls(wsdls, { ...rest, ...(force && { force }) })
  const { document, diagnostics, summary } = await importWsdl(paths, { ...rest, baseDir })
  refuseErrors(diagnostics)
  const text = json
    ? `${JSON.stringify(document, undefined, 2)}\n`
    : stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })
  if (output === undefined) process.stdout.write(text)
  else {
    writeFileSync(output, text)
    writeFileSync(recordPath(output), writeRecord(document, rest))
  }
  report(diagnostics, formatSummary(summary))
  if (output !== undefined) process.stderr.write(nextSteps(output, recordPath(output), text))
}

async function merge(
  wsdls: readonly string[],
  { merge: file = '', output = file, force, json, ...given }: Options,
): Promise<void> {
  if (json) throw new Failure('--merge keeps the language of the document; leave out --json.', 2)
  if (output !== file && !force && existsSync(output)) {
    throw new Failure(`There is a ${output} already; --force replaces it.`, 1)
  }
  const [{ formatMerge, mergeWsdl }, { recordPath, readRecord, writeRecord }] = await Promise.all([
    import('../tools/import/merge-wsdl.js'),
    import('../tools/import/import-record.js'),
  ])
  const text = read(file)
  const record = recorded(recordPath(file), readRecord)
  const options = { ...record?.options, ...given }
  const paths = await localWsdls(wsdls, { ...given, ...(force && { force }) })
  const { diagnostics, ...merged } = await mergeWsdl(paths, text, record?.document, {
    ...options,
    baseDir: dirname(resolve(file)),
  }).catch((error: unknown) => {
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
      `${path} is no record of an import: take it from your version control, or remove it to merge without.`,
      1,
    )
  }
}

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ContractError(diagnostics)
}

function report(diagnostics: readonly Diagnostic[], summary: string): void {
  for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
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
