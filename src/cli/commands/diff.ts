import { extname } from 'node:path'
import { Command } from 'commander'
import type { DiffReport } from '../../tools/diff/report.js'
import { colours } from '../terminal/colours.js'
import { Failure } from '../terminal/report.js'

interface Options {
  readonly contract?: string
  readonly backend?: string
  readonly json?: true
}

export function diffCommand(): Command {
  return new Command('diff')
    .description('Compare a WSDL with its next version: what changed, what breaks, and for which operation.')
    .argument('<wsdl...>', 'local WSDL files, old and new; with --contract the new one alone')
    .option('-c, --contract <file>', 'an OpenAPI document: its WSDL is the old one, its operations are asked')
    .option('--backend <name>', 'with --contract: whose WSDL it is, where there are several')
    .option('--json', 'write the report as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ soapstone diff bank-v1.wsdl bank-v2.wsdl\n  $ soapstone diff --contract openapi.yaml --backend core-banking bank-v2.wsdl\n\nExits with 1 where something breaks.',
    )
    .action(async (files: string[], options: Options) => {
      const report = await compare(files, options)
      const [{ formatDiff }, { breaks }] = await Promise.all([
        import('../../tools/diff/format.js'),
        import('../../tools/diff/report.js'),
      ])
      const text = options.json
        ? JSON.stringify({ breaks: breaks(report), ...report }, undefined, 2)
        : formatDiff(report, colours(process.stdout))
      process.stdout.write(`${text}\n`)
      if (breaks(report)) process.exitCode = 1
    })
}

async function compare(files: readonly string[], { contract, backend }: Options): Promise<DiffReport> {
  const document = files.find((file) => ['.yaml', '.yml', '.json'].includes(extname(file).toLowerCase()))
  if (document !== undefined) {
    throw new Failure(
      `${document} looks like an OpenAPI document. diff compares WSDLs; name a contract with --contract. What two contracts promise REST clients is compared by "redocly diff OLD NEW".`,
      2,
    )
  }
  const [old, next, ...more] = contract === undefined ? files : [undefined, ...files]
  if (next === undefined || more.length > 0) {
    throw new Failure(
      contract === undefined
        ? 'diff takes two WSDLs, the old one and the new one; or the new one and --contract.'
        : 'With --contract, diff takes one WSDL, the new one: the contract names the old one.',
      2,
    )
  }
  if (old !== undefined) {
    if (backend !== undefined) throw new Failure('--backend names a backend of --contract.', 2)
    const { diffWsdls } = await import('../../tools/diff/wsdl.js')
    return diffWsdls(old, next)
  }
  const { BackendError, diffContract } = await import('../../tools/diff/contract.js')
  try {
    return diffContract({ contract: contract ?? '', backend, wsdl: next })
  } catch (error) {
    if (!(error instanceof BackendError)) throw error
    throw new Failure(`${error.message} Name the one whose WSDL changes with --backend.`, 2)
  }
}
