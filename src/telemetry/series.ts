import { Counter, Gauge, type Registry } from 'prom-client'

/** Values by the values of a label. */
export type Labelled = () => Readonly<Record<string, number>>

/** A gauge that is asked at each scrape. */
export function addGauge(
  registry: Registry,
  { name, help }: { readonly name: string; readonly help: string },
  value: () => number,
): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value())
    },
  })
}

/** A counter by one label that somebody else counts, and that is asked at each scrape. */
export function addCounter(
  registry: Registry,
  { name, help, label }: { readonly name: string; readonly help: string; readonly label: string },
  values: Labelled,
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset()
      for (const [value, count] of Object.entries(values())) this.inc({ [label]: value }, count)
    },
  })
}
