// What the examples share: soapstone as its command line starts it, and a SOAP server for backends that are made up.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'

const main = join(import.meta.dirname, '../dist/cli/main.js')
const stops = []

/** The port where it is free, else any. */
export async function freePort(wanted = 0) {
  const server = createServer()
  const listen = (port) =>
    new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  await listen(wanted).catch(() => listen(0))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Runs `soapstone serve` until the example ends. @returns the URL that it listens on */
export async function serve(contract, env = {}) {
  const { url, stop } = await replica(contract, env)
  stops.push(stop)
  return url
}

/** Runs `soapstone serve`. @returns its URL, and what sends SIGTERM and waits for its end */
export async function replica(contract, env = {}) {
  const state = mkdtempSync(join(tmpdir(), 'soapstone-example-'))
  const port = env.PORT ?? (await freePort(Number(process.env.PORT ?? 8080)))
  const child = spawn(process.execPath, [main, 'serve', '--contract', contract, '--port', String(port)], {
    env: {
      ...process.env,
      ...{ HOST: '127.0.0.1', ADMIN_PORT: '0', AUTHENTICATION: 'off', LOG_LEVEL: 'warn' },
      STORE_FILE: join(state, 'store.db'),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(state, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    const up = await Promise.race([fetch(`${url}/openapi.json`).catch(() => undefined), ended])
    if (up instanceof Response) break
    if (typeof up === 'number') process.exit(up)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, stop }
}

/** Says what there is to see, and ends everything on Ctrl-C. */
export function ready(text) {
  console.log(`${text.trim()}\n\nStop with Ctrl-C.`)
  let stopped
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // A second signal, as Ctrl-C sends it to the group, must not break off the first.
    process.on(signal, async () => {
      stopped ??= stopAll()
      await stopped
      process.exit(0)
    })
  }
}

/** @returns a folder that lasts as long as the example */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'soapstone-example-'))
  stops.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Has something done when the example ends. */
export function onStop(stop) {
  stops.push(stop)
}

/** Ends what the example has started. */
export async function stopAll() {
  for (const stop of stops.toReversed()) await stop()
}

/** Listens with any server that has a request listener. @returns its URL */
export async function listen(server, port = 0) {
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${server.address().port}`
}

/** A fault that a backend answers. */
export class Fault extends Error {
  constructor(code, text, detail = '') {
    super(text)
    this.code = code
    this.detail = detail
  }
}

const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false, parseTagValue: false })

/** The text of an element that may be there once, often or never, as a list. */
export const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])

/** Escapes a text for XML. */
export const xml = (text) =>
  String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/**
 * A SOAP 1.1 server: an operation for each element that may stand in soap:Body, from its content to the XML of the answer.
 * It throws a Fault to answer with one.
 */
export function soapServer(operations) {
  return createServer(async (req, res) => {
    let text = ''
    for await (const chunk of req.setEncoding('utf8')) text += chunk
    const answer = (status, body) =>
      res
        .writeHead(status, { 'content-type': 'text/xml; charset=utf-8' })
        .end(
          `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`,
        )
    try {
      const { Header: header, Body: body } = parser.parse(text).Envelope
      const [name] = Object.keys(body ?? {})
      if (!operations[name]) throw new Fault('e:Client', `There is no operation ${name}.`)
      answer(200, await operations[name](body[name] || {}, { header, req, res }))
    } catch (error) {
      if (res.destroyed) return
      const { code = 'e:Server', message, detail = '' } = error
      answer(
        500,
        `<e:Fault><faultcode>${code}</faultcode><faultstring>${xml(message)}</faultstring><detail>${detail}</detail></e:Fault>`,
      )
    }
  })
}
