import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** So many requests may wait for their responses on one connection. Clients that send ahead at all send a few. */
const MOST_ANSWERS = 64

/** What a connection has been asked for and not given yet. */
interface Connection {
  /** The first first: that one is being written, the others wait for it (RFC 9112, section 9.3.2). */
  readonly answers: ServerResponse[]
  /** What begins the requests of those that wait for their turn. */
  readonly begins: Map<ServerResponse, () => void>
}

const connections = new WeakMap<Socket, Connection>()

/**
 * Sees to it that a response closes with its connection. Node 20 tells only the one that is being written; what those that
 * wait behind it have taken – a place, a call, a line of the log – would never be given back. Node 24 tells all of them.
 *
 * A connection with more than 64 of them is closed.
 */
export function followAnswer({ socket }: IncomingMessage, res: ServerResponse): void {
  const { answers, begins } = connections.get(socket) ?? followConnection(socket)
  if (answers.includes(res)) return
  answers.push(res)
  res.once('close', () => {
    answers.splice(answers.indexOf(res), 1)
    // Others have their turn first.
    if (begins.size > 0) setImmediate(beginNext, socket, answers, begins)
  })
  if (answers.length > MOST_ANSWERS) socket.destroy()
}

/**
 * Begins a request once those before it on its connection have their responses. A client that sends ahead waits for those
 * anyway; begun together, what it sends in one packet would take as many places, and a thousand clients that do so and read
 * nothing would leave none to others. A request whose connection closes before that is not begun, nor one behind a response
 * that closes it (RFC 9112, section 9.6): nobody would learn what became of it.
 */
export function inTurn(req: IncomingMessage, res: ServerResponse, begin: RequestListener): void {
  const { socket } = req
  followAnswer(req, res)
  const connection = connections.get(socket)
  if (!connection || answerOn(socket) === res) {
    if (socket.writable) begin(req, res)
  } else {
    connection.begins.set(res, () => {
      begin(req, res)
    })
  }
}

function beginNext(
  socket: Socket,
  answers: readonly ServerResponse[],
  begins: Map<ServerResponse, () => void>,
): void {
  const [next] = answers
  const begin = next && begins.get(next)
  if (!begin || !socket.writable) return
  begins.delete(next)
  begin()
}

/** The response that a connection is taken by. */
export function answerOn(socket: Socket): ServerResponse | undefined {
  return connections.get(socket)?.answers[0]
}

function followConnection(socket: Socket): Connection {
  const connection: Connection = { answers: [], begins: new Map() }
  connections.set(socket, connection)
  socket.once('close', () => {
    connection.begins.clear()
    setImmediate(closeAll, connection.answers)
  })
  return connection
}

/** @param answers those that Node has not told */
function closeAll(answers: readonly ServerResponse[]): void {
  for (const res of [...answers]) {
    res.destroy()
    res.emit('close')
  }
}
