import { Command } from 'commander'
import { packageVersion } from '../base/manifest.js'
import { auditCommand } from './audit.js'
import { checkCommand } from './check.js'
import { compileCommand } from './compile.js'
import { completionCommand } from './completion.js'
import { configCommand } from './config.js'
import { corpusCommand } from './corpus.js'
import { decodeCommand } from './decode.js'
import { demoCommand } from './demo.js'
import { diffCommand } from './diff.js'
import { encodeCommand } from './encode.js'
import { eventsCommand } from './events.js'
import { explainCommand } from './explain.js'
import { exportCommand } from './export.js'
import { importCommand } from './import.js'
import { keyCommand } from './key.js'
import { mcpCommand } from './mcp.js'
import { sampleCommand } from './sample.js'
import { serveCommand } from './serve.js'
import { simulateCommand } from './simulate.js'

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
