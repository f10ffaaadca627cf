import { createProgram } from './program.js'
import { report } from './terminal/report.js'

/**
 * Runs a command line to its end.
 *
 * @param args without those of Node; by default the process's
 * @returns the exit code
 */
export async function run(args?: readonly string[]): Promise<number> {
  const program = createProgram()
  let json = false
  program.hook('preAction', (_program, command) => {
    json = command.getOptionValue('json') === true
  })
  try {
    if (args) await program.parseAsync(args, { from: 'user' })
    else await program.parseAsync()
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return report(error, { json })
  }
}
