import { describe, expect, test } from 'vitest'
import { ConcurrencyLimit } from '../../../src/http/limits/concurrency-limit.js'
import { Intake } from '../../../src/http/limits/intake.js'

describe('intake', () => {
  test('begins a few at once, and each of them in the end', async () => {
    const intake = new Intake()
    const started: number[] = []
    const refused: number[] = []
    for (let each = 0; each < 16; each++) {
      intake.offer({
        network: '192.0.2.1',
        start: () => Promise.resolve(void started.push(each)),
        refuse: () => void refused.push(each),
      })
    }
    expect(started.slice(0, 2)).toEqual([0, 1])
    await expect.poll(() => started.length).toBe(16)
    expect(started).toEqual(Array.from({ length: 16 }, (_, each) => each))
    expect(refused).toEqual([])
  })

  test('begins or refuses all of a flood, and no more than the limit at once', async () => {
    const intake = new Intake()
    const ends: (() => void)[] = []
    let refused = 0
    for (let each = 0; each < 2_000; each++) {
      intake.offer({
        network: `192.0.2.${each % 3}`,
        start: () => new Promise<void>((resolve) => ends.push(resolve)),
        refuse: () => {
          refused++
        },
      })
    }
    expect(ends.length).toBeLessThanOrEqual(128)
    await expect
      .poll(() => {
        for (const end of ends.splice(0)) {
          refused++
          end()
        }
        return refused
      })
      .toBe(2_000)
    expect(intake.waiting).toBe(0)
  })
})

/** Offers some in one turn, in which something else takes a while; then lets the intake work all off. */
async function afterLongTurn(
  count: number,
  tookMs: number,
): Promise<{ started: number[]; refused: number[] }> {
  let now = 0
  const intake = new Intake(() => now)
  const started: number[] = []
  const refused: number[] = []
  // Idle for long, as after the start.
  now = 60_000
  for (let each = 0; each < count; each++) {
    intake.offer({
      network: '192.0.2.1',
      start: () => {
        now += 1
        started.push(each)
        return Promise.resolve()
      },
      refuse: () => void refused.push(each),
    })
  }
  now += tookMs
  await expect.poll(() => started.length + refused.length).toBe(count)
  return { started, refused }
}

describe('after a turn that took long', () => {
  test.each([
    [2, 500],
    [16, 500],
    [16, 5_000],
  ])('none of %i requests is refused that waited for its end, %i ms', async (count, tookMs) => {
    const { started, refused } = await afterLongTurn(count, tookMs)
    expect(refused).toEqual([])
    expect(started).toHaveLength(count)
  })
})

describe('a network that sends more than can be served', () => {
  /** One that offers thousands in each turn, and one that has two requests under way and no more. */
  async function besides(flood: number): Promise<{ served: number; refused: number; floodServed: number }> {
    let now = 0
    const intake = new Intake(() => now)
    const counts = { served: 0, refused: 0, floodServed: 0 }
    let underWay = 0
    const serve = async (): Promise<void> => {
      now += 0.5
      await new Promise(setImmediate)
    }
    for (let turn = 0; turn < 400; turn++) {
      while (underWay < 2) {
        underWay++
        intake.offer({
          network: '198.51.100.7',
          start: () =>
            serve().finally(() => {
              counts.served++
              underWay--
            }),
          refuse: () => {
            counts.refused++
            underWay--
          },
        })
      }
      for (let each = 0; each < flood; each++) {
        const start = (): Promise<void> => {
          counts.floodServed++
          return serve()
        }
        intake.offer({ network: '192.0.2.1', start, refuse: () => undefined })
      }
      await new Promise(setImmediate)
    }
    return counts
  }

  test('does not shut out another, which has its turn as often', async () => {
    const alone = await besides(0)
    const { served, refused, floodServed } = await besides(1_000)
    expect(refused).toBe(0)
    expect(served).toBeGreaterThan(alone.served / 3)
    expect(floodServed).toBeGreaterThan(served)
  })
})

describe('the limit of what is served at once', () => {
  const limitAfter = (turns: readonly { tookMs: number; refused?: number; reached: boolean }[]): number => {
    const limit = new ConcurrencyLimit()
    for (const [index, { tookMs, refused = 0, reached }] of turns.entries()) {
      limit.observe({ now: (index + 1) * 60, tookMs, refused, begun: reached ? limit.value : 0 })
    }
    return limit.value
  }
  const many = (turn: { tookMs: number; refused?: number; reached: boolean }) =>
    Array.from({ length: 100 }, () => turn)

  test.each([
    ['falls while every turn is long', many({ tookMs: 30, reached: true }), 16],
    ['stays where it is not reached', many({ tookMs: 1, reached: false }), 128],
    ['stays while refusals make turns long', many({ tookMs: 20, refused: 1_000, reached: false }), 128],
  ])('%s', (_what, turns, expected) => {
    expect(limitAfter(turns)).toBe(expected)
  })

  test('grows while backends are slow and turns short', () => {
    expect(limitAfter(many({ tookMs: 1, reached: true }))).toBeGreaterThan(10_000)
  })
})
