import { dirname, resolve } from 'node:path'
import type { GivenContract } from '../../adapter/adapter.js'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { Chaos, FORECAST } from '../../demo/chaos.js'
import type { DemoBackend } from '../../demo/soap-server.js'
import { isObject, loadOpenApi } from '../../openapi/document.js'

/** How long a weather lasts: longer than a breaker stays open. */
const WEATHER_MS = 20_000

interface Spoiled {
  readonly backend: DemoBackend
  readonly chaos: Chaos
}

/** What `demo --chaos` puts in front of the backends: weather that changes, one backend after the other. */
export class BadDay {
  #turn = 0
  #timer: NodeJS.Timeout | undefined

  private constructor(private readonly spoiled: readonly Spoiled[]) {}

  static async begin(backends: readonly DemoBackend[]): Promise<BadDay> {
    const spoiled = await Promise.all(
      backends.map(async (backend) => ({ backend, chaos: await Chaos.start(backend.url) })),
    )
    return new BadDay(spoiled)
  }

  /** The backends with the weather in front of them. */
  get backends(): readonly DemoBackend[] {
    return this.spoiled.map(({ backend, chaos }) => ({ ...backend, url: chaos.url }))
  }

  /** The contracts with `retry` for each backend that has none: the shipped one leaves it to whoever knows the backend. */
  contracts(paths: readonly string[]): readonly GivenContract[] {
    return paths.map((path) => {
      const root = loadOpenApi(resolve(path), path, new Diagnostics())?.root
      const backends = root?.['x-soap-backends']
      // What cannot be read is refused with its line where it is compiled.
      if (!root || !isObject(backends)) return path
      const retried = Object.entries(backends).map(([name, backend]): [string, unknown] => [
        name,
        isObject(backend) ? { retry: {}, ...backend } : backend,
      ])
      return {
        contract: { ...root, 'x-soap-backends': Object.fromEntries<unknown>(retried) },
        baseDir: dirname(resolve(path)),
      }
    })
  }

  /** Lets the weather change from now on, and says how it is and how to watch what becomes of it. */
  tell({ url, adminUrl }: { readonly url: string; readonly adminUrl: string }, key: string): void {
    process.stdout.write(`
The backends have a bad day; it changes every ${WEATHER_MS / 1000} s. Call one after the other, and see a status of each:
  while sleep 0.2; do curl -s -m 2 -o /dev/null -w '%{http_code} ' -H '${key}' '${url}/v1/{accounts/AC-00000101,loan-products,patients/P00000001}'; done

Watch breakers, retries and problems meanwhile:
  curl -s '${adminUrl}/readyz?verbose'
  curl -s ${adminUrl}/metrics | grep -E '^(backend_|http_server_problems)'

`)
    this.#change()
    this.#timer = setInterval(() => {
      this.#change()
    }, WEATHER_MS)
  }

  async end(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.spoiled.map(({ chaos }) => chaos.close()))
  }

  #change(): void {
    for (const [index, { chaos }] of this.spoiled.entries())
      chaos.weather = FORECAST[(this.#turn + 2 * index + 1) % FORECAST.length] ?? 'fair'
    this.#turn++
    const told = this.spoiled.map(({ backend, chaos }) => `${backend.name} is ${chaos.weather}`)
    process.stdout.write(`${told.join(', ')}\n`)
  }
}
