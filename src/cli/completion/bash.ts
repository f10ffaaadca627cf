import type { DescribedCommand, DescribedProgram, Values } from './description.js'
import { OPERATION_IDS } from './operation-ids.js'

/** A completion script for bash 3.2 and later, without the package bash-completion. */
export function bashScript({ name, commands, options }: DescribedProgram): string {
  const names = commands.map((command) => command.name).join(' ')
  const own = options.flatMap(({ flags }) => flags).join(' ')
  const shells = `_${name}_words() {
  COMPREPLY=()
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$2")
}
_${name}_paths() {
  COMPREPLY=()
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")
}
_${name}_operations() {
  local contract=openapi.yaml i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in -c | --contract) contract="\${COMP_WORDS[i + 1]}" ;; esac
  done
  ${OPERATION_IDS}
}`
  return `# Completion of ${name} for bash, written by: ${name} completion bash
${shells}
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="\${COMP_WORDS[1]}"
  if ((COMP_CWORD == 1)); then
    _${name}_words '${names} ${own}' "$current"
    return
  fi
  case "$command" in
${[...commands.map((command) => caseOf(name, command)), `    help)\n      _${name}_words '${names}' "$current"\n      ;;`].join('\n')}
  esac
}
complete -F _${name} ${name}
`
}

function caseOf(program: string, { name, options, values }: DescribedCommand): string {
  const flags = options.flatMap((option) => option.flags).join(' ')
  const withValue = options.flatMap((option) =>
    option.values ? [`        ${option.flags.join(' | ')}) ${reply(program, option.values)}; return ;;`] : [],
  )
  const previous =
    withValue.length === 0 ? '' : `      case "$previous" in\n${withValue.join('\n')}\n      esac\n`
  return `    ${name})
${previous}      if [[ "$current" == -* ]]; then _${program}_words '${flags}' "$current"; else ${reply(program, values ?? { kind: 'free' })}; fi
      ;;`
}

function reply(program: string, values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_${program}_words '${values.words.join(' ')}' "$current"`
    case 'file':
      return `_${program}_paths -f "$current"`
    case 'folder':
      return `_${program}_paths -d "$current"`
    case 'operation':
      return `_${program}_words "$(_${program}_operations)" "$current"`
    case 'free':
      return 'COMPREPLY=()'
  }
}
