import { Histogram, type Registry } from 'prom-client'

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
  readonly decodeSeconds?: number
  readonly requestBytes: number
  readonly responseBytes?: number
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
    const registers = [registry]
    const labelNames = ['api', 'backend', 'operation'] as const
    this.#calls = new Histogram({
      name: 'backend_call_duration_seconds',
      help: 'Time of a call with all its attempts, waiting for a place included',
      labelNames: [...labelNames, 'outcome'],
      buckets: SECONDS,
      registers,
    })
    this.#translation = new Histogram({
      name: 'translation_duration_seconds',
      help: 'Time to write an envelope (encode) or to read one (decode)',
      labelNames: [...labelNames, 'direction'],
      buckets: SHORT_SECONDS,
      registers,
    })
    this.#requests = new Histogram({
      name: 'backend_request_size_bytes',
      help: 'Size of what is sent to a backend, attachments included',
      labelNames,
      buckets: BYTES,
      registers,
    })
    this.#responses = new Histogram({
      name: 'backend_response_size_bytes',
      help: 'Size of what a backend answers, without content coding, where it is read as a whole',
      labelNames,
      buckets: BYTES,
      registers,
    })
  }

  observe(call: CallSample): void {
    const { operationId: operation, outcome, seconds, api } = call
    const labels = { ...(api !== undefined && { api }), backend: call.backend, operation }
    const { encodeSeconds, decodeSeconds, requestBytes, responseBytes } = call
    this.#calls.observe({ ...labels, outcome }, seconds)
    this.#translation.observe({ ...labels, direction: 'encode' }, encodeSeconds)
    this.#requests.observe(labels, requestBytes)
    if (decodeSeconds !== undefined) {
      this.#translation.observe({ ...labels, direction: 'decode' }, decodeSeconds)
    }
    if (responseBytes !== undefined) this.#responses.observe(labels, responseBytes)
  }
}
