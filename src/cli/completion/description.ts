import type { Command, Option } from 'commander'

/** What may stand as a value of an option or as an argument. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  /** The `operationId`s of the contract that the command line names. */
  | { readonly kind: 'operation' }
  /** Something that nobody can list. */
  | { readonly kind: 'free' }

export interface DescribedOption {
  /** `-c` and `--contract`. */
  readonly flags: readonly string[]
  readonly description: string
  /** Absent where the option takes no value. */
  readonly values?: Values
}

export interface DescribedCommand {
  readonly name: string
  readonly description: string
  readonly options: readonly DescribedOption[]
  /** What its arguments are, all the same. */
  readonly values?: Values
}

export interface DescribedProgram {
  readonly name: string
  readonly commands: readonly DescribedCommand[]
  readonly options: readonly DescribedOption[]
}

/** What the shells have to know of a program, from its own definition. */
export function describeProgram(program: Command): DescribedProgram {
  return {
    name: program.name(),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: optionsOf(command),
      ...argumentsOf(command),
    })),
    options: optionsOf(program),
  }
}

function optionsOf(command: Command): readonly DescribedOption[] {
  const help: DescribedOption = { flags: ['-h', '--help'], description: 'display help for command' }
  return [...command.options.filter(({ hidden }) => !hidden).map(describedOption), help]
}

function describedOption(option: Option): DescribedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined)
  const { description } = option
  if (!option.required && !option.optional) return { flags, description }
  return { flags, description, values: valuesOf(option.argChoices, placeholderOf(option.flags)) }
}

function argumentsOf(command: Command): Pick<DescribedCommand, 'values'> {
  const [first] = command.registeredArguments
  return first ? { values: valuesOf(first.argChoices, first.name()) } : {}
}

/** `file` of `-c, --contract <file>`. */
function placeholderOf(flags: string): string {
  return /[<[]([^>\]]*)/.exec(flags)?.[1] ?? ''
}

const FILES = /^(?:file|wsdl|contract)/

function valuesOf(choices: readonly string[] | undefined, name: string): Values {
  if (choices) return { kind: 'words', words: choices }
  if (name.startsWith('folder')) return { kind: 'folder' }
  if (name === 'operation') return { kind: 'operation' }
  return FILES.test(name) ? { kind: 'file' } : { kind: 'free' }
}
