import { type Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.js'
import { report } from '../../src/cli/terminal/report.js'

/** The program, with all that it writes kept aside. */
function captured(): { program: Command; written: () => string } {
  const program = createProgram()
  let text = ''
  const keep = (more: string) => (text += more)
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeOut: keep, writeErr: keep })
  }
  return { program, written: () => text }
}

describe('help', () => {
  it.each(createProgram().commands.map((command) => command.name()))('of %s has an example', (name) => {
    const { program, written } = captured()
    program.commands.find((command) => command.name() === name)?.outputHelp()
    expect(written()).toMatch(new RegExp(`^Usage: soapstone ${name} `))
    expect(written()).toMatch(new RegExp(`Examples?:\\n {2}\\$ .*soapstone ${name} `))
  })

  it('lists every command and the exit codes', () => {
    const { program, written } = captured()
    program.outputHelp()
    expect(written()).toMatch(/serve[^]*check[^]*import[^]*sample[^]*encode[^]*decode[^]*simulate[^]*demo/)
    expect(written()).toMatch(/Exit codes:\n {2}0 /)
  })
})

describe('a command line that is wrong', () => {
  it.each([
    ['an unknown command', ['serv'], /unknown command 'serv'/],
    ['an unknown option', ['check', '--nope'], /unknown option '--nope'/],
    ['a missing argument', ['encode'], /missing required argument 'operation'/],
    ['a port that is none', ['serve', '--port', 'x'], /whole number from 0 to 65535/],
    ['a port that is too high', ['simulate', 'a.wsdl', '--port', '65536'], /whole number from 0 to 65535/],
    ['a status that is none', ['decode', 'getAccount', '--status', '42'], /from 100 to 599/],
    ['a share above all', ['simulate', 'a.wsdl', '--failure-rate', '101'], /from 0 to 100/],
    ['a fault that is not OP=FAULT', ['simulate', 'a.wsdl', '--fault', 'x'], /OPERATION=FAULT/],
    ['optionals that are neither', ['sample', 'x', '--optionals', 'some'], /all, none/],
  ])('%s: exit code 2, and what is wrong', async (_what, args, message) => {
    const { program, written } = captured()
    const error: unknown = await program.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => thrown)
    expect(written()).toMatch(message)
    expect(error).toBeInstanceOf(CommanderError)
    expect(report(error)).toBe(2)
  })
})
