/**
 * A backend that reads every request to its end and gives the response that the parent chose: a text, one of several by the
 * SOAPAction, or one with something repeated in it that is too long to be held.
 */
import { createServer } from 'node:http'
import { pipeline } from 'node:stream'
import { listen } from './child.mjs'

let answer = Buffer.alloc(0)
let headers = {}
let long
let byAction = {}

process.on('message', (message) => {
  const { answer: chosen, repeated, byAction: several = {} } = message
  if (typeof chosen !== 'string' && typeof repeated !== 'string') return
  const isLong = typeof repeated === 'string'
  long = isLong ? { ...message, repeated: Buffer.from(repeated) } : undefined
  answer = Buffer.from(chosen ?? '')
  byAction = Object.fromEntries(Object.entries(several).map(([action, text]) => [action, Buffer.from(text)]))
  headers = { 'content-type': 'text/xml; charset=utf-8' }
  if (!isLong) headers['content-length'] = answer.byteLength
  process.send('chosen')
})

function* chunksOf({ before, repeated, times, after }) {
  yield before
  for (let time = 0; time < times; time++) yield repeated
  yield after
}

listen(
  createServer((req, res) => {
    req.resume().once('end', () => {
      const special = byAction[req.headers.soapaction]
      res.writeHead(200, special ? { ...headers, 'content-length': special.byteLength } : headers)
      if (special) res.end(special)
      else if (long) pipeline(chunksOf(long), res, () => undefined)
      else res.end(answer)
    })
  }),
)
