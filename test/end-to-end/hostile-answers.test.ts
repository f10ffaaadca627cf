import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Front, openFront, shippedAdapter } from './front.js'
import { answer, ScriptedBackend } from './peers/scripted-backend.js'

const MILLION = 1_000_000
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

const backend = new ScriptedBackend()
let front: Front
let good: string

beforeAll(async () => {
  await backend.start()
  const adapter = await shippedAdapter(backend.url)
  front = await openFront(adapter)
  good = String(adapter.operations.get('getAccount')?.sampleResponse({ optionals: 'all' }).body)
})

afterAll(async () => {
  await front.close()
  await backend.stop()
})

async function get(): Promise<{ status: number; text: string }> {
  const response = await fetch(`${front.url}/v1/accounts/AC-00000101`, {
    headers: { 'x-api-key': 'any' },
  })
  return { status: response.status, text: await response.text() }
}

/** The good answer with something more in the start tag of the account. */
const inTag = (more: string) => good.replace(/<([^<>/\s]*Account)\b/, `<$1 ${more}`)
/** The good answer with something in place of the text of its first element. */
const inText = (text: string) => good.replace(/>[^<>]+</, () => `>${text}<`)
const entities = Array.from({ length: 10 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`)

const HOSTILE: readonly [what: string, body: () => string | Buffer, type?: string][] = [
  [
    'xsi:type of a simple type',
    () => inTag(`${XSI} xmlns:x="http://www.w3.org/2001/XMLSchema" xsi:type="x:string"`),
  ],
  ['xsi:type of a type that there is not', () => inTag(`${XSI} xmlns:x="urn:x" xsi:type="x:Account"`)],
  ['xsi:type without a namespace', () => inTag(`${XSI} xsi:type="Account"`)],
  ['xsi:type with a prefix of nobody', () => inTag(`${XSI} xsi:type="nobody:Account"`)],
  ['an attribute twice', () => inTag('a="1" a="2"')],
  ['an attribute twice by two prefixes', () => inTag('xmlns:p="urn:p" xmlns:q="urn:p" p:a="1" q:a="2"')],
  ['a million attributes', () => inTag(Array.from({ length: MILLION }, (_, n) => `a${n}=""`).join(' '))],
  ['a depth of a million', () => inText('<a>'.repeat(MILLION) + '</a>'.repeat(MILLION))],
  ['a depth of a million without end', () => '<a>'.repeat(MILLION)],
  ['a name of a million letters', () => inText(`<${'a'.repeat(MILLION)}/>`)],
  [
    'a million namespaces',
    () => inTag(Array.from({ length: MILLION }, (_, n) => `xmlns:a${n}="u"`).join(' ')),
  ],
  ['a billion laughs', () => `<!DOCTYPE a [<!ENTITY e0 "ha">${entities.join('')}]>${inText('&e10;')}`],
  ['an external entity', () => `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${inText('&e;')}`],
  ['a charset that the bytes are not in', () => good, 'text/xml; charset=utf-16'],
  ['a charset that nobody knows', () => good, 'text/xml; charset=x-nobody'],
  ['an encoding that nobody knows', () => `<?xml version="1.0" encoding="x-nobody"?>${good}`],
  ['bytes that are not UTF-8', () => Buffer.from(inText('\xe9\xff'), 'latin1')],
]

describe('a response of a backend with', () => {
  it.each(HOSTILE)('%s is 502, and the next one is served', async (_what, body, type) => {
    backend.script = answer(200, body(), type)
    const { status, text } = await get()
    expect(status, text).toBe(502)
    expect(text.length).toBeLessThan(2_000)
    expect(text).not.toMatch(/root:|haha|aaaa/)
    backend.script = answer(200, good)
    expect((await get()).status).toBe(200)
  })
})
