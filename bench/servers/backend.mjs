/** A backend that reads every request to its end and gives the answer that the parent chose. */
import { createServer } from 'node:http'
import { listen } from './child.mjs'

let answer = Buffer.alloc(0)
let headers = {}

process.on('message', (message) => {
  if (typeof message.answer !== 'string') return
  answer = Buffer.from(message.answer)
  headers = { 'content-type': 'text/xml; charset=utf-8', 'content-length': answer.byteLength }
  process.send('chosen')
})

listen(
  createServer((req, res) => {
    req.resume().once('end', () => res.writeHead(200, headers).end(answer))
  }),
)
