import type { DescribedCommand, DescribedOption, DescribedProgram, Values } from './description.js'
import { OPERATION_IDS } from './operation-ids.js'

/** A completion script for zsh, to be put into a folder of `fpath` as `_soapstone`, or to be sourced. */
export function zshScript({ name, commands }: DescribedProgram): string {
  const described = commands.map((command) => quoted(`${command.name}:${oneLine(command.description)}`))
  return `#compdef ${name}
# Completion of ${name} for zsh, written by: ${name} completion zsh
_${name}_operations() {
  local contract=openapi.yaml
  local -i i
  for ((i = 1; i < CURRENT; i++)); do
    case "\${words[i]}" in (-c|--contract) contract="\${words[i + 1]}" ;; esac
  done
  local -a ids
  ids=("\${(@f)$(${OPERATION_IDS})}")
  compadd -a ids
}
_${name}() {
  local -a commands
  commands=(
${described.map((line) => `    ${line}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  ((CURRENT--))
  case "$command" in
${commands.map((command) => caseOf(name, command)).join('\n')}
  esac
}
if [[ "\${funcstack[1]}" == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`
}

function caseOf(program: string, { name, options, values }: DescribedCommand): string {
  const specs = options.flatMap((option) => optionSpecs(program, option))
  const rest = values ? [quoted(`*:${action(program, values, 'argument')}`)] : []
  return `    (${name})
      _arguments -s ${[...specs, ...rest].join(' \\\n        ')}
      ;;`
}

function optionSpecs(program: string, { flags, description, values }: DescribedOption): readonly string[] {
  const value = values ? `:${action(program, values, flags.at(-1)?.replace(/^-+/, '') ?? 'value')}` : ''
  return flags.map((flag) => quoted(`${flag}[${escaped(description)}]${value}`))
}

function action(program: string, values: Values, message: string): string {
  switch (values.kind) {
    case 'words':
      return `${message}:(${values.words.join(' ')})`
    case 'file':
      return `${message}:_files`
    case 'folder':
      return `${message}:_files -/`
    case 'operation':
      return `${message}:_${program}_operations`
    case 'free':
      return `${message}: `
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll(':', '\\:')
}

function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[[\]\\:]/g, '\\$&')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
