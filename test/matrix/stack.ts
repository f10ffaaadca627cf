import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import type { Cell } from './contract.js'

/** A SOAP server that is not ours. */
export interface Stack {
  readonly name: string
  /** Its version, or why it cannot be used here. */
  readonly found: { readonly version: string } | { readonly absent: string }
  /** What it can speak. */
  readonly speaks: (cell: Cell) => boolean
  /**
   * Starts it with every cell that it speaks.
   *
   * @param folder with `<cell>.wsdl` for each of them; may be written to
   */
  start(folder: string, cells: readonly Cell[]): Promise<RunningStack>
  /** What tells the fault by which it says, in its own way, that there is no such order. */
  readonly missing: MissingFault
  /** What it does with values, where that is not what a reader of the schema would expect; the test holds it to that. */
  readonly peculiarities?: Peculiarities
}

export interface MissingFault {
  /** As `when` and `values` of a mapped fault: docs/annotation.md, "Undeclared faults". */
  readonly when: (cell: Cell) => object
  readonly values: Readonly<Record<string, string>>
  /** `fault` of the problem, for order 77. */
  readonly fault: Readonly<Record<string, unknown>>
}

export interface Peculiarities {
  /** Members of the answered order, with what the stack makes of them. */
  readonly changes?: Readonly<Record<string, unknown>>
  /** Why the declared fault comes as an undeclared one in this cell. */
  readonly undeclared?: (cell: Cell) => string | undefined
  /** Why what is left out comes back as nil in this cell: the contract must allow null there. */
  readonly nils?: (cell: Cell) => string | undefined
  /** It looks at the message alone. */
  readonly answersAnyPath?: boolean
}

export interface RunningStack {
  readonly endpoint: (cell: Cell) => string
  readonly stop: () => Promise<void>
}

/** What of these commands is not there, as a reason to skip. */
export function lacking(...commands: readonly string[]): { readonly absent: string } | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const missing = commands.find((name) => !folders.some((folder) => existsSync(join(folder, name))))
  return missing === undefined ? undefined : { absent: `${missing} is not installed` }
}

/** The first line that a command prints, as a version. */
export function versionOf(command: string, args: readonly string[], pattern: RegExp): Stack['found'] {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  const match = pattern.exec(`${stdout}\n${stderr}`)
  if (error || (status !== 0 && !match)) return { absent: `${command} is not installed` }
  return match ? { version: match[1] ?? match[0] } : { absent: `${command} lacks what is needed` }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a server and waits until it says that it is ready. @returns what it said */
export async function startProcess(
  command: string,
  args: readonly string[],
  ready: RegExp,
  options: SpawnOptions = {},
): Promise<{ readonly said: RegExpExecArray; stop: () => Promise<void> }> {
  const child: ChildProcess = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    const onText = (chunk: Buffer): void => {
      output += chunk.toString()
      const match = ready.exec(output)
      if (match) resolve(match)
    }
    child.stdout?.on('data', onText)
    child.stderr?.on('data', onText)
    child.once('error', reject)
    child.once('exit', (code) => {
      reject(new Error(`${command} ended with ${String(code)}: ${output}`))
    })
  })
  return {
    said,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Runs a tool to its end. */
export function run(command: string, args: readonly string[], options: { cwd?: string } = {}): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`)
}
