import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { MessageGuard } from '../../../src/adapter/trust/message-guard.js'
import { digestOf, UseMemory } from '../../../src/store/single-use/memory.js'
import { type Credential, hasOpenssl, KeyFolder } from '../../ws-security/keys.js'
import { signedAnswer, verification } from '../../ws-security/signed-answer.js'
import { till } from '../header-contract.js'

if (!hasOpenssl) console.log('skipped: responses cannot be signed without the openssl command')

const folder = new KeyFolder()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => {
  folder.remove()
})

const SOLD = '<t:SellResponse xmlns:t="urn:till"><t:Receipt>r</t:Receipt></t:SellResponse>'

describe.skipIf(!hasOpenssl)('a signed response', () => {
  const backend = hasOpenssl ? folder.make('/CN=backend') : undefined
  const answer = (by = backend): string => {
    if (!by) return ''
    const created = new Date(Date.now() - 1_000).toISOString()
    return signedAnswer({
      by,
      body: SOLD,
      created,
      expires: new Date(Date.now() + 60_000).toISOString(),
    })
  }

  /** A backend that gives these responses, one after the other. */
  async function selling(
    answers: readonly string[],
    verify: string,
    { trust = backend, failures = [] }: { trust?: Credential | undefined; failures?: unknown[] } = {},
  ) {
    const left = [...answers]
    const server = createServer((req, res) => {
      req.resume()
      res.writeHead(200, { 'content-type': 'text/xml' }).end(left.shift())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => server.close())
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const security = `security: { verify: { trust: '\${CA}'${verify} } }`
    const adapter = till(
      { backend: `endpoint: '${endpoint}', ${security}` },
      { CA: trust?.certificatePem ?? '' },
    )
    adapter.onRevocationListFailure((failure) => failures.push(failure))
    closing.push(() => adapter.close())
    return () =>
      adapter.operations.get('sell')?.invoke({ path: {}, query: {}, headers: {}, body: { item: 'x' } })
  }

  it('counts once where the contract says so', async () => {
    const one = answer()
    const sell = await selling([one, one, answer()], ', once: true')
    expect(await sell()).toMatchObject({ status: 200 })
    await expect(sell()).rejects.toMatchObject({
      code: 'backend-untrusted',
      message: expect.stringContaining('came before') as string,
    })
    expect(await sell()).toMatchObject({ status: 200 })
  })

  it('is judged without a list of revoked certificates that cannot be had, which is told once', async () => {
    const authority = folder.make('/CN=CA', { ca: true })
    const by = folder.make('/CN=signer', { issuer: authority })
    const failures: unknown[] = []
    const sell = await selling(
      [answer(by), answer(by)],
      ", revocation: { crl: ['http://127.0.0.1:1/'], unknown: accept }",
      { trust: authority, failures },
    )
    expect([await sell(), await sell()]).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(failures).toMatchObject([
      { backend: 'till', index: 0, why: 'what says so cannot be reached or read' },
    ])
  })

  it('counts as often as it comes by default', async () => {
    const one = answer()
    const sell = await selling([one, one], '')
    expect([await sell(), await sell()]).toMatchObject([{ status: 200 }, { status: 200 }])
  })
})

describe('the guard of messages', () => {
  const message = { signatures: [{ key: 'k', id: 'a' }], createdAt: 1_000, paths: [] }

  it.each([
    ['by default', {}, false, true],
    ['once', { once: true }, true, true],
    ['as often as they come', { once: false }, false, false],
    ['without a Timestamp', { once: true, parts: ['body'] as const }, false, false],
  ])('judges responses and messages %s', (_, policy, responses, received) => {
    const guard = new MessageGuard(verification([], policy))
    expect([guard.judges('response'), guard.judges('received')]).toEqual([responses, received])
  })

  it('asks the table of the replicas once for a message, and not for one that it knows', async () => {
    const queries: string[] = []
    const guard = new MessageGuard(verification([]))
    const rows: unknown[][] = [[{}], [], []]
    const pool = {
      query: (query: string | { text: string }) => {
        queries.push(typeof query === 'string' ? query : query.text)
        return Promise.resolve({ rows: rows.shift() })
      },
    }
    guard.share({ pool, table: 't' })
    const release = await guard.admit([message], 'received')
    await expect(guard.admit([message], 'received')).rejects.toMatchObject({ code: 'backend-untrusted' })
    expect(queries).toHaveLength(1)
    const elsewhere = { ...message, signatures: [{ key: 'k', id: 'b' }] }
    await expect(guard.admit([elsewhere], 'received')).rejects.toMatchObject({ code: 'backend-untrusted' })
    await release()
    expect(queries.map((text) => text.slice(0, 6))).toEqual(['INSERT', 'INSERT', 'DELETE'])
  })

  it('gives back what a message has taken where there is no room for the rest, and no more', async () => {
    const guard = new MessageGuard(verification([]))
    const deleted: unknown[] = []
    const pool = {
      query: (query: string | { text: string; values: unknown[] }) => {
        if (typeof query !== 'string' && query.text.startsWith('DELETE')) deleted.push(...query.values)
        return Promise.resolve({ rows: [{}] })
      },
    }
    guard.share({ pool, table: 't' })
    const use = vi.spyOn(UseMemory.prototype, 'use').mockReturnValueOnce('new').mockReturnValueOnce('full')
    const names = [
      { key: 'k', id: 'a' },
      { key: 'k', id: 'b' },
    ]
    try {
      const admitted = guard.admit([{ ...message, signatures: names }], 'received')
      await expect(admitted).rejects.toMatchObject({ code: 'overloaded' })
    } finally {
      use.mockRestore()
    }
    expect(deleted).toEqual([digestOf('k', 'a').toString('base64url')])
  })
})
