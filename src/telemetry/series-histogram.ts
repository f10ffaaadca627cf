import type { HistogramConfiguration } from 'prom-client'

type LabelValue = string | number | undefined

/** Series below the values of one label, or at the last of them. */
type Level = Map<LabelValue, Level | Series>

/** A registry of prom-client by what it asks of its metrics beside their name; its own types want classes of prom-client. */
interface MetricRegistry {
  registerMetric(metric: { get(): Promise<unknown>; reset(): void }): void
}

/** What the registry of prom-client is told of a histogram. */
interface Values<T extends string> {
  readonly name: string
  readonly help: string
  readonly type: 'histogram'
  readonly aggregator: 'sum'
  readonly values: readonly Value<T>[]
}

interface Value<T extends string> {
  readonly labels: Partial<Record<T | 'le', string | number>>
  readonly sharedLabels?: Partial<Record<T, string | number>>
  readonly value: number
  readonly metricName: string
}

/** What one combination of labels has counted. */
class Series {
  sum = 0
  count = 0
  readonly #bounds: readonly number[]
  /** Beside each bound, how many values were at most that much and more than the bound before. */
  readonly #counts: number[]

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  observe(value: number): void {
    this.sum += value
    this.count++
    const bounds = this.#bounds
    for (let index = 0; index < bounds.length; index++) {
      if (value > (bounds[index] ?? Infinity)) continue
      this.#counts[index] = (this.#counts[index] ?? 0) + 1
      return
    }
  }

  /** @returns by bound, how many values were at most that much */
  cumulated(): readonly (readonly [bound: number, count: number])[] {
    let sum = 0
    return this.#bounds.map((bound, index) => [bound, (sum += this.#counts[index] ?? 0)])
  }
}

/**
 * A histogram for what is observed at each request. That of prom-client checks, sorts and joins the labels of every value to
 * find its series; this one finds it by the values themselves, and tells prom-client what it has counted when it is scraped.
 */
export class SeriesHistogram<T extends string> {
  readonly name: string
  readonly help: string
  readonly type = 'histogram'
  readonly #labelNames: readonly T[]
  readonly #bounds: readonly number[]
  readonly #root: Level = new Map()
  /** In the order in which they were first observed, with their labels. */
  readonly #all: { readonly labels: Partial<Record<T, string | number>>; readonly series: Series }[] = []

  /** @param buckets their upper bounds, in order of size */
  constructor(
    registry: MetricRegistry,
    {
      name,
      help,
      labelNames,
      buckets,
    }: Pick<HistogramConfiguration<T>, 'name' | 'help'> & {
      readonly labelNames: readonly T[]
      readonly buckets: readonly number[]
    },
  ) {
    this.name = name
    this.help = help
    this.#labelNames = labelNames
    this.#bounds = buckets
    registry.registerMetric(this)
  }

  /**
   * The series of a combination of labels.
   *
   * @param values of all labels, in the order of `labelNames`; undefined for one that the series does not have
   */
  at(...values: readonly LabelValue[]): Pick<Series, 'observe'> {
    let found: Level | Series | undefined = this.#root
    for (const value of values) found = found instanceof Map ? found.get(value) : undefined
    return found instanceof Series ? found : this.#add(values)
  }

  reset(): void {
    this.#root.clear()
    this.#all.length = 0
  }

  async get(): Promise<Values<T>> {
    const { values, ...metric } = await this.getForPromString()
    const merged = values.map(({ labels, sharedLabels, ...each }) => ({
      ...each,
      labels: { ...sharedLabels, ...labels },
    }))
    return { ...metric, values: merged }
  }

  /** What the registry writes its page from: labels of a series are told apart from those of a bucket. */
  getForPromString(): Promise<Values<T>> {
    const { name, help, type } = this
    const values = this.#all.flatMap(({ labels: sharedLabels, series }): Value<T>[] => {
      const bucket = (le: string | number, value: number): Value<T> => ({
        ...{ labels: { le } as Partial<Record<T | 'le', string | number>>, sharedLabels },
        ...{ value, metricName: `${name}_bucket` },
      })
      const whole = (what: 'sum' | 'count'): Value<T> => ({
        ...{ labels: {}, sharedLabels, value: series[what], metricName: `${name}_${what}` },
      })
      const buckets = series.cumulated().map(([bound, count]) => bucket(bound, count))
      return [...buckets, bucket('+Inf', series.count), whole('sum'), whole('count')]
    })
    return Promise.resolve({ name, help, type, values, aggregator: 'sum' })
  }

  #add(values: readonly LabelValue[]): Series {
    if (values.length !== this.#labelNames.length)
      throw new TypeError(`${this.name} has ${this.#labelNames.length} labels, not ${values.length}`)
    const series = new Series(this.#bounds)
    let level = this.#root
    for (const value of values.slice(0, -1)) {
      const next = level.get(value)
      const below: Level = next instanceof Map ? next : new Map<LabelValue, Level | Series>()
      level.set(value, below)
      level = below
    }
    level.set(values.at(-1), series)
    const labels = Object.fromEntries(
      this.#labelNames.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]]])),
    ) as Partial<Record<T, string | number>>
    this.#all.push({ labels, series })
    return series
  }
}
