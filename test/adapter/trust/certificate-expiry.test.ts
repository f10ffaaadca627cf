import { afterAll, describe, expect, it } from 'vitest'
import { hasOpenssl, KeyFolder } from '../../ws-security/keys.js'
import { till } from '../header-contract.js'

if (!hasOpenssl) console.log('skipped: openssl is not there to make certificates')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const DAY = 86_400_000

describe.skipIf(!hasOpenssl)('certificates of backends', () => {
  it('are counted once each by when they expire, wherever they are', async () => {
    const [own, theirs, ca, client] = [10, 20, 60, 5].map((days, i) => folder.make(`/CN=${i}`, { days }))
    const security =
      `signature: { key: '\${KEY}', certificate: ${own?.certificateFile ?? ''} }, encryption: { certificate: ${theirs?.certificateFile ?? ''} }, ` +
      `decryption: { key: '\${KEY}', certificate: ${own?.certificateFile ?? ''} }, verify: { trust: ${ca?.certificateFile ?? ''} }`
    const backend = `endpoint: 'https://127.0.0.1:1/', security: { ${security} }, tls: { certificate: ${client?.certificateFile ?? ''}, key: '\${TLS}' }`
    const adapter = till({ backend }, { KEY: own?.keyPem ?? '', TLS: client?.keyPem ?? '' })
    const expired = [0, 6, 11, 21, 61].map((days) => adapter.certificatesExpiredBy(Date.now() + days * DAY))
    expect(expired).toEqual([0, 1, 2, 3, 4])
    await adapter.close()
  })

  it('are none where there is no security', async () => {
    const adapter = till({})
    expect(adapter.certificatesExpiredBy(Number.MAX_SAFE_INTEGER)).toBe(0)
    await adapter.close()
  })
})
