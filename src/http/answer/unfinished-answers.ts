import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** So many requests may wait for their responses on one connection. Clients that send ahead at all send a few. */
const MOST_ANSWERS = 64

/** Of each connection, the first first: that one is being written, the others wait for it (RFC 9112, section 9.3.2). */
const unfinished = new WeakMap<Socket, Set<ServerResponse>>()

/**
 * Sees to it that a response closes with its connection. Node 20 tells only the one that is being written; what those that
 * wait behind it have taken – a place, a call, a line of the log – would never be given back. Node 24 tells all of them.
 *
 * A connection with more than 64 of them is closed.
 */
export function followAnswer({ socket }: IncomingMessage, res: ServerResponse): void {
  const answers = unfinished.get(socket) ?? followConnection(socket)
  if (answers.has(res)) return
  answers.add(res)
  res.once('close', () => {
    answers.delete(res)
  })
  if (answers.size > MOST_ANSWERS) socket.destroy()
}

/** The response that a connection is taken by. */
export function answerOn(socket: Socket): ServerResponse | undefined {
  return unfinished.get(socket)?.values().next().value
}

function followConnection(socket: Socket): Set<ServerResponse> {
  const answers = new Set<ServerResponse>()
  unfinished.set(socket, answers)
  socket.once('close', () => {
    setImmediate(closeAll, answers)
  })
  return answers
}

/** @param answers those that Node has not told */
function closeAll(answers: ReadonlySet<ServerResponse>): void {
  for (const res of answers) {
    res.destroy()
    res.emit('close')
  }
}
