import { Histogram, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { SeriesHistogram } from '../../src/telemetry/series-histogram.js'

const shape = {
  name: 'calls_seconds',
  help: 'Time of a call',
  labelNames: ['api', 'operation', 'status'] as const,
  buckets: [0.1, 0.5, 1],
}

/** On bounds, between them, beyond the last, and none at all. */
const observed: readonly (readonly [string | undefined, string, number, number])[] = [
  [undefined, 'read', 200, 0.1],
  [undefined, 'read', 200, 0.100001],
  [undefined, 'read', 404, 0],
  ['/v1', 'read', 200, 0.5],
  ['/v1', 'odd "name"\\\n', 200, 1],
  ['/v1', 'pay', 200, 30],
  [undefined, 'read', 200, 0.7],
  ['/v1', 'pay', 200, 1.5],
]

function both() {
  const theirs = new Registry()
  const histogram = new Histogram({ ...shape, registers: [theirs] })
  const ours = new Registry()
  const series = new SeriesHistogram(ours, shape)
  for (const [api, operation, status, value] of observed) {
    histogram.observe({ ...(api !== undefined && { api }), operation, status }, value)
    series.at(api, operation, status).observe(value)
  }
  return { theirs, ours, series }
}

describe('a histogram of series', () => {
  it('is scraped as that of prom-client', async () => {
    const { theirs, ours } = both()
    expect(await ours.metrics()).toBe(await theirs.metrics())
    expect(await ours.metrics()).toContain('calls_seconds_bucket{le="0.5",operation="read",status="200"} 2')
  })

  it('is read as that of prom-client', async () => {
    const { theirs, ours } = both()
    // Theirs says of each value that it has no exemplar.
    const withoutExemplar = (key: string, value: unknown) => (key === 'exemplar' ? undefined : value)
    const plain = async (registry: Registry) =>
      JSON.parse(JSON.stringify(await registry.getMetricsAsJSON(), withoutExemplar)) as unknown
    expect(await plain(ours)).toEqual(await plain(theirs))
  })

  it('forgets everything at a reset', async () => {
    const { ours, series } = both()
    ours.resetMetrics()
    series.at('/v1', 'read', 200).observe(1)
    expect(await ours.metrics()).toContain('calls_seconds_count{api="/v1",operation="read",status="200"} 1')
    expect(await ours.metrics()).not.toContain('pay')
  })

  it('takes a value for each label', () => {
    const { series } = both()
    expect(() => series.at('/v1', 'read')).toThrow(/3 labels, not 2/)
  })
})
