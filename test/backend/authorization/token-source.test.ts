import { beforeEach, describe, expect, it } from 'vitest'
import { type IssuedToken, TokenSource } from '../../../src/backend/authorization/token-source.js'

let now: number
let asked: number
let pending: { issue: (token: IssuedToken) => void; fail: (error: Error) => void }[]
let source: TokenSource

beforeEach(() => {
  now = 0
  asked = 0
  pending = []
  source = new TokenSource(
    () => {
      asked++
      return new Promise((resolve, reject) => pending.push({ issue: resolve, fail: reject }))
    },
    () => now,
  )
})

/** Answers the request for a token that waits. */
async function issue(value: string, seconds: number): Promise<void> {
  pending.shift()?.issue({ value, lifetimeMs: seconds * 1000 })
  await settled()
}

/** All promises that could settle have. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

async function having(value: string, seconds: number): Promise<void> {
  const token = source.obtain()
  await issue(value, seconds)
  expect(await token).toBe(value)
}

describe('a token', () => {
  it('is fetched once for all that wait', async () => {
    const all = Promise.all(Array.from({ length: 50 }, () => source.obtain()))
    await issue('a', 3600)
    expect(new Set(await all)).toEqual(new Set(['a']))
    expect([asked, source.current]).toEqual([1, 'a'])
  })

  it.each([
    [3600, 3539, 3594],
    [300, 239, 294],
    [10, 7, 8],
  ])('of %i s is renewed while it serves, after %i s, and serves until %i s', async (life, renewal, end) => {
    await having('a', life)
    now = renewal * 1000
    expect([source.current, asked]).toEqual(['a', 1])
    now = end * 1000
    expect([source.current, asked]).toEqual(['a', 2])
    now += 1001
    expect(source.current).toBeUndefined()
    await issue('b', life)
    expect([source.current, asked]).toEqual(['b', 2])
  })

  it('whose renewal fails serves on, and is tried again after a second', async () => {
    await having('a', 3600)
    now = 3_550_000
    expect(source.current).toBe('a')
    pending.shift()?.fail(new Error('down'))
    await settled()
    now += 999
    expect([source.current, asked]).toEqual(['a', 2])
    now += 1
    expect([source.current, asked]).toEqual(['a', 3])
    await issue('b', 3600)
    expect(source.current).toBe('b')
  })

  it('lives from when it was asked for', async () => {
    const token = source.obtain()
    now = 100_000
    await issue('a', 60)
    expect(await token).toBe('a')
    expect(source.current).toBeUndefined()
  })

  it('that cannot be had is asked for again by the next', async () => {
    const all = Promise.allSettled([source.obtain(), source.obtain()])
    pending.shift()?.fail(new Error('down'))
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await having('a', 60)
    expect(asked).toBe(2)
  })

  it('that was refused is gone, unless another has taken its place', async () => {
    await having('a', 3600)
    source.refuse('a')
    expect(source.current).toBeUndefined()
    await having('b', 3600)
    source.refuse('a')
    expect(source.current).toBe('b')
  })
})
