import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { answerOn } from '../answer/unfinished-answers.js'

export interface ConnectionLimits {
  /** Connections at once; for one more, the one that has been silent for longest is closed. */
  readonly maxConnections: number
  /** For which a client may take nothing of what is written to it. */
  readonly writeTimeoutMs: number
  /** What a client must take in a second, beyond that time. */
  readonly minBytesPerSecond: number
  /** How many others wait for what slow clients hold: as many of those that took nothing for a second are cut then. */
  readonly waiting?: () => number
}

const PRESSED_MS = 1_000
const LOOKS_IN_TIMEOUT = 10
const SHORTEST_LOOK_MS = 20
const LONGEST_LOOK_MS = 500

/** What has happened to what was written. */
interface Writing {
  /** When the connection began to be behind, and how much it had taken then; of performance.now(). */
  readonly since: number
  readonly before: number
  /** When it took something last, and how much it has taken. */
  movedAt: number
  taken: number
}

export interface LimitedConnections {
  /** Looks at them no more. */
  readonly stop: () => void
  /** Cuts all, those too whose handshake has not ended: Node's own `closeAllConnections` does not know them. */
  readonly closeAll: () => void
}

/**
 * Sees to it that no connection of a server is waited for without a deadline, whatever is written on it and by whom: one
 * whose client takes too little of it is cut, and one that says nothing goes when there are too many.
 */
export function limitConnections(server: Server, limits: ConnectionLimits): LimitedConnections {
  /** In the order in which they came; the latter have sent a request. */
  const silent = new Map<string, Socket>()
  const known = new Map<string, Socket>()
  const seen = new WeakSet<Socket>()
  const writing = new Map<Socket, Writing>()

  const add = (socket: Socket): void => {
    const key = keyOf(socket)
    silent.set(key, socket)
    socket.once('close', () => {
      if (silent.get(key) === socket) silent.delete(key)
      if (known.get(key) === socket) known.delete(key)
      writing.delete(socket)
    })
  }
  server.on('connection', (socket: Socket) => {
    if (silent.size + known.size >= limits.maxConnections)
      (oldestOf(silent) ?? idleOf(known) ?? socket).destroy()
    add(socket)
  })
  // What is written goes to the socket that encrypts it; both have the same address.
  server.on('secureConnection', add)
  const onRequest = ({ socket }: IncomingMessage): void => {
    if (seen.has(socket)) return
    seen.add(socket)
    const key = keyOf(socket)
    if (silent.delete(key)) known.set(key, socket)
  }
  server.on('request', onRequest)
  server.on('checkContinue', onRequest)

  const look = (): void => {
    const now = performance.now()
    const stalled: { readonly socket: Socket; readonly since: number }[] = []
    for (const connections of [silent, known]) {
      for (const socket of connections.values()) {
        if (socket.writableLength === 0) {
          writing.delete(socket)
          continue
        }
        const { isTooSlow, movedAt } = paceOf(socket, now)
        if (isTooSlow) socket.destroy()
        else if (now - movedAt > PRESSED_MS) stalled.push({ socket, since: movedAt })
      }
    }
    if (stalled.length === 0) return
    // The one that has taken nothing for longest first.
    stalled.sort((a, b) => a.since - b.since)
    for (const { socket } of stalled.slice(0, limits.waiting?.() ?? 0)) socket.destroy()
  }
  const paceOf = (socket: Socket, now: number): { isTooSlow: boolean; movedAt: number } => {
    const taken = socket.bytesWritten - socket.writableLength
    const begun = writing.get(socket)
    if (!begun) {
      writing.set(socket, { since: now, before: taken, movedAt: now, taken })
      return { isTooSlow: false, movedAt: now }
    }
    if (taken > begun.taken) Object.assign(begun, { movedAt: now, taken })
    const { movedAt } = begun
    const { writeTimeoutMs, minBytesPerSecond } = limits
    const givenMs = writeTimeoutMs + ((taken - begun.before) / minBytesPerSecond) * 1_000
    return { isTooSlow: now - movedAt > writeTimeoutMs || now - begun.since > givenMs, movedAt }
  }
  const everyMs = Math.min(
    LONGEST_LOOK_MS,
    Math.max(SHORTEST_LOOK_MS, limits.writeTimeoutMs / LOOKS_IN_TIMEOUT),
  )
  const timer = setInterval(look, everyMs)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
    },
    closeAll: () => {
      for (const connections of [silent, known]) for (const socket of connections.values()) socket.destroy()
    },
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? 0}`
}

function oldestOf(connections: ReadonlyMap<string, Socket>): Socket | undefined {
  return connections.values().next().value
}

/** One without a request that is being served. */
function idleOf(connections: ReadonlyMap<string, Socket>): Socket | undefined {
  for (const socket of connections.values()) if (!answerOn(socket)) return socket
  return undefined
}
