import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { auditCommand } from './audit.js'
import { checkCommand } from './check.js'
import { corpusCommand } from './corpus.js'
import { decodeCommand } from './decode.js'
import { demoCommand } from './demo.js'
import { diffCommand } from './diff.js'
import { encodeCommand } from './encode.js'
import { importCommand } from './import.js'
import { keyCommand } from './key.js'
import { sampleCommand } from './sample.js'
import { serveCommand } from './serve.js'
import { simulateCommand } from './simulate.js'

const exitCodes = `
Exit codes:
  0  done
  1  the contract, the request or the answer is bad, or a file or a port cannot be used
  2  the command line is wrong
  70 soapstone itself failed`

/** The command line; commands throw, and `report` explains. */
export function createProgram(): Command {
  const program = new Command('soapstone')
    .description('A REST facade for SOAP backends, driven by an OpenAPI document and WSDLs.')
    .version(version())
    .addHelpText('after', exitCodes)
  const commands = [
    serveCommand(),
    checkCommand(),
    diffCommand(),
    importCommand(),
    corpusCommand(),
    sampleCommand(),
    encodeCommand(),
    decodeCommand(),
    simulateCommand(),
    keyCommand(),
    auditCommand(),
    demoCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  for (const command of [program, ...commands]) command.exitOverride().showHelpAfterError('Try --help.')
  return program
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : ''
}
