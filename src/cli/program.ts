import { Command } from 'commander'
import { packageVersion } from '../base/manifest.js'
import { auditCommand } from './commands/audit.js'
import { checkCommand } from './commands/check.js'
import { compileCommand } from './commands/compile.js'
import { completionCommand } from './commands/completion.js'
import { configCommand } from './commands/config.js'
import { corpusCommand } from './commands/corpus.js'
import { decodeCommand } from './commands/decode.js'
import { demoCommand } from './commands/demo.js'
import { diffCommand } from './commands/diff.js'
import { encodeCommand } from './commands/encode.js'
import { eventsCommand } from './commands/events.js'
import { explainCommand } from './commands/explain.js'
import { exportCommand } from './commands/export.js'
import { importCommand } from './commands/import.js'
import { keyCommand } from './commands/key.js'
import { mcpCommand } from './commands/mcp.js'
import { sampleCommand } from './commands/sample.js'
import { serveCommand } from './commands/serve.js'
import { simulateCommand } from './commands/simulate.js'

const EXIT_CODES = `
Exit codes:
  0  done
  1  the contract, the request or the response is bad, or a file or a port cannot be used
  2  the command line is wrong
  70 soapstone itself failed`

/** The command line; commands throw, and `report` explains. */
export function createProgram(): Command {
  const program = new Command('soapstone')
    .description('A REST facade for SOAP backends, driven by an OpenAPI document and WSDLs.')
    .version(packageVersion())
    .addHelpText('after', EXIT_CODES)
  const commands = [
    serveCommand(),
    checkCommand(),
    compileCommand(),
    configCommand(),
    diffCommand(),
    importCommand(),
    explainCommand(),
    exportCommand(),
    corpusCommand(),
    sampleCommand(),
    encodeCommand(),
    decodeCommand(),
    simulateCommand(),
    mcpCommand(),
    keyCommand(),
    auditCommand(),
    eventsCommand(),
    demoCommand(),
    completionCommand(() => program),
  ]
  for (const command of commands) program.addCommand(command)
  for (const command of [program, ...commands]) command.exitOverride().showHelpAfterError('Try --help.')
  return program
}
