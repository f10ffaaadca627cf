import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** The command line as it is installed: built, with the contract beside it. */
export class Soapstone {
  readonly main: string
  readonly #directory: string
  readonly #started: RunningCommand[] = []

  /** @param name of the directory; one for each test file, since they run at the same time */
  constructor(name: string) {
    this.#directory = `${root}node_modules/.cache/soapstone-test-${name}`
    this.main = `${this.#directory}/dist/cli/main.js`
    this.dispose()
    mkdirSync(this.#directory, { recursive: true })
    cpSync(buildOf(sources()), `${this.#directory}/dist`, { recursive: true })
    for (const part of ['package.json', 'openapi.yaml', 'wsdl', 'assets', 'examples/events']) {
      cpSync(`${root}${part}`, `${this.#directory}/${part}`, { recursive: true })
    }
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const running = this.start(args, options)
    running.child.stdin.end(options.stdin ?? '')
    const code = await running.ended
    return { code, stdout: running.stdout, stderr: running.stderr }
  }

  /** Runs a module that imports the package by its name, in the package's directory. */
  async runModule(source: string): Promise<Run> {
    const path = `${this.#directory}/example.mjs`
    writeFileSync(path, source)
    const running = new RunningCommand(path, [], {}, this.#directory)
    this.#started.push(running)
    const code = await running.ended
    return { code, stdout: running.stdout, stderr: running.stderr }
  }

  /** Starts a command that runs until it is stopped. */
  start(args: readonly string[], { env = {}, cwd = root }: RunOptions = {}): RunningCommand {
    const running = new RunningCommand(this.main, args, env, cwd)
    this.#started.push(running)
    return running
  }

  /** Ends what a test that failed has left behind, too. */
  dispose(): void {
    for (const { child } of this.#started) if (child.exitCode === null) child.kill('SIGKILL')
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** Modules are found from here as they are from the package. */
const cache = `${root}node_modules/.cache/`

/** Everything that a build depends on. */
function sources(): string {
  const hash = createHash('sha256')
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).map((file) => `src/${file}`)
  for (const file of [...files.sort(), 'build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    if (statSync(`${root}${file}`).isFile()) hash.update(`${file}\n`).update(readFileSync(`${root}${file}`))
  }
  return hash.digest('hex').slice(0, 16)
}

/** Building takes longer than most tests, so that test files share one; two that start together may both build it. */
function buildOf(key: string): string {
  const name = `soapstone-build-${key}`
  const folder = `${cache}${name}`
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const outdated = readdirSync(cache).filter((each) => each.startsWith('soapstone-build-') && each !== name)
  const making = mkdtempSync(`${cache}soapstone-making-`)
  const built = spawnSync(process.execPath, [`${root}build.mjs`, making, '--unchecked'], { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stdout}${built.stderr}`)
  try {
    renameSync(making, folder)
  } catch {
    // Another test file was first.
    rmSync(making, { recursive: true })
  }
  for (const each of outdated) rmSync(`${cache}${each}`, { recursive: true, force: true })
  return folder
}

export class RunningCommand {
  readonly child
  /** The exit code. */
  readonly ended: Promise<number | null>
  stdout = ''
  stderr = ''

  constructor(main: string, args: readonly string[], env: Readonly<Record<string, string>>, cwd: string) {
    const { PATH = '', HOME = '' } = process.env
    this.child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { PATH, HOME, TMPDIR: tmpdir(), STORE_FILE: `${main}.db`, ...env },
    })
    this.child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk))
    this.child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk))
    // A command may end without reading its stdin.
    this.child.stdin.on('error', () => undefined)
    this.ended = once(this.child, 'close').then(([code]) => code as number | null)
  }

  /** Waits until stdout has what is looked for. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stdout)
      if (found) return found
      const more = await Promise.race([once(this.child.stdout, 'data'), this.ended])
      if (!Array.isArray(more) && !pattern.test(this.stdout)) {
        throw new Error(`ended with ${String(more)}:\n${this.stdout}${this.stderr}`)
      }
    }
  }

  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal)
    return this.ended
  }
}
