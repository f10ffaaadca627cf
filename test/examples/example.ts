import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** For `beforeAll`: the first example that is started may have to build the package. */
export const SLOW = 300_000

/** An example as a user starts it: `npm run example NAME`. */
export class Example {
  private constructor(
    private readonly child: ChildProcess,
    /** What it has printed, up to where it is ready. */
    readonly printed: string,
    /** The first URL of that. */
    readonly url: string,
  ) {}

  static async start(name: string, env: Readonly<Record<string, string>> = {}): Promise<Example> {
    const child = spawn('npm', ['run', '--silent', 'example', name], {
      cwd: root,
      env: { ...process.env, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let printed = ''
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        if (printed.includes('Stop with Ctrl-C')) resolve()
      })
      child.once('exit', (code) => {
        reject(new Error(`The example ${name} ended with ${code ?? 'a signal'}:\n${printed}${errors}`))
      })
    })
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? []
    return new Example(child, printed, url)
  }

  /** Of JSON at a path of the example, or with what `fetch` takes. */
  async json(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(this.url + path, init)
    return { status: response.status, body: await response.json() }
  }

  /** The same with a JSON body. */
  post(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const content = { 'content-type': 'application/json', ...headers }
    return this.json(path, { method: 'POST', headers: content, body: JSON.stringify(body) })
  }

  async stop(): Promise<void> {
    const { pid } = this.child
    if (pid === undefined || this.child.exitCode !== null) return
    const ended = once(this.child, 'exit')
    process.kill(-pid, 'SIGTERM')
    await ended
  }
}
