import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: the key of the example needs the openssl command')

describe.skipIf(!hasOpenssl)('bank-statements', () => {
  let example: Example
  beforeAll(async () => {
    example = await Example.start('bank-statements')
  }, SLOW)
  afterAll(() => example.stop())

  it('gives an account that the bank was asked for once', async () => {
    const account = `${example.url}/v1/accounts/A-1`
    const first = await fetch(account)
    expect(await first.json()).toEqual({ account: 'A-1', owner: 'Harbour Row', currency: 'EUR' })
    // Without the second header, fetch adds no-cache, which goes to the bank.
    const headers = { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=60' }
    const again = await fetch(account, { headers })
    expect(again.status).toBe(304)
    expect(again.headers.get('cache-status')).toMatch(/^soapstone; hit;/)
    expect(await example.json('/v1/accounts/A-2')).toMatchObject({ status: 404, body: { code: 'NoAccount' } })
  })

  it('gives a long statement as it arrives, and with all its entries', async () => {
    const response = await fetch(`${example.url}/v1/accounts/A-1/statement?from=2026-02-27&to=2026-03-01`)
    expect(response.headers.get('content-length')).toBeNull()
    const { entries } = (await response.json()) as { entries: { number: number; booked: string }[] }
    expect(entries).toHaveLength(15_000)
    expect(entries.at(-1)).toMatchObject({ number: 15_000, booked: '2026-03-01' })
  })

  it('holds little of a statement for a slow client', { timeout: 120_000 }, () => {
    const [, script = '', metrics = ''] = /node (\S+slow-client\.mjs) '.*' (\S+)/.exec(example.printed) ?? []
    // 40 MB of XML. Read as a whole they take some 300 MB.
    const statement = `${example.url}/v1/accounts/A-1/statement?from=2026-01-01&to=2026-02-09`
    const { stdout, stderr } = spawnSync(process.execPath, [script, statement, metrics, '20'], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    const [, megabytes, rise] = /^(\S+) MB of JSON in .* rose by (\d+) MB/m.exec(stdout) ?? []
    expect(Number(megabytes)).toBeGreaterThan(30)
    expect(Number(rise)).toBeLessThan(150)
  })

  it('has a bank that refuses what is not signed', async () => {
    const [, bank = ''] = /<\/e:Envelope>' (\S+)/.exec(example.printed) ?? []
    const body = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'
    const response = await fetch(bank, { method: 'POST', body })
    expect(response.status).toBe(500)
    expect(await response.text()).toContain('The message must have one signature.')
  })
})
