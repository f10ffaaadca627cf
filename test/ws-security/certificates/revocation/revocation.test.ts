import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { readRevocationList, statusByLists } from '../../../../src/ws-security/certificates/revocation/crl.js'
import { ocspRequest, statusByResponse } from '../../../../src/ws-security/certificates/revocation/ocsp.js'
import { RevocationError } from '../../../../src/ws-security/certificates/revocation/signed-der.js'
import fc from '../../../oracle/property.js'
import { Authority } from '../../authority.js'
import { hasOpenssl, KeyFolder } from '../../keys.js'

if (!hasOpenssl) console.log('skipped: certificates cannot be revoked without the openssl command')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

interface Change {
  readonly at: number
  readonly to: number
  readonly cut: number
}

/** Octets with one changed, and some cut off at the end. */
function changed(octets: Buffer, { at, to, cut }: Change): Buffer {
  const copy = Buffer.from(octets.subarray(0, octets.length - cut))
  if (copy.length > 0) copy.writeUInt8(to, at % copy.length)
  return copy
}

const change = fc.record({
  at: fc.nat(10_000),
  to: fc.nat(255),
  cut: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(200)),
})

describe.skipIf(!hasOpenssl)('what says that a certificate was revoked', () => {
  const make = () => {
    const key = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    const root = folder.make('/CN=Root', { ca: true, key })
    const revoked = folder.make('/CN=revoked', { issuer: root, key })
    const authority = new Authority(root)
    authority.know([], [revoked])
    const [list] = [authority.list()].map((path) =>
      Buffer.from(readFileSync(path, 'utf8').replace(/-----[^-]+-----|\s/g, ''), 'base64'),
    )
    return { root: root.certificate, revoked: revoked.certificate, authority, list: list ?? Buffer.alloc(0) }
  }
  const { root, revoked, authority, list } = hasOpenssl ? make() : (undefined as never)
  afterAll(() => {
    authority.remove()
  })
  const times = { now: Date.now(), skewMs: 60_000 }

  /** @returns what is known; `unreadable` for what is refused by name */
  const said = (read: () => { readonly status: string }): string => {
    try {
      return read().status
    } catch (error) {
      if (error instanceof RevocationError) return 'unreadable'
      throw error
    }
  }

  it('never says that it is good, whichever octet of a list is changed', () => {
    const byList = (octets: Buffer): string =>
      said(() => statusByLists(revoked, root, [readRevocationList(octets)], times))
    expect(byList(list)).toBe('revoked')
    fc.assert(
      fc.property(change, (each) => byList(changed(list, each)) !== 'good'),
      { numRuns: 500 },
    )
  })

  it('never says that it is good, whichever octet of a response is changed', async () => {
    const { url, close } = await authority.serve()
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request' },
      body: ocspRequest(revoked, root),
    })
    const response = Buffer.from(await answer.arrayBuffer())
    close()
    const byResponse = (octets: Buffer): string => said(() => statusByResponse(octets, revoked, root, times))
    expect(byResponse(response)).toBe('revoked')
    fc.assert(
      fc.property(change, (each) => byResponse(changed(response, each)) !== 'good'),
      { numRuns: 500 },
    )
  })

  it('is read from any octets without another error than its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        const bytes = Buffer.from(octets)
        expect(said(() => statusByLists(revoked, root, [readRevocationList(bytes)], times))).not.toBe('good')
        expect(said(() => statusByResponse(bytes, revoked, root, times))).not.toBe('good')
      }),
      { numRuns: 300 },
    )
  })
})
