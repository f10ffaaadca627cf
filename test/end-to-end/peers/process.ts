import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Readable } from 'node:stream'

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A peer in a process of its own. */
export interface Peer {
  /** What it said when it was ready. */
  readonly said: string
  stop(): Promise<void>
}

/** Starts a peer and waits until what it says matches. */
export async function startPeer(
  command: readonly [string, ...string[]],
  ready: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  const [name, ...args] = command
  const child: ChildProcess = spawn(name, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const listen = (stream: Readable | null) =>
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (ready.test(said)) resolve()
      })
    listen(child.stdout)
    listen(child.stderr)
    child.once('error', reject)
    child.once('exit', () => {
      reject(new Error(`${name} ended: ${said}`))
    })
  })
  return {
    said,
    stop: async () => {
      child.kill()
      await ended
    },
  }
}
