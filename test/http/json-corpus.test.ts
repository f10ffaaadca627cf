import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleApp } from './sample-app.js'

let server: Server

beforeAll(async () => {
  server = createServer(sampleApp().app).listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function status(body: string | Uint8Array): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : new Blob([body]),
  })
  const text = await response.text()
  if (response.status !== 200)
    expect(JSON.parse(text)).toMatchObject({ code: 'request-malformed', status: 400 })
  return response.status
}

const bytes = (...values: number[]) => Uint8Array.from(values)
const inText = (...values: number[]) => bytes(0x5b, 0x22, ...values, 0x22, 0x5d)

/** Texts of RFC 8259, by the production that each is about. */
const VALID: readonly string[] = [
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '10',
    '0.1',
    '-0.1',
    '1e1',
    '1E1',
    '1e+1',
    '1e-1',
    '1.5e10',
    '0e0',
    '0.0e-0',
    '1e400',
  ],
  ...['123456789012345678901234567890', '0.10000000000000000000001', '-123.456e-789', '9007199254740993'],
  ...[
    'true',
    'false',
    'null',
    '""',
    '"a"',
    '" "',
    '"\\u0041"',
    '"\\u0000"',
    '"\\ud83d\\ude00"',
    '"\\uD83D\\uDE00"',
  ],
  ...[
    '"\\""',
    '"\\\\"',
    '"\\/"',
    '"\\b\\f\\n\\r\\t"',
    '"é"',
    '"漢字"',
    '"😀"',
    '"\u007f"',
    '"\u2028\u2029"',
    '"\ufeff"',
  ],
  ...['"\ufffe"', '"\\uFFFF"', '"a\\u0000b"', '"<![CDATA[x]]>"', '"&lt;"', '"__proto__"'],
  ...['[]', '[ ]', '[1]', '[1,2]', '[[]]', '[[],[]]', '[null]', '[1, "a", true, null, [], {}]', '[ 1 , 2 ]'],
  ...[
    '{}',
    '{ }',
    '{"a":1}',
    '{"a":1,"b":2}',
    '{"":0}',
    '{"a":{"a":{}}}',
    '{"\\u0061":1}',
    '{"A":1,"a":2}',
    '{"a":[]}',
  ],
  ...['{"__proto__":1}', '{"constructor":{"prototype":{}}}', '{"toString":1}', '{"é":1}', '{"a b":1}'],
  ...[' 1', '1 ', '\t1', '1\n', '\r\n1\r\n', '[\n1\n,\n2\n]', '{\t"a"\r:\n1 }', ' [] ', '\n\n{}\n\n'],
]

const INVALID: readonly string[] = [
  ...[
    '-',
    '+1',
    '01',
    '-01',
    '00',
    '1.',
    '.1',
    '-.1',
    '1.e1',
    '1e',
    '1e+',
    '1E-',
    '0x1',
    '1_000',
    '1e1.5',
    '--1',
    '1 2',
  ],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    'nan',
    'inf',
    '1a',
    '0b1',
    '0o7',
    '１',
    '1,5',
    '- 1',
    '1e 5',
    '0e',
    '2.e3',
    '-e1',
  ],
  ...[
    'tru',
    'truee',
    'True',
    'TRUE',
    'nul',
    'NULL',
    'Null',
    'undefined',
    'fals',
    'falsee',
    'nil',
    'None',
    't',
    'n',
    'f',
  ],
  ...[
    '"',
    '"a',
    "'a'",
    '`a`',
    '"\\x41"',
    '"\\a"',
    '"\\u12"',
    '"\\u123g"',
    '"\\U0041"',
    '"\\',
    '"\\"',
    '"\t"',
    '"\n"',
    '"\r"',
  ],
  ...[
    '"\u0000"',
    '"\u0001"',
    '"\u001f"',
    '"a" "b"',
    '"a"b',
    'a',
    '"\\u"',
    '"\\u 041"',
    '"\\0"',
    '"\\\'"',
    '"\\v"',
    '\\u0022a"',
  ],
  ...['"\\ud800"', '"\\udc00"', '"\\ud800\\ud800"', '"\\udc00\\ud800"', '"a\\ud83d"', '"\\ud83da"'],
  ...[
    '[',
    ']',
    '[1',
    '[1,',
    '[,1]',
    '[1,]',
    '[1,,2]',
    '[,]',
    '[1 2]',
    '[1;2]',
    '[1}',
    '[1]]',
    '[[1]',
    '[...]',
    '[1:2]',
    '["a":1]',
  ],
  ...[
    '[-]',
    '[1.]',
    '[tru]',
    '["a]',
    '[\u00a01]',
    '[\u000b1]',
    '[\f1]',
    '[a]',
    '[\\n]',
    '[1\u0000]',
    '[*]',
    '[1/**/]',
    '[1//\n]',
  ],
  ...[
    '{',
    '}',
    '{"a"',
    '{"a":',
    '{"a":}',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{,}',
    '{,"a":1}',
    '{"a" 1}',
    '{"a"::1}',
    '{"a",1}',
  ],
  ...[
    '{a:1}',
    "{'a':1}",
    '{1:1}',
    '{null:1}',
    '{"a":1 "b":2}',
    '{"a":1;"b":2}',
    '{"a":1]',
    '{"a":1}}',
    '{{}}',
    '{[]}',
    '{"a"}',
    '{:1}',
  ],
  ...[
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":{},"a":{}}',
    '[{"b":1,"b":1}]',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
  ],
  ...[
    '\ufeff{}',
    '\ufeff1',
    '{}\u0000',
    '{} {}',
    '{}x',
    '// c\n{}',
    '/* c */{}',
    '# c\n{}',
    '{}//',
    '<a/>',
    '&',
    '{}\ufeff',
  ],
  ...[' ', '\n', '\t', '\u00a0', '\u2028', '\u3000{}', '{}\u00a0', '\u000c{}', '\u0085{}'],
]

const INVALID_BYTES: readonly (readonly [string, Uint8Array])[] = [
  ['a lone continuation', inText(0x80)],
  ['a lone start', inText(0xc3)],
  ['an overlong solidus', inText(0xc0, 0xaf)],
  ['an overlong zero', inText(0xc0, 0x80)],
  ['an overlong quote', inText(0xe0, 0x80, 0xa2)],
  ['a surrogate', inText(0xed, 0xa0, 0x80)],
  ['a pair of surrogates', inText(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)],
  ['beyond Unicode', inText(0xf4, 0x90, 0x80, 0x80)],
  ['five bytes', inText(0xf8, 0x88, 0x80, 0x80, 0x80)],
  ['FF', inText(0xff)],
  ['FE', inText(0xfe)],
  ['Latin-1', inText(0xe9)],
  ['cut short', inText(0xf0, 0x9f, 0x98)],
  ['outside of a text', bytes(0x5b, 0x80, 0x5d)],
  ['UTF-16 LE with BOM', bytes(0xff, 0xfe, 0x5b, 0, 0x5d, 0)],
  ['UTF-16 BE', bytes(0, 0x5b, 0, 0x5d)],
  ['UTF-32 LE', bytes(0x5b, 0, 0, 0, 0x5d, 0, 0, 0)],
  ['UTF-7', bytes(...Buffer.from('+AFsAXQ-'))],
]

/** Each valid text, within other ones; each invalid one, where a value may stand. */
const AROUND: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `[${text}]`,
  (text) => `{"a":${text}}`,
  (text) => `[null,${text} ,[]]`,
  (text) => `{"a":[{"b":${text}}]}`,
]

describe('JSON texts as bodies', () => {
  it.each(AROUND.map((around, index) => [index, around] as const))(
    'valid ones are taken, in form %i',
    async (_n, around) => {
      for (const text of VALID) expect(await status(around(text)), JSON.stringify(text)).toBe(200)
    },
  )

  it.each(AROUND.map((around, index) => [index, around] as const))(
    'invalid ones are 400, in form %i',
    async (n, around) => {
      for (const text of INVALID) {
        const sent = around(text)
        // Some become another text within others: `1,5` and `1]`.
        if (n > 0 && accepted(sent) && !accepted(text)) continue
        expect(await status(sent), JSON.stringify(sent)).toBe(400)
      }
    },
  )

  it.each(INVALID_BYTES)('bytes that are no UTF-8 are 400: %s', async (_what, body) => {
    expect(await status(body)).toBe(400)
  })

  it('every valid text, cut short anywhere, is judged as JSON.parse judges it', async () => {
    const text = '{"a":[1,-2.5e+3,"b\\u0041\\n",true,null,{"c":[]}],"d":{"e":"f"}}'
    for (let length = 1; length < text.length; length += 1) {
      expect(await status(text.slice(0, length)), text.slice(0, length)).toBe(400)
    }
    expect(await status(text)).toBe(200)
  })

  it('every character, put anywhere into a text, is judged as JSON.parse judges it', async () => {
    const text = '{"a":[1,2]}'
    const strange = [
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '0',
      '-',
      '.',
      'e',
      ' ',
      '\n',
      '\0',
      '\u00a0',
      'é',
      '/',
    ]
    for (let at = 0; at <= text.length; at += 1) {
      for (const character of strange) {
        const sent = text.slice(0, at) + character + text.slice(at)
        expect(await status(sent), sent).toBe(accepted(sent) ? 200 : 400)
      }
    }
  })

  it('nesting and numbers of values end at their limits, not at those of the stack', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
      expect(await status(nested(16))).toBe(200)
      expect(await status(nested(17))).toBe(400)
      expect(await status(nested(3_000))).toBe(400)
      expect(await status(open.repeat(3_000))).toBe(400)
    }
    expect(await status(`[${'1,'.repeat(4_998)}1]`)).toBe(200)
    expect(await status(`[${'1,'.repeat(5_001)}1]`)).toBe(400)
  })
})

/** What JSON.parse says, which takes names twice and lone surrogates. */
function accepted(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
