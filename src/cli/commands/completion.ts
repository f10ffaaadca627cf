import { Argument, Command } from 'commander'
import { bashScript } from '../completion/bash.js'
import { describeProgram } from '../completion/description.js'
import { fishScript } from '../completion/fish.js'
import { zshScript } from '../completion/zsh.js'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

const SHELLS = Object.keys(SCRIPTS) as readonly (keyof typeof SCRIPTS)[]

/** @param program what is completed; asked when the command runs, when it has all commands */
export function completionCommand(program: () => Command): Command {
  return new Command('completion')
    .description('Write the completion script for a shell: commands, options, their values and files.')
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ soapstone completion bash > ~/.local/share/bash-completion/completions/soapstone
  $ soapstone completion zsh > "\${fpath[1]}/_soapstone"
  $ soapstone completion fish > ~/.config/fish/completions/soapstone.fish`,
    )
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell](describeProgram(program())))
    })
}
