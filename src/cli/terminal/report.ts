import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommanderError } from 'commander'
import { AdapterError, ContractError } from '../../base/errors.js'
import { colours } from './colours.js'
import { findingsOf, findingsText } from './findings.js'

/** Something that the person at the keyboard can fix. */
export class Failure extends Error {
  override readonly name = 'Failure'

  /** @param exitCode 1: what was read is bad; 2: the command line is wrong */
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message)
  }
}

/**
 * Explains an error on stderr; as JSON, where the command was asked for that.
 *
 * @returns the exit code
 */
export function report(error: unknown, { json = false }: { readonly json?: boolean } = {}): number {
  if (error instanceof CommanderError) {
    // Commander has written its message, or the help that was asked for, itself.
    return error.exitCode === 0 ? 0 : 2
  }
  if (json) {
    const { text, exitCode } = explain(error)
    const found = error instanceof ContractError ? findingsOf(error.diagnostics) : findingsOf([])
    const [first = ''] = text.split('\n')
    const said = error instanceof ContractError ? first : text
    process.stderr.write(`${JSON.stringify({ error: said, ...found })}\n`)
    return exitCode
  }
  const { red } = colours(process.stderr)
  const { text, exitCode } = explain(error)
  process.stderr.write(`${red('error')}: ${text}\n`)
  return exitCode
}

function explain(error: unknown): { text: string; exitCode: number } {
  if (error instanceof Failure) return { text: error.message, exitCode: error.exitCode }
  if (error instanceof ContractError) {
    const found = findingsText(error.diagnostics, colours(process.stderr))
    return { text: `What was given cannot be used:\n${found}`, exitCode: 1 }
  }
  if (error instanceof AdapterError) return { text: adapterError(error), exitCode: 1 }
  if (isSystemError(error)) return { text: systemError(error), exitCode: 1 }
  const message = error instanceof Error ? error.message : String(error)
  return { text: `soapstone failed, which it should not: ${message}`, exitCode: 70 }
}

function adapterError({ code, message, path, violations }: AdapterError): string {
  const where = violations.length === 0 && path !== undefined ? ` (at ${path})` : ''
  const places = violations.map(({ pointer, detail }) => `\n  ${pointer === '' ? '/' : pointer}: ${detail}`)
  return `${code}: ${message}${where}${places.join('')}`
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function systemError(error: NodeJS.ErrnoException): string {
  const { code, path } = error
  if (code === 'EADDRINUSE') return `The TCP port is taken: ${error.message}. Choose another with --port.`
  if (code === 'EACCES' && error.syscall === 'listen')
    return `The TCP port may not be used: ${error.message}.`
  if (code === 'ENOENT' && path !== undefined) {
    return error.syscall === 'open' && !existsSync(dirname(path))
      ? `There is no folder ${dirname(path)}.`
      : `There is no ${path}.`
  }
  return error.message
}
