import { Command, Option } from 'commander'
import { counted } from '../../base/count.js'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { warnOfUnknownSettings } from '../../config/unknown-settings.js'
import { readCompiled } from '../contract/compiled.js'
import { contractsOption } from '../contract/contract.js'
import { settingsFrom } from '../options/settings.js'
import { tcpPort } from '../options/values.js'
import type { InspectOptions } from '../serve/inspector.js'
import type { Refused, Reloaded } from '../serve/watch.js'
import { colours } from '../terminal/colours.js'
import { showFindings } from '../terminal/findings.js'
import { report } from '../terminal/report.js'
import { variablesOf } from './config.js'

interface Options extends InspectOptions {
  readonly contract: readonly string[]
  readonly compiled?: string
  readonly port?: string
  readonly json?: true
  readonly watch?: true
}

/** For whoever edits a contract, beside the log. */
function showReload(changed: string, outcome: Reloaded | Refused, json: true | undefined): void {
  if ('error' in outcome) {
    report(outcome.error, { json: json ?? false })
    const said = `${changed} has changed and cannot be served: the contract before stays.`
    if (!json) process.stderr.write(`${colours(process.stderr).red(said)}\n`)
    return
  }
  showFindings(outcome.diagnostics, process.stderr, { json })
  const said = `${changed} has changed: ${counted(outcome.operations, 'operation')} are served anew.`
  if (!json) process.stderr.write(`${colours(process.stderr).green(said)}\n`)
}

function mistakenVariables(contracts: readonly string[]): readonly Diagnostic[] {
  const diagnostics = new Diagnostics()
  warnOfUnknownSettings(process.env, diagnostics, variablesOf(contracts).keys())
  return diagnostics.list
}

/** What fails may do so since a variable has no effect: both are shown. */
function beside<T>(mistaken: readonly Diagnostic[], act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof ContractError)) throw error
    throw new ContractError([...mistaken, ...error.diagnostics])
  }
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the contract. Everything else is set by the environment, see docs/settings.md.')
    .addOption(contractsOption())
    .addOption(
      new Option('--compiled <file>', 'the contracts that soapstone compile found to be in order').conflicts([
        'contract',
        'watch',
      ]),
    )
    .option('-p, --port <number>', 'TCP port, instead of PORT', tcpPort)
    .option('-w, --watch', 'serve the contract anew when it or a WSDL of it has changed and passes check')
    .option('--inspect', 'serve a page that shows what the translation does, for this machine alone')
    .option('--inspect-port <number>', 'TCP port of that page', tcpPort, '8089')
    .option('--inspect-host <address>', 'where else it listens; ADMIN_TOKEN must be set', '127.0.0.1')
    .option('--inspect-values', 'show the values of calls, too, and not only their places')
    .option('--json', 'write findings as JSON, on one line of stderr')
    .addHelpText(
      'after',
      '\nExample:\n  $ CORE_BANKING_URL=https://core.bank.example/v3 soapstone serve --contract openapi.yaml',
    )
    .action(async ({ contract, compiled, port, json, watch, ...inspect }: Options) => {
      const contracts = compiled === undefined ? contract : readCompiled(compiled)
      const isJudged = compiled !== undefined
      const mistaken = mistakenVariables(contracts)
      const settings = beside(mistaken, () =>
        settingsFrom({ ...process.env, ...(port !== undefined && { PORT: port }) }),
      )
      const [{ compileContracts }, { startServer }] = await Promise.all([
        import('../../adapter/adapter.js'),
        import('../../server.js'),
      ])
      const inspector =
        inspect.inspect &&
        (await import('../serve/inspector.js').then(({ openInspector }) => openInspector(inspect, settings)))
      const adapters = beside(mistaken, () => compileContracts(contracts, { isJudged }))
      inspector?.attach(adapters)
      showFindings([...mistaken, ...adapters.flatMap(({ diagnostics }) => diagnostics)], process.stderr, {
        json,
      })
      const server = await startServer(adapters, settings, { isReplaceable: watch ?? false, isJudged })
      if (inspector) process.stderr.write(`Inspector: ${await inspector.start()}\n`)
      if (!watch) return
      const { ContractWatch } = await import('../serve/watch.js')
      new ContractWatch({
        contracts,
        reload: async () => {
          const next = compileContracts(contracts)
          await server.replace(next)
          inspector?.attach(next)
          return {
            operations: next.reduce((sum, { operations }) => sum + operations.size, 0),
            diagnostics: next.flatMap(({ diagnostics }) => diagnostics),
          }
        },
        onReload: (changed, outcome) => {
          showReload(changed, outcome, json)
        },
      })
    })
}
