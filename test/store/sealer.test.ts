import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Sealer } from '../../src/store/sealer.js'

const [old, current, foreign] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const plain = Buffer.from('{"iban":"XK05 1212"}')

describe('what is sealed', () => {
  it('is opened by the key that sealed it, in its context', () => {
    const sealer = new Sealer([current])
    expect(Buffer.from(sealer.open(sealer.seal(plain, 'a'), 'a') ?? [])).toEqual(plain)
    expect(Buffer.from(sealer.open(sealer.seal(Buffer.alloc(0), 'a'), 'a') ?? [1])).toEqual(Buffer.alloc(0))
  })

  it('does not show what it was, nor that it was the same', () => {
    const sealer = new Sealer([current])
    const [first, second] = [Buffer.from(sealer.seal(plain, 'a')), Buffer.from(sealer.seal(plain, 'a'))]
    expect(first.includes('iban')).toBe(false)
    expect(first.subarray(4)).not.toEqual(second.subarray(4))
  })

  it('outlives a change of keys as long as the old one is given', () => {
    const sealed = new Sealer([old]).seal(plain, 'a')
    expect(Buffer.from(new Sealer([current, old]).open(sealed, 'a') ?? [])).toEqual(plain)
    expect(new Sealer([current]).open(sealed, 'a')).toBeUndefined()
    const resealed = new Sealer([current, old]).seal(plain, 'a')
    expect(new Sealer([old]).open(resealed, 'a')).toBeUndefined()
  })

  it.each([
    ['another context', (sealed: Buffer) => [sealed, 'b'] as const],
    ['a bit that was turned', (sealed: Buffer) => [flip(sealed, sealed.length - 1), 'a'] as const],
    ['a tag that was changed', (sealed: Buffer) => [flip(sealed, 20), 'a'] as const],
    ['a nonce that was changed', (sealed: Buffer) => [flip(sealed, 5), 'a'] as const],
    ['a key that is not known', () => [Buffer.from(new Sealer([foreign]).seal(plain, 'a')), 'a'] as const],
    ['what was cut', (sealed: Buffer) => [sealed.subarray(0, 20), 'a'] as const],
    ['nothing', () => [Buffer.alloc(0), 'a'] as const],
  ])('is not opened with %s', (_, change) => {
    const sealer = new Sealer([current])
    const [sealed, context] = change(Buffer.from(sealer.seal(plain, 'a')))
    expect(sealer.open(sealed, context)).toBeUndefined()
  })
})

function flip(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}
