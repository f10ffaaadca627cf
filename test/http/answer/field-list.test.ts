import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { FieldList } from '../../../src/http/answer/field-list.js'

const FIRST = ['cache-control', 'no-store', 'x-first', '1']

describe('a list of header fields', () => {
  it('has one field of a name: the last that was set, in the place of the first', async () => {
    const { rawHeaders } = await answerOf((_, res) => {
      const fields = new FieldList(FIRST)
      fields.set('x-second', 2)
      fields.set('cache-control', 'private')
      fields.set('set-cookie', ['a=1', 'b=2'])
      fields.delete('x-first')
      fields.delete('x-unknown')
      fields.write(res, 200)
      res.end()
    })
    expect(rawHeaders.slice(0, 8)).toEqual([
      ...['cache-control', 'private', 'x-second', '2', 'set-cookie', 'a=1', 'set-cookie', 'b=2'],
    ])
  })

  it('is whole where middleware writes heads that takes lists for pairs, as on-headers 1.0 does', async () => {
    const { headers, statusCode } = await answerOf((_, res) => {
      const writeHead = res.writeHead.bind(res)
      res.writeHead = (status: number, given?: unknown) => {
        for (const [name, value] of Array.isArray(given) ? (given as [string, string][]) : []) {
          res.setHeader(name, value)
        }
        return writeHead(status)
      }
      const fields = new FieldList(FIRST)
      fields.set('content-length', 0)
      fields.set('set-cookie', ['a=1', 'b=2'])
      fields.write(res, 202)
      res.end()
    })
    expect(statusCode).toBe(202)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-first': '1',
      'content-length': '0',
      'set-cookie': ['a=1', 'b=2'],
    })
  })

  it('leaves the list alone that it is made of, and its copies', () => {
    const fields = new FieldList(FIRST)
    const copy = fields.copy()
    fields.set('x-first', 'changed')
    expect([copy.get('x-first'), FIRST[3], fields.get('x-first'), fields.get('x-second')]).toEqual([
      ...['1', '1', 'changed', undefined],
    ])
  })

  it.each(['write', 'setOn'] as const)(
    'stands beside fields that were set on the response: %s',
    async (how) => {
      const { headers, statusCode } = await answerOf((_, res) => {
        res.setHeader('vary', 'Origin')
        res.setHeader('x-first', 'before')
        const fields = new FieldList(FIRST)
        if (how === 'write') fields.write(res, 202)
        else fields.setOn(res)
        res.end()
      })
      expect(statusCode).toBe(how === 'write' ? 202 : 200)
      expect(headers).toMatchObject({ vary: 'Origin', 'cache-control': 'no-store', 'x-first': '1' })
    },
  )
})

/** What a client gets of a server that answers so. */
function answerOf(listener: RequestListener): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const server = createServer(listener).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      get({ port, host: '127.0.0.1', agent: false }, (response) => {
        response.resume().once('end', () => {
          server.close()
          resolve(response)
        })
      }).once('error', reject)
    })
  })
}
