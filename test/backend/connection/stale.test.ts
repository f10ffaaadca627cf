import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setImmediate as turn } from 'node:timers/promises'
import { Pool } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { Exchange } from '../../../src/backend/connection/exchange.js'
import { defaultPolicy } from '../../../src/backend/policy.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError } from '../../../src/base/errors.js'
import { backendWith, closeAll, closing } from '../calls.js'
import { answer, Peer } from '../peer.js'

afterEach(closeAll)

/** A pool whose first connections are found dead when they are written on. */
class StalePool extends Pool {
  dispatched = 0

  constructor(
    origin: string,
    readonly stale: number,
    readonly error: object,
  ) {
    super(origin)
  }

  override dispatch(...[options, handler]: Parameters<Pool['dispatch']>): boolean {
    this.dispatched++
    if (this.dispatched > this.stale) return super.dispatch(options, handler)
    const nothing = () => undefined
    const controller = {
      ...{ aborted: false, reason: null, paused: false },
      ...{ abort: nothing, pause: nothing, resume: nothing },
    }
    handler.onRequestStart?.(controller, {})
    handler.onResponseError?.(controller, Object.assign(new Error('gone'), this.error))
    return true
  }
}

async function staleCall(
  stale: number,
  error: object,
  body = '<Envelope/>',
): Promise<[string, number, number]> {
  const peer = closing(await Peer.listen((socket) => socket.write(answer('<ok/>'))))
  const pool = closing(new StalePool(`http://127.0.0.1:${peer.port}`, stale, error))
  const exchange = new Exchange(5000, 1000)
  exchange.send(pool, { path: '/', method: 'POST', body })
  const outcome = await exchange.answer.then(
    (soap) => bytesOf(soap.body).toString(),
    (reason: unknown) => (reason instanceof AdapterError ? reason.code : 'unexpected'),
  )
  return [outcome, pool.dispatched, peer.requests.length]
}

describe('a connection that turns out to be dead', () => {
  const refused = { code: 'ECONNRESET', syscall: 'write' }
  it.each<[string, number, object, string, [string, number, number]]>([
    ['the kernel refused the write: sent on another', 1, refused, 'a', ['<ok/>', 2, 1]],
    ['the same, by EPIPE', 1, { code: 'EPIPE', syscall: 'write' }, 'a', ['<ok/>', 2, 1]],
    ['twice: given up', 2, refused, 'a', ['backend-unreachable', 2, 0]],
    ['a request that may have gone in part', 1, refused, 'x'.repeat(9000), ['backend-unreachable', 1, 0]],
    ['reset while we read', 1, { code: 'ECONNRESET', syscall: 'read' }, 'a', ['backend-unreachable', 1, 0]],
    ['closed by the other side', 1, { code: 'UND_ERR_SOCKET' }, 'a', ['backend-unreachable', 1, 0]],
  ])('%s', async (_, stale, error, body, expected) => {
    expect(await staleCall(stale, error, body)).toEqual(expected)
  })
})

/**
 * Answers each request and closes its connection within 0.3 ms, about when the next one comes. At the end it prints how
 * often each number was received in full.
 */
const closingServer = (how: string) => `
const seen = {}
const server = require('node:net').createServer({ noDelay: true }, (socket) => {
  let text = ''
  socket.on('error', () => undefined)
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
    const number = /<n>(\\d+)<\\/n>/.exec(text)?.[1]
    if (number === undefined) return
    text = ''
    seen[number] = (seen[number] ?? 0) + 1
    socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n<ok/>')
    const until = process.hrtime.bigint() + BigInt(Math.floor(Math.random() * 300_000))
    setImmediate(function wait() {
      if (process.hrtime.bigint() < until) setImmediate(wait)
      else socket.${how}()
    })
  })
}).listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => { console.log(JSON.stringify(seen)); process.exit() }).resume()`

describe('a server that closes connections as we write', () => {
  it.each(['end', 'destroy', 'resetAndDestroy'])('never gets a request twice (%s)', async (how) => {
    const server = spawn(process.execPath, ['-e', closingServer(how)])
    const lines = createInterface(server.stdout)[Symbol.asyncIterator]()
    const url = `http://127.0.0.1:${(await lines.next()).value}/`
    const backend = backendWith({ breaker: { ...defaultPolicy.breaker, minimumCalls: 1e6 } })
    const answered: number[] = []
    const failures = new Set<string>()
    for (let n = 0; n < 600; n++) {
      try {
        await backend.call({ url, headers: {}, body: `<n>${n}</n>` }, () => answered.push(n))
      } catch (error) {
        failures.add(error instanceof AdapterError ? error.code : String(error))
      }
      const until = performance.now() + Math.random() * 0.3
      while (performance.now() < until) if (Math.random() < 0.3) await turn()
    }
    server.stdin.end()
    const seen = JSON.parse(String((await lines.next()).value)) as Record<string, number>
    if (server.exitCode === null) await once(server, 'exit')
    expect(Object.values(seen).filter((times) => times !== 1)).toEqual([])
    expect(answered.filter((n) => seen[n] !== 1)).toEqual([])
    expect(answered.length).toBeGreaterThan(400)
    expect([...failures].filter((code) => code !== 'backend-unreachable')).toEqual([])
  })
})
