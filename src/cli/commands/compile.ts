import { Command } from 'commander'
import { counted } from '../../base/count.js'
import { writeCompiled } from '../contract/compiled.js'
import { contractsOption } from '../contract/contract.js'
import { colours } from '../terminal/colours.js'
import { findingsOf, showFindings } from '../terminal/findings.js'
import { check } from './check.js'

interface Options {
  readonly contract: readonly string[]
  readonly output: string
  readonly json?: true
}

export function compileCommand(): Command {
  return new Command('compile')
    .description(
      'Check the contract, and write down that it is in order, so that serve --compiled starts faster.',
    )
    .addOption(contractsOption())
    .option('-o, --output <file>', 'the file', 'openapi.compiled.json')
    .option('--json', 'write the findings as JSON, on one line of stderr')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone compile --contract openapi.yaml --output openapi.compiled.json\n  $ soapstone serve --compiled openapi.compiled.json\n\nNothing is written where check finds an error. The file holds for this version of soapstone and these very files alone.',
    )
    .action(async ({ contract: contracts, output, json }: Options) => {
      const { diagnostics, size } = await check(contracts)
      showFindings(diagnostics, process.stderr, { json })
      const { errors } = findingsOf(diagnostics)
      if (!size || errors > 0) {
        process.exitCode = 1
        return
      }
      writeCompiled(contracts, output)
      const said = `${output}: ${counted(size.operations, 'operation')}. Serve it with serve --compiled ${output}`
      if (!json) process.stderr.write(`${colours(process.stderr).green(said)}\n`)
    })
}
