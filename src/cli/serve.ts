import { Command } from 'commander'
import { formatDiagnostic } from '../base/diagnostic.js'
import { contractOption } from './contract.js'
import { settingsFrom } from './settings.js'
import { tcpPort } from './values.js'

interface Options {
  readonly contract: string
  readonly port?: string
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the contract. Everything else is set by the environment, see docs/settings.md.')
    .addOption(contractOption())
    .option('-p, --port <number>', 'TCP port, instead of PORT', tcpPort)
    .addHelpText(
      'after',
      '\nExample:\n  $ CORE_BANKING_URL=https://core.bank.example/v3 soapstone serve --contract openapi.yaml',
    )
    .action(async ({ contract, port }: Options) => {
      const settings = settingsFrom({ ...process.env, ...(port !== undefined && { PORT: port }) })
      const [{ compileContract }, { startServer }] = await Promise.all([
        import('../adapter/adapter.js'),
        import('../server.js'),
      ])
      const adapter = compileContract({ contract })
      for (const diagnostic of adapter.diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
      await startServer(adapter, settings)
    })
}
