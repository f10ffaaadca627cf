import { randomBytes, randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { RunningCommand, Soapstone } from '../cli/soapstone.js'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export interface StoreEnvironment {
  readonly DATABASE_URL?: string
  readonly STORE_FILE?: string
}

export const storeKey = randomBytes(32).toString('base64')

export interface Reply {
  readonly status: number
  readonly code: string | undefined
  readonly text: string
  readonly isReplay: boolean
}

/** The service as a process of its own, in front of a backend that counts. */
export class PaymentService {
  private constructor(
    readonly process: RunningCommand,
    readonly url: string,
  ) {}

  static async start(
    soapstone: Soapstone,
    backendUrl: string,
    store: StoreEnvironment,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<PaymentService> {
    const child = soapstone.start(['serve', '--contract', here('payments.yaml')], {
      env: {
        NODE_OPTIONS: `--import=${here('kill-at.mjs')}`,
        PAYMENTS_URL: backendUrl,
        HOST: '127.0.0.1',
        PORT: '0',
        ADMIN_PORT: '0',
        STORE_ENCRYPTION_KEY: storeKey,
        IDEMPOTENCY_LEASE_MS: '1000',
        IDEMPOTENCY_WAIT_MS: '20000',
        ...store,
        ...settings,
      },
    })
    const [, url = ''] = await child.printed(/"url":"([^"]+)".*"msg":"ready"/)
    return new PaymentService(child, url)
  }

  /** @param killAt the step at which the process is to end */
  async pay(path: string, reference: string, key: string, killAt?: string): Promise<Reply> {
    const response = await fetch(`${this.url}/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        'x-request-id': randomUUID(),
        ...(killAt !== undefined && { 'x-kill-at': killAt }),
      },
      body: JSON.stringify({ reference, amount: '10.00' }),
    })
    const text = await response.text()
    const { code } = JSON.parse(text) as { code?: string }
    const isReplay = response.headers.get('idempotency-replayed') === 'true'
    return { status: response.status, code, text, isReplay }
  }

  /** Pays as a client does that was told to ask again. */
  async payPatiently(path: string, reference: string, key: string): Promise<Reply> {
    for (;;) {
      const reply = await this.pay(path, reference, key)
      if (reply.code !== 'store-unavailable' && reply.code !== 'idempotency-in-flight') return reply
    }
  }
}
