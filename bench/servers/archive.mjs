/**
 * A backend that speaks MTOM: it says how many octets a request had, and answers with as many as the parent has chosen.
 */
import { createServer } from 'node:http'
import { listen } from './child.mjs'

const XOP = 'http://www.w3.org/2004/08/xop/include'
const envelope = (content) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${content}</s:Body></s:Envelope>`
const fetched = envelope(
  `<FetchResponse xmlns="urn:bench:archive"><Content><i:Include xmlns:i="${XOP}" href="cid:octets@bench"/></Content></FetchResponse>`,
)
const type =
  'multipart/related; boundary=bench; type="application/xop+xml"; start="<root@bench>"; start-info="text/xml"'

let answer = Buffer.alloc(0)
process.on('message', ({ octets }) => {
  if (octets === undefined) return
  answer = Buffer.concat([
    Buffer.from(
      `--bench\r\nContent-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\nContent-ID: <root@bench>\r\n\r\n${fetched}\r\n` +
        '--bench\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <octets@bench>\r\n\r\n',
    ),
    Buffer.alloc(octets, 'The octets of a document. '),
    Buffer.from('\r\n--bench--\r\n'),
  ])
  process.send('chosen')
})

listen(
  createServer((req, res) => {
    let octets = 0
    req.on('data', (chunk) => (octets += chunk.byteLength))
    req.once('end', () => {
      const isFetch = req.headers.soapaction?.includes('Fetch')
      const stored = envelope(
        `<StoreResponse xmlns="urn:bench:archive"><Octets>${octets}</Octets></StoreResponse>`,
      )
      const body = isFetch ? answer : Buffer.from(stored)
      res.writeHead(200, {
        'content-type': isFetch ? type : 'text/xml; charset=utf-8',
        'content-length': body.byteLength,
      })
      res.end(body)
    })
  }),
)
