import { Agent, request } from 'undici'
import { signatureOf } from '../signature.js'
import { type AddressGuard, AddressRefused } from './address-guard.js'
import { retryAfterMs } from './schedule.js'

export interface Endpoint {
  readonly url: string
  /** All of them sign. */
  readonly secrets: readonly string[]
}

export interface OutgoingMessage {
  readonly id: string
  readonly body: Uint8Array
}

/** What became of an attempt. */
export interface Sent {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number
  /** `timeout`, `address`, `connection`, `status` or '' where it was taken. */
  readonly reason: SentReason
  readonly retryAfterMs: number
  /** The beginning of the answer. */
  readonly body: string
}

export type SentReason = '' | 'timeout' | 'address' | 'connection' | 'status'

const CONNECT_TIMEOUT_MS = 5_000
const MOST_OF_AN_ANSWER = 16_384

/** Sends messages to endpoints of subscribers: signed, to addresses that may be called, without following redirects. */
export class Sender {
  readonly #agent: Agent
  readonly #guard: AddressGuard
  readonly #timeoutMs: number

  /** @param timeoutMs of an attempt, from the connection to the answer */
  constructor(guard: AddressGuard, { timeoutMs }: { readonly timeoutMs: number }) {
    this.#guard = guard
    this.#timeoutMs = timeoutMs
    this.#agent = new Agent({
      connect: { lookup: guard.lookup, timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      pipelining: 1,
      maxHeaderSize: MOST_OF_AN_ANSWER,
    })
  }

  /** Never rejects. */
  async send({ url, secrets }: Endpoint, { id, body }: OutgoingMessage): Promise<Sent> {
    const timestamp = Math.floor(Date.now() / 1_000)
    const none = { status: 0, retryAfterMs: 0, body: '' }
    try {
      const { hostname } = new URL(url)
      this.#guard.checkLiteral(hostname)
      const signal = AbortSignal.timeout(this.#timeoutMs)
      const answer = await request(url, {
        method: 'POST',
        dispatcher: this.#agent,
        signal,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'soapstone',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf(secrets, { id, timestamp, body }),
        },
        body,
      })
      const { statusCode: status, headers } = answer
      const text = await beginningOf(answer.body)
      const isTaken = status >= 200 && status < 300
      return {
        status,
        reason: isTaken ? '' : 'status',
        retryAfterMs: isTaken ? 0 : retryAfterMs(headers['retry-after'], Date.now()),
        body: text,
      }
    } catch (error) {
      return { ...none, reason: reasonOf(error) }
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

/** An endpoint may answer without end; what matters is its status. */
async function beginningOf(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes > MOST_OF_AN_ANSWER) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_OF_AN_ANSWER).toString('utf8')
}

function reasonOf(error: unknown): SentReason {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AddressRefused) return 'address'
    if (cause.name.includes('Timeout')) return 'timeout'
  }
  return 'connection'
}
