import { afterEach, describe, expect, test } from 'vitest'
import { Transport } from '../../../src/backend/connection/transport.js'
import { defaultPolicy } from '../../../src/backend/policy.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError } from '../../../src/base/errors.js'
import { closeAll, closing } from '../calls.js'
import { Peer } from '../peer.js'

afterEach(closeAll)

const BODY = '<ok>1</ok>'
const LENGTH = `Content-Length: ${BODY.length}`
const CHUNKS = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`
const GOOD = `HTTP/1.1 200 OK\r\n${LENGTH}\r\n\r\n${BODY}`

interface Seen {
  /** Of each call: body, or code and message of the error. */
  readonly answers: readonly string[]
  readonly calls: number
  readonly connections: number
  readonly sent: readonly boolean[]
}

/** Two calls, one after the other, to a server that answers each with `raw`, in pieces of so many bytes. */
async function twoCalls(
  raw: string,
  { pieces = Infinity, end = false, keepAlive = true } = {},
): Promise<Seen> {
  const bytes = Buffer.from(raw, 'latin1')
  const peer = closing(
    await Peer.listen((socket) => {
      const write = (from: number): void => {
        if (from >= bytes.length) {
          if (end) socket.end()
          return
        }
        socket.write(bytes.subarray(from, from + pieces), () => setImmediate(write, from + pieces))
      }
      write(0)
    }),
  )
  const transport = closing(new Transport({ ...defaultPolicy, maxConcurrent: 1, keepAlive }))
  const answers: string[] = []
  const sent: boolean[] = []
  while (answers.length < 2) {
    const call = transport.start({ url: peer.url, headers: {}, body: '<Envelope/>' }, 5000)
    try {
      answers.push(bytesOf((await call.answer).body).toString())
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error
      answers.push(`${error.code}: ${error.message}`)
    }
    sent.push(call.isSent)
  }
  return { answers, calls: peer.requests.length, connections: peer.connections, sent }
}

/** What is written, and on how many connections two calls go then. */
const read: readonly (readonly [string, string, number])[] = [
  ['nothing odd', GOOD, 1],
  ['100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${GOOD}`, 1],
  ['100 Continue with fields', `HTTP/1.1 100 Continue\r\nServer: x\r\nContent-Length: 0\r\n\r\n${GOOD}`, 1],
  ['100 of HTTP/1.0', `HTTP/1.0 100 Continue\r\n\r\n${GOOD}`, 1],
  ['100 with bare LF', `HTTP/1.1 100 Continue\n\n${GOOD}`, 1],
  ['100 without a reason', `HTTP/1.1 100\r\n\r\n${GOOD}`, 1],
  ['300 times 100', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(300) + GOOD, 1],
  [
    '100, 102 and 103',
    `HTTP/1.1 100 C\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nLink: </x>\r\n\r\n${GOOD}`,
    1,
  ],
  ['1xx that nobody knows', `HTTP/1.1 199 Odd\r\n\r\n${GOOD}`, 1],
  ['a line end before', `\r\n${GOOD}`, 1],
  ['a line end and 100 before', `\r\nHTTP/1.1 100 Continue\r\n\r\n\r\n${GOOD}`, 1],
  [
    'an offer to upgrade',
    GOOD.replace('OK\r\n', 'OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade, Keep-Alive\r\n'),
    1,
  ],
  ['no reason', GOOD.replace(' OK', ''), 1],
  ['ISO-8859-1 in a field', GOOD.replace('OK\r\n', 'OK\r\nServer: caf\xe9\r\n'), 1],
  ['tokens in other case', `HTTP/1.1 200 ok\r\nTRANSFER-ENCODING: Chunked\r\n\r\n${CHUNKS}`, 1],
  [
    'extensions and trailers',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na;x="y"\r\n${BODY}\r\n0\r\nX: 1\r\n\r\n`,
    1,
  ],
  [
    'a body that looks like an interim response',
    `HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n`,
    1,
  ],
  [
    'HTTP/1.0 that keeps the connection',
    GOOD.replace('1.1 200 OK', '1.0 200 OK\r\nconnection: Keep-Alive'),
    1,
  ],
  ['HTTP/1.0', GOOD.replace('1.1', '1.0'), 2],
  ['HTTP/1.0 in chunks', `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`, 2],
  ['close, shouted', GOOD.replace('OK\r\n', 'OK\r\nCONNECTION: CLOSE\r\n'), 2],
  [
    'close and keep-alive',
    GOOD.replace('OK\r\n', 'OK\r\nConnection: keep-alive\r\nConnection: close\r\n'),
    2,
  ],
  ['lines that end in LF', `HTTP/1.1 200 OK\n${LENGTH}\n\n${BODY}`, 2],
  ['some lines that end in LF', `HTTP/1.1 200 OK\r\n${LENGTH}\n\r\n${BODY}`, 2],
  ['a folded field', GOOD.replace('OK\r\n', 'OK\r\nServer: a\r\n\tb\r\n'), 2],
  ['a folded length', `HTTP/1.1 200 OK\r\nContent-Length:\r\n ${BODY.length}\r\n\r\n${BODY}`, 2],
  ['one length twice', GOOD.replace(LENGTH, `${LENGTH}\r\ncontent-length: ${BODY.length}`), 2],
  ['one length as a list', GOOD.replace(LENGTH, `${LENGTH}, ${BODY.length}`), 2],
  [
    'one length twice from HTTP/1.0 that keeps the connection',
    GOOD.replace('1.1 200 OK', '1.0 200 OK\r\nConnection: Keep-Alive').replace(
      LENGTH,
      `${LENGTH}\r\n${LENGTH}`,
    ),
    2,
  ],
  ['more than was announced', `${GOOD}and more`, 2],
]

describe('is read', () => {
  test.each(read)('%s', async (_, raw, connections) => {
    const body = raw.includes('Length: 25') ? 'HTTP/1.1 100 Continue\r\n\r\n' : BODY
    for (const pieces of raw.length > 2000 ? [Infinity] : [Infinity, 1]) {
      const seen = await twoCalls(raw, { pieces })
      expect(seen).toEqual({ answers: [body, body], calls: 2, connections, sent: [true, true] })
    }
  })

  test('a body that ends with its connection', async () => {
    const { answers } = await twoCalls(`HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n${BODY}`, {
      end: true,
    })
    expect(answers).toEqual([BODY, BODY])
  })

  test.each([204, 304])('%i with a length and without a body', async (status) => {
    expect(await twoCalls(`HTTP/1.1 ${status} X\r\nContent-Length: 9\r\n\r\n`)).toMatchObject({
      answers: ['', ''],
    })
  })
})

const invalid = "backend-malformed: The backend's response is not valid HTTP:"
/** What is written, whether the connection ends then, and what is said of it. */
const refused: readonly (readonly [string, string, boolean, string])[] = [
  [
    'a length and chunks',
    `HTTP/1.1 200 OK\r\n${LENGTH}\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    false,
    `${invalid} it has Content-Length and Transfer-Encoding (RFC 9112, section 6.1).`,
  ],
  [
    'two lengths',
    GOOD.replace(LENGTH, `${LENGTH}\r\nContent-Length: 3`),
    false,
    `${invalid} it has two Content-Lengths that differ.`,
  ],
  [
    'two lengths in a list',
    GOOD.replace(LENGTH, `${LENGTH}, 3`),
    false,
    `${invalid} it has two Content-Lengths that differ.`,
  ],
  ...['+10', '-1', '0xa', '1e1', '', '99999999999999999999'].map(
    (length) =>
      [
        `the length ${length}`,
        GOOD.replace(LENGTH, `Content-Length: ${length}`),
        false,
        `${invalid} its Content-Length is not a number.`,
      ] as const,
  ),
  ...['099', '000'].map(
    (status) =>
      [
        `the status ${status}`,
        `HTTP/1.1 ${status} X\r\n\r\n${GOOD}`,
        false,
        `${invalid} its status is below 100 (RFC 9110, section 15).`,
      ] as const,
  ),
  [
    'chunked twice',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    false,
    `${invalid} it says twice that it is chunked.`,
  ],
  ...['gzip, chunked', 'chunked, gzip', 'xchunked', 'chunked;x'].map(
    (coding) =>
      [
        `the transfer coding ${coding}`,
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n${CHUNKS}`,
        false,
        `${invalid} it has a transfer coding other than chunked.`,
      ] as const,
  ),
  [
    '101',
    'HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n',
    false,
    `${invalid} it switches protocols (101), which was not asked for.`,
  ],
  [
    'a length among the trailers',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n${BODY}\r\n0\r\nContent-Length: 3\r\n\r\n`,
    false,
    `${invalid} Content-Length can't be present with Transfer-Encoding.`,
  ],
  [
    'a space before a colon',
    GOOD.replace(LENGTH, `Content-Length : ${BODY.length}`),
    false,
    `${invalid} Invalid header field char.`,
  ],
  [
    'a control character',
    GOOD.replace('OK\r\n', 'OK\r\nServer: \x01\r\n'),
    false,
    `${invalid} Invalid header value char.`,
  ],
  [
    'chunks that end in LF',
    `HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\na\n${BODY}\n0\n\n`,
    false,
    `${invalid} Missing expected CR after chunk size.`,
  ],
  ['no HTTP', `ICY 200 OK\r\n\r\n${BODY}`, true, `${invalid} Expected HTTP/, RTSP/ or ICE/.`],
  ['no HTTP at all', BODY, true, `${invalid} Expected HTTP/, RTSP/ or ICE/.`],
  [
    'nothing',
    '',
    true,
    'backend-unreachable: The connection to the backend ended before its response began.',
  ],
  [
    '100 and no more',
    'HTTP/1.1 100 Continue\r\n\r\n',
    true,
    'backend-unreachable: The connection to the backend ended before its response began.',
  ],
  [
    'half a head',
    'HTTP/1.1 200 OK\r\nContent-Le',
    true,
    'backend-unreachable: The connection to the backend ended before its response began.',
  ],
  [
    'half a body',
    GOOD.slice(0, -1),
    true,
    'backend-unreachable: The connection to the backend ended before its response did.',
  ],
  [
    'half of the chunks',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n${BODY}`,
    true,
    'backend-unreachable: The connection to the backend ended before its response did.',
  ],
  [
    'a head without end',
    `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`,
    false,
    "backend-too-large: The header of the backend's response is too large.",
  ],
  [
    'interim responses without end',
    `HTTP/1.1 100 Continue\r\nX: ${'x'.repeat(1000)}\r\n\r\n`.repeat(1100),
    false,
    'backend-too-large: The backend sent more than 1048576 bytes of interim responses (1xx).',
  ],
]

describe('is refused by its true name, once for each call, on a connection that is closed', () => {
  test.each(refused)('%s', async (_, raw, end, message) => {
    for (const pieces of raw.length > 2000 ? [Infinity] : [Infinity, 1]) {
      const seen = await twoCalls(raw, { pieces, end })
      expect(seen).toEqual({ answers: [message, message], calls: 2, connections: 2, sent: [true, true] })
    }
  })
})

test('without keep-alive each call has a connection of its own, and says so', async () => {
  const seen = await twoCalls(GOOD, { keepAlive: false })
  expect(seen).toMatchObject({ answers: [BODY, BODY], connections: 2 })
})
