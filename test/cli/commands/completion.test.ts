import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../../../src/cli/program.js'
import { runInProcess } from '../in-process.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const SHELLS = ['bash', 'zsh', 'fish'] as const
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'))
  cpSync(`${root}openapi.yaml`, join(folder, 'openapi.yaml'))
  writeFileSync(join(folder, 'other.json'), '{"paths":{"/a":{"get":{"operationId":"getOther"}}}}')
  mkdirSync(join(folder, 'some wsdls'))
  for (const shell of SHELLS) {
    const { code, stdout } = await runInProcess('completion', shell)
    expect(code).toBe(0)
    writeFileSync(join(folder, `complete.${shell}`), stdout)
  }
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function has(shell: string): boolean {
  const isThere = spawnSync(shell, ['-c', 'true']).status === 0
  if (!isThere) console.log(`${shell} is not installed: its completion is not tried`)
  return isThere
}

function run(shell: string, script: string, args: readonly string[] = []): readonly string[] {
  const { status, stdout, stderr } = spawnSync(shell, ['-c', script, shell, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout.split('\n').filter((line) => line !== '')
}

const IN_BASH = `
. ./complete.bash
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_soapstone
for word in "\${COMPREPLY[@]}"; do echo "$word"; done`

/** What each shell offers for a line whose last word is being typed. */
const offered: Readonly<Record<'bash' | 'fish', (...words: readonly string[]) => readonly string[]>> = {
  bash: (...words) => run('bash', IN_BASH, ['soapstone', ...words]),
  fish: (...words) =>
    run('fish', `source complete.fish; complete -C "soapstone ${words.join(' ')}"`).map(
      (line) => line.split('\t')[0] ?? '',
    ),
}

const names = createProgram().commands.map((command) => command.name())

describe.each(['bash', 'fish'] as const)('%s', (shell) => {
  const complete = offered[shell]

  it.runIf(has(shell))('knows every command', () => {
    expect(complete('')).toEqual(expect.arrayContaining(names))
    expect(complete('ch')).toEqual(['check'])
  })

  it.runIf(has(shell))('knows every option of every command', () => {
    for (const command of createProgram().commands) {
      const flags = command.options.flatMap(({ long }) => (long === undefined ? [] : [long]))
      expect(complete(command.name(), '--'), command.name()).toEqual(expect.arrayContaining(flags))
    }
  })

  it.runIf(has(shell))('knows words, files, folders and the operations of the contract', () => {
    expect(complete('sample', '--optionals', '').filter((word) => /^(?:all|none)$/.test(word))).toEqual([
      'all',
      'none',
    ])
    expect(complete('check', '--contract', 'open')).toEqual(['openapi.yaml'])
    expect(complete('corpus', 'so').map((path) => path.replaceAll('\\', '').replace(/\/$/, ''))).toEqual([
      'some wsdls',
    ])
    expect(complete('sample', 'getA')).toEqual(['getAccount'])
    expect(complete('sample', '--contract', 'other.json', 'get')).toEqual(['getOther'])
    expect(complete('completion', '')).toEqual(expect.arrayContaining([...SHELLS]))
  })
})

/**
 * Types lines into an interactive zsh on a terminal of its own, a Tab behind each. Ctrl-X then prints what stands in the line, since
 * the echo of a terminal has other things between.
 */
const IN_ZSH = `
zmodload zsh/zpty
zpty typed zsh -f -i
await() { local read; zpty -r typed read "*$1*" && print -r -- "\${\${read##*LINE<}%%>END*}" }
zpty -w typed 'autoload -Uz compinit; compinit -u -d ./zcompdump; source ./complete.zsh; zstyle ":completion:*" list-prompt ""'
zpty -w typed 'show() { print -r -- "LINE<$BUFFER>"END; BUFFER=; zle redisplay }; zle -N show; bindkey "^X" show; print -r RE""ADY'
await READY >/dev/null
for line in "$@"; do
  zpty -w -n typed "$line"$'\t\x18'
  await '>END'
done
zpty -d typed`

describe('zsh', () => {
  it.runIf(has('zsh'))('registers its script', () => {
    const script =
      'autoload -Uz compinit; compinit -u -d ./zcompdump; source ./complete.zsh; print -l $_comps[soapstone]'
    expect(run('zsh', script)).toEqual(['_soapstone'])
  })

  it.runIf(has('zsh'))(
    'completes what is typed: commands, options, words, files, folders, operations',
    () => {
      const typed: readonly (readonly [string, string])[] = [
        ['ch', 'check '],
        ...names.map((name) => [name, `${name} `] as const),
        ['check --con', 'check --contract '],
        ['serve --inspect-v', 'serve --inspect-values '],
        ['sample --optionals n', 'sample --optionals none '],
        ['check --contract open', 'check --contract openapi.yaml '],
        ['corpus so', 'corpus some\\ wsdls/'],
        ['sample getA', 'sample getAccount '],
        ['sample --contract other.json get', 'sample --contract other.json getOther '],
        ['completion z', 'completion zsh '],
      ]
      const lines = run(
        'zsh',
        IN_ZSH,
        typed.map(([line]) => `soapstone ${line}`),
      )
      expect(lines).toEqual(typed.map(([, line]) => `soapstone ${line}`))
    },
  )
})

it('names no shell that it does not know', async () => {
  const { code, stderr } = await runInProcess('completion', 'tcsh')
  expect(code).toBe(2)
  expect(stderr).toContain('bash, zsh, fish')
})
