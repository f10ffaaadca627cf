import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import type { RecordedCall } from '../../src/inspector/call-recorder.js'
import type { Inspector } from '../../src/inspector/inspector.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The shipped contract over a backend that answers each operation with a sample of its own, or as it is told. */
export class SampledBackend {
  readonly #server: Server
  readonly adapter: Adapter
  /** By the last step of the SOAPAction: answers instead of samples. */
  readonly answers = new Map<string, { readonly status: number; readonly body: string }>()

  private constructor(server: Server) {
    this.#server = server
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/`
    const env = { CORE_BANKING_URL: url, LENDING_URL: url, PATIENT_REGISTRY_URL: url }
    this.adapter = compileContract({ contract: `${root}openapi.yaml`, env })
    const samples = new Map(
      this.adapter.joined.operations.map(({ soap, rest }) => [soap.soapAction, rest.operationId]),
    )
    server.on('request', (req, res) => {
      req.resume()
      req.on('end', () => {
        const fromType = /action="?([^";]+)/.exec(req.headers['content-type'] ?? '')?.[1]
        const action = String(req.headers.soapaction ?? fromType ?? '').replaceAll('"', '')
        const own = this.answers.get(action.split('/').at(-1) ?? '')
        const sampled = this.adapter.operations
          .get(samples.get(action) ?? '')
          ?.sampleResponse({ optionals: 'all' })
        res.writeHead(own?.status ?? 200, sampled?.headers ?? {})
        res.end(own?.body ?? sampled?.body ?? '')
      })
    })
  }

  static async start(): Promise<SampledBackend> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new SampledBackend(server)
  }

  async close(): Promise<void> {
    await this.adapter.close()
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

/** Calls an operation with its own sample. */
export async function call(adapter: Adapter, operationId: string): Promise<void> {
  const operation = adapter.operations.get(operationId)
  if (!operation) throw new Error(operationId)
  await operation
    .invoke(operation.sample({ optionals: 'all' }), { requestId: `of-${operationId}` })
    .catch(() => undefined)
  // Calls are looked at when the response is on its way.
  await new Promise((resolve) => setImmediate(resolve))
}

export function lastCall(inspector: Inspector): RecordedCall {
  const [last] = inspector.calls
  return JSON.parse(inspector.call(last?.id ?? 0) ?? 'null') as RecordedCall
}
