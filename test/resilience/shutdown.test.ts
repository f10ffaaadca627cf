import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../src/config/settings.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { facadeOf, sampleDocument } from '../http/sample-facade.js'

const options = { logger: createLogger('silent'), signals: false }
const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }
const request = 'GET /v1/accounts HTTP/1.1\r\nHost: a\r\n\r\n'

interface Conversation {
  readonly sent: number
  readonly answered: number
  /** Whether the last response said that the connection ends. */
  readonly isToldOff: boolean
}

/** Whether `text` holds a response to its end. A busy machine refuses some requests, which is a response too. */
function isWhole(text: string): boolean {
  const headEnd = text.indexOf('\r\n\r\n')
  const length = /^content-length: (\d+)/im.exec(text)?.[1]
  return headEnd >= 0 && text.length >= headEnd + 4 + Number(length)
}

/** Sends one request after the other on one connection until it ends; `onAnswer` is told of each response. */
function converse(url: string, onAnswer: () => void): Promise<Conversation> {
  return new Promise((resolve) => {
    let sent = 0
    let answered = 0
    let isToldOff = false
    let text = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const ask = () => {
      sent++
      socket.write(request)
    }
    socket.on('connect', ask)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve({ sent, answered, isToldOff })
    })
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      if (!isWhole(text)) return
      answered++
      isToldOff = /^connection: close/im.test(text)
      text = ''
      onAnswer()
      if (!isToldOff && !socket.destroyed) ask()
    })
  })
}

async function serve(): Promise<RunningServer> {
  const facade = facadeOf(sampleDocument)
  facade.answers.set('listAccounts', async () => {
    await turn()
    return { status: 200, headers: {}, body: '"done"' }
  })
  return startServer(facade, settings, options)
}

describe('a server that is closed', () => {
  it('answers every request on connections that are kept alive and busy', async () => {
    for (let round = 0; round < 4; round++) {
      const server = await serve()
      const met = new Set<number>()
      let answers = 0
      let closed: Promise<void> | undefined
      const conversations = Array.from({ length: 40 }, (_, client) =>
        converse(server.url, () => {
          answers++
          met.add(client)
          if (met.size === 40 && answers >= 200 + 7 * round) closed ??= server.close()
        }),
      )
      const ended = await Promise.all(conversations)
      await closed
      expect(answers).toBeGreaterThanOrEqual(200)
      expect(ended.filter(({ sent, answered }) => sent !== answered)).toEqual([])
      expect(ended.filter(({ isToldOff }) => !isToldOff)).toEqual([])
    }
  })
})
