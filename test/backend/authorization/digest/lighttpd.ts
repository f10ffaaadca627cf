import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LIGHTTPD = '/usr/sbin/lighttpd'
export const hasLighttpd = existsSync(LIGHTTPD)

/** lighttpd, which asks for Digest before it passes requests on. */
export class Lighttpd {
  private constructor(
    readonly url: string,
    readonly child: ChildProcess,
    readonly directory: string,
  ) {}

  /** @param algorithm as its setting has it: `SHA-256`, `MD5|SHA-256` @param behind the port of the backend */
  static async start({
    algorithm,
    users,
    behind,
  }: {
    readonly algorithm: string
    readonly users: Readonly<Record<string, string>>
    readonly behind: number
  }): Promise<Lighttpd> {
    const directory = mkdtempSync(join(tmpdir(), 'lighttpd-'))
    const port = await freePort()
    const lines = Object.entries(users).map(([name, password]) => `${name}:${password}\n`)
    writeFileSync(join(directory, 'users'), lines.join(''))
    writeFileSync(
      join(directory, 'lighttpd.conf'),
      `server.document-root = "${directory}"
server.bind = "127.0.0.1"
server.port = ${port}
server.modules = ("mod_auth", "mod_authn_file", "mod_proxy")
auth.backend = "plain"
auth.backend.plain.userfile = "${join(directory, 'users')}"
auth.require = ("/" => ("method" => "digest", "algorithm" => "${algorithm}", "realm" => "core banking", "require" => "valid-user"))
proxy.server = ("" => (("host" => "127.0.0.1", "port" => ${behind})))
`,
    )
    const child = spawn(LIGHTTPD, ['-D', '-f', join(directory, 'lighttpd.conf')], { stdio: 'ignore' })
    while (!(await isOpen(port))) {
      if (child.exitCode !== null) throw new Error(`lighttpd ended with ${child.exitCode}`)
    }
    return new Lighttpd(`http://127.0.0.1:${port}/service?wsdl=no`, child, directory)
  }

  async close(): Promise<void> {
    const exited = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await exited
    rmSync(this.directory, { recursive: true })
  }
}

export function lighttpdVersion(): string {
  return (
    String(execFileSync(LIGHTTPD, ['-v']))
      .trim()
      .split('\n')[0] ?? ''
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      setTimeout(() => {
        resolve(false)
      }, 20)
    })
  })
}
