import { execFileSync } from 'node:child_process'
import { constants, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  decryptOaep,
  decryptPkcs1,
  encryptOaep,
  encryptPkcs1,
  type OaepHash,
} from '../../../src/ws-security/algorithms/rsa-padding.js'
import { hasOpenssl, KeyFolder } from '../keys.js'

if (!hasOpenssl) console.log('skipped: openssl is not there to judge paddings')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const hashes: readonly OaepHash[] = ['sha1', 'sha256', 'sha384', 'sha512']
const pairs = hashes.flatMap((digest) => hashes.map((mgf) => ({ digest, mgf })))

describe.skipIf(!hasOpenssl)('paddings of RSA', () => {
  const { keyFile, privateKey, certificate } = hasOpenssl ? folder.make('/CN=a') : (undefined as never)
  const { publicKey } = hasOpenssl ? certificate : (undefined as never)
  const message = randomBytes(32)
  const otherwise = randomBytes(32)

  /** `openssl pkeyutl`, which has both hashes. */
  const openssl = (action: '-encrypt' | '-decrypt', input: Buffer, options: readonly string[]): Buffer => {
    const [source, target] = [join(folder.path, 'in'), join(folder.path, 'out')]
    writeFileSync(source, input)
    const pkeyopt = options.flatMap((option) => ['-pkeyopt', option])
    execFileSync('openssl', ['pkeyutl', action, '-inkey', keyFile, '-in', source, '-out', target, ...pkeyopt])
    return readFileSync(target)
  }
  const oaep = ({ digest, mgf }: (typeof pairs)[number]): string[] => [
    'rsa_padding_mode:oaep',
    `rsa_oaep_md:${digest}`,
    `rsa_mgf1_md:${mgf}`,
  ]

  it.each(pairs)('OAEP with $digest and MGF1 with $mgf is that of openssl, both ways', (hashes) => {
    expect(openssl('-decrypt', encryptOaep(publicKey, message, hashes), oaep(hashes))).toEqual(message)
    const cipher = openssl('-encrypt', message, oaep(hashes))
    expect(decryptOaep(privateKey, cipher, hashes, otherwise)).toEqual(message)
  })

  it.each(pairs)('OAEP with $digest and MGF1 with $mgf gives the other key for all else', (hashes) => {
    const right = encryptOaep(publicKey, message, hashes)
    const changed = Buffer.from(right)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    const short = encryptOaep(publicKey, message.subarray(1), hashes)
    const long = encryptOaep(publicKey, Buffer.concat([message, Buffer.alloc(1)]), hashes)
    const other = encryptOaep(publicKey, message, {
      ...hashes,
      digest: hashes.digest === 'sha1' ? 'sha256' : 'sha1',
    })
    const ones = Buffer.alloc(256, 0xff)
    for (const cipher of [changed, short, long, other, ones, Buffer.alloc(0), Buffer.alloc(300)]) {
      expect(decryptOaep(privateKey, cipher, hashes, otherwise)).toEqual(otherwise)
    }
  })

  it('OAEP has no room for a message that is too long', () => {
    const hashes = { digest: 'sha512', mgf: 'sha1' } as const
    expect(() => encryptOaep(publicKey, Buffer.alloc(127), hashes)).toThrow(RangeError)
    expect(encryptOaep(publicKey, Buffer.alloc(126), hashes)).toHaveLength(256)
  })

  it('RSA 1.5 is that of openssl, both ways', () => {
    const padding = ['rsa_padding_mode:pkcs1']
    expect(openssl('-decrypt', encryptPkcs1(publicKey, message), padding)).toEqual(message)
    expect(decryptPkcs1(privateKey, openssl('-encrypt', message, padding), otherwise)).toEqual(message)
  })

  /** What is encrypted without a padding of its own. */
  const bare = (block: Buffer): Buffer =>
    publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block)
  const block = (edit: (block: Buffer) => void): Buffer => {
    const encoded = Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(221, 0xaa), Buffer.from([0]), message])
    edit(encoded)
    return bare(encoded)
  }

  it.each<[string, (block: Buffer) => void]>([
    ['another type of block', (b) => (b[1] = 1)],
    ['another first octet', (b) => (b[0] = 1)],
    ['a message that is longer by a zero in the padding', (b) => (b[222] = 0)],
    ['a zero at the beginning of the padding', (b) => (b[2] = 0)],
    ['no zero after the padding', (b) => (b[223] = 0xaa)],
  ])('RSA 1.5 gives the other key for %s', (_, edit) => {
    expect(
      decryptPkcs1(
        privateKey,
        block(() => undefined),
        otherwise,
      ),
    ).toEqual(message)
    expect(decryptPkcs1(privateKey, block(edit), otherwise)).toEqual(otherwise)
  })

  it('RSA 1.5 gives the other key for each octet of padding that is zero', () => {
    for (let i = 2; i < 223; i += 17) {
      expect(
        decryptPkcs1(
          privateKey,
          block((b) => (b[i] = 0)),
          otherwise,
        ),
      ).toEqual(otherwise)
    }
  })

  it('RSA 1.5 gives the other key for what is no cipher text', () => {
    for (const cipher of [Buffer.alloc(0), Buffer.alloc(256, 0xff), Buffer.alloc(300)]) {
      expect(decryptPkcs1(privateKey, cipher, otherwise)).toEqual(otherwise)
    }
    expect(
      privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, bare(Buffer.alloc(256))),
    ).toEqual(Buffer.alloc(256))
  })
})
