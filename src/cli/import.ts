import { existsSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { formatDiagnostic } from '../base/diagnostic.js'
import { ContractError } from '../base/errors.js'
import { Failure } from './report.js'

interface Options {
  readonly output?: string
  readonly json?: true
  readonly force?: true
  readonly backend?: string
  readonly basePath: string
  readonly names: 'camel' | 'preserve'
  readonly style: 'resource' | 'rpc'
  readonly operations?: readonly string[]
  readonly service?: string
  readonly port?: string
}

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Design a REST API for WSDLs: writes an OpenAPI document with its annotation, ready to serve.',
    )
    .argument('<wsdl...>', 'local WSDL files')
    .option(
      '-o, --output <file>',
      'write here instead of to stdout; paths in the document are relative to it',
    )
    .option('--force', 'replace the output file where there is one')
    .option('--json', 'write JSON instead of YAML')
    .option('--backend <name>', 'name of the backend, instead of that of the service')
    .option('--base-path <path>', 'path of the server', '/v1')
    .addOption(
      new Option('--names <how>', 'names of members').choices(['camel', 'preserve']).default('camel'),
    )
    .addOption(
      new Option('--style <how>', 'resources and methods, or POST /service/operation for all')
        .choices(['resource', 'rpc'])
        .default('resource'),
    )
    .option('--operations <patterns...>', 'only these operations of the WSDL; * stands for any letters')
    .option('--service <name>', 'only this wsdl:service')
    .option('--port <name>', 'only this wsdl:port')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone import wsdl/banking/core-banking.wsdl --output bank.yaml\n\nThe document goes to stdout or the file, what was decided and what to review to stderr.',
    )
    .action(async (wsdls: string[], { output, json, force, ...rest }: Options) => {
      if (output !== undefined && !force && existsSync(output)) {
        throw new Failure(
          `There is a ${output} already, perhaps with edits of yours; --force replaces it.`,
          1,
        )
      }
      const [{ importWsdl }, { formatSummary }, { stringify }] = await Promise.all([
        import('../tools/import/import.js'),
        import('../tools/import/summary.js'),
        import('yaml'),
      ])
      const baseDir = output === undefined ? process.cwd() : dirname(resolve(output))
      const paths = wsdls.map((wsdl) => resolve(wsdl))
      const { document, diagnostics, summary } = await importWsdl(paths, { ...rest, baseDir })
      if (diagnostics.some(({ severity }) => severity === 'error')) throw new ContractError(diagnostics)
      const text = json
        ? `${JSON.stringify(document, undefined, 2)}\n`
        : stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })
      if (output === undefined) process.stdout.write(text)
      else writeFileSync(output, text)
      for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
      process.stderr.write(`${formatSummary(summary)}\n`)
      if (output !== undefined) process.stderr.write(nextSteps(output, text))
    })
}

/** Where things are, and what a person does now. */
function nextSteps(output: string, text: string): string {
  const variables = [...new Set([...text.matchAll(/\$\{([A-Z0-9_]+):-/g)].map((match) => match[1]))].join(
    ', ',
  )
  return `
Wrote ${output}. Until you set ${variables}, calls go to the addresses that the WSDL has.
Next: soapstone check --contract ${output}; soapstone serve --contract ${output}
`
}
