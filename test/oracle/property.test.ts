import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** What a property that gives a seed and a number of runs is tried with. */
async function tried(env: Readonly<Record<string, string>>): Promise<number[]> {
  vi.stubEnv('PROPERTY_SEED', undefined)
  vi.stubEnv('PROPERTY_RUNS', undefined)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  vi.resetModules()
  const { default: fc } = await import('./property.js')
  const values: number[] = []
  const property = fc.property(fc.nat(), (value) => void values.push(value))
  fc.assert(property, { numRuns: 5, seed: 1 })
  return values
}

describe('property tests', () => {
  it('try as many values as a test gives, the same in each run', async () => {
    const values = await tried({})
    expect(values).toHaveLength(5)
    expect(await tried({})).toEqual(values)
  })

  it('try as many as PROPERTY_RUNS says where a test gives another number', async () => {
    const values = await tried({ PROPERTY_RUNS: '23' })
    expect(values).toHaveLength(23)
    expect(values.slice(0, 5)).toEqual(await tried({}))
  })

  it('try other values where PROPERTY_SEED says so, though a test gives a seed', async () => {
    expect(await tried({ PROPERTY_SEED: '7' })).not.toEqual(await tried({}))
  })

  it('await what is asynchronous', async () => {
    vi.stubEnv('PROPERTY_RUNS', '9')
    vi.resetModules()
    const { default: fc } = await import('./property.js')
    let count = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(), async () => {
        await Promise.resolve()
        count += 1
      }),
      { numRuns: 5 },
    )
    expect(count).toBe(9)
  })

  it.each(['many', '0', '-1', ''])(
    'do not start with PROPERTY_RUNS=%s, which would try nothing',
    async (runs) => {
      await expect(tried({ PROPERTY_RUNS: runs })).rejects.toThrow(
        'PROPERTY_RUNS is a whole number from 1 on',
      )
    },
  )
})
