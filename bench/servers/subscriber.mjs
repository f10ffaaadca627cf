/** Subscribers on one port: `/taking` takes each event, `/hanging` takes none and says nothing. It counts, and keeps when each came. */
import { createServer } from 'node:http'

let came = []
const server = createServer((req, res) => {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8')
    const challenge = /"type":"webhook\.challenge".*"data":(\{.*\})\}$/.exec(text)
    if (challenge) {
      res.writeHead(200, { 'content-type': 'application/json' }).end(challenge[1])
      return
    }
    if (req.url === '/hanging') return
    const sent = /"id":"(\d+)-/.exec(text)
    came.push(Date.now() - Number(sent?.[1] ?? Date.now()))
    res.writeHead(204).end()
  })
})
process.on('message', (message) => {
  if (message === 'count') process.send({ count: came.length })
  if (message !== 'take') return
  process.send({ milliseconds: came })
  came = []
})
process.on('disconnect', () => process.exit(0))
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }))
