import type { Registry } from 'prom-client'
import { SeriesHistogram } from './series-histogram.js'

/** One call of a backend that is over; names are of the contract. */
export interface CallSample {
  readonly operationId: string
  /** The base path of the contract, where the process serves several. */
  readonly api?: string | undefined
  readonly backend: string
  readonly seconds: number
  /** `success`, `fault`, or the code of an error. */
  readonly outcome: string
  readonly encodeSeconds: number
  readonly decodeSeconds?: number | undefined
  readonly requestBytes: number
  readonly responseBytes?: number | undefined
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Of work that this process does by itself. */
const SHORT_SECONDS = [0.000_05, 0.000_1, 0.000_25, 0.001, 0.005, 0.025, 0.1, 0.5]
const BYTES = [1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216]

/** Rate, errors and duration of calls by operation and backend; what translation takes, and how much is translated. */
export class CallMetrics {
  readonly #calls
  readonly #translation
  readonly #requests
  readonly #responses

  constructor(registry: Registry) {
    const labelNames = ['api', 'backend', 'operation'] as const
    this.#calls = new SeriesHistogram(registry, {
      name: 'backend_call_duration_seconds',
      help: 'Time of a call with all its attempts, waiting for a place included',
      labelNames: [...labelNames, 'outcome'],
      buckets: SECONDS,
    })
    this.#translation = new SeriesHistogram(registry, {
      name: 'translation_duration_seconds',
      help: 'Time to write an envelope (encode) or to read one (decode)',
      labelNames: [...labelNames, 'direction'],
      buckets: SHORT_SECONDS,
    })
    this.#requests = new SeriesHistogram(registry, {
      name: 'backend_request_size_bytes',
      help: 'Size of what is sent to a backend, attachments included',
      labelNames: [...labelNames],
      buckets: BYTES,
    })
    this.#responses = new SeriesHistogram(registry, {
      name: 'backend_response_size_bytes',
      help: 'Size of what a backend answers, without content coding, where it is read as a whole',
      labelNames: [...labelNames],
      buckets: BYTES,
    })
  }

  observe(call: CallSample): void {
    const { api, backend, operationId, outcome, encodeSeconds, decodeSeconds, requestBytes, responseBytes } =
      call
    this.#calls.at(api, backend, operationId, outcome).observe(call.seconds)
    this.#translation.at(api, backend, operationId, 'encode').observe(encodeSeconds)
    this.#requests.at(api, backend, operationId).observe(requestBytes)
    if (decodeSeconds !== undefined) {
      this.#translation.at(api, backend, operationId, 'decode').observe(decodeSeconds)
    }
    if (responseBytes !== undefined) this.#responses.at(api, backend, operationId).observe(responseBytes)
  }
}
