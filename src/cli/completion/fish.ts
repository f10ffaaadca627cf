import type { DescribedCommand, DescribedOption, DescribedProgram, Values } from './description.js'

/** A completion script for fish. */
export function fishScript({ name, commands, options }: DescribedProgram): string {
  const isFirst = '__fish_use_subcommand'
  return `# Completion of ${name} for fish, written by: ${name} completion fish
function __${name}_operations
  set -l contract openapi.yaml
  set -l words (commandline -opc)
  for i in (seq (count $words))
    if contains -- $words[$i] -c --contract; and test $i -lt (count $words)
      set contract $words[(math $i + 1)]
    end
  end
  test -r $contract; and string match -rg '["\\']?operationId["\\']?\\s*:\\s*["\\']?([A-Za-z0-9_.-]+)' < $contract | sort -u
end
complete -c ${name} -f
${options.map((option) => optionLine(name, isFirst, option)).join('\n')}
${commands.map((command) => commandLines(name, command)).join('\n')}
`
}

function commandLines(program: string, { name, description, options, values }: DescribedCommand): string {
  const condition = `__fish_seen_subcommand_from ${name}`
  const own = `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`
  const rest = values ? [`complete -c ${program} -n ${quoted(condition)}${takes(program, values)}`] : []
  return [own, ...options.map((option) => optionLine(program, condition, option)), ...rest].join('\n')
}

function optionLine(
  program: string,
  condition: string,
  { flags, description, values }: DescribedOption,
): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`))
  const value = values ? ` -r${takes(program, values)}` : ''
  return `complete -c ${program} -n ${quoted(condition)}${names.join('')}${value} -d ${quoted(description)}`
}

function takes(program: string, values: Values): string {
  switch (values.kind) {
    case 'words':
      return ` -a ${quoted(values.words.join(' '))}`
    case 'file':
      return ' -F'
    case 'folder':
      return ` -a '(__fish_complete_directories)'`
    case 'operation':
      return ` -a '(__${program}_operations)'`
    case 'free':
      return ''
  }
}

function quoted(text: string): string {
  return `'${text.replace(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
