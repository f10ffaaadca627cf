import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { defaultSettings } from '../../src/config/settings.js'
import { startCoreBanking } from '../../src/demo/core-banking/service.js'
import { startPatientRegistry } from '../../src/demo/health/patient-registry.js'
import { startLending } from '../../src/demo/lending/service.js'
import { loadAdapter } from '../../src/index.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { captureLog } from '../end-to-end/deployment.js'
import { root } from '../oracle/contracts.js'

let server: RunningServer
let backends: readonly { readonly url: string; close(): Promise<void> }[]
const folder = mkdtempSync(join(tmpdir(), 'mcp-demo-'))

beforeAll(async () => {
  backends = await Promise.all([startCoreBanking(), startLending(), startPatientRegistry()])
  const [banking, lending, registry] = backends.map(({ url }) => url)
  const env = { CORE_BANKING_URL: banking, LENDING_URL: lending, PATIENT_REGISTRY_URL: registry }
  const adapter = await loadAdapter({ contract: `${root}openapi.yaml`, env })
  const settings = {
    ...defaultSettings(),
    ...{ listenPort: 0, adminPort: 0, host: '127.0.0.1', authentication: 'off' as const },
    ...{ mcp: true, storeFile: join(folder, 'store.db') },
  }
  server = await startServer(adapter, settings, { logger: captureLog().logger, signals: false })
}, 120_000)

afterAll(async () => {
  await server.close()
  for (const backend of backends) await backend.close()
  rmSync(folder, { recursive: true })
})

/** Where the first of each kind is known from; all others are found in results. */
const SEEDS = { customerId: 'C000000101', accountId: 'AC-00000101', patientId: 'P00000001' }

/** The backend wants a name, though the contract wants none. */
const MORE: Readonly<Record<string, object>> = { findPatients: { family: 'Balmwell' } }

function collect(value: unknown, into: Map<string, unknown>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object') collect(member, into)
    else if (!into.has(name)) into.set(name, member)
  }
}

it.each(['legacy', 'auto'] as const)(
  'the official client calls each tool of the demo, and finds each result as its schema says: %s',
  { timeout: 120_000 },
  async (mode) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)))
    // With the list the client has the schemas, by which it judges results.
    const { tools } = await client.listTools()
    const known = new Map<string, unknown>([
      ...Object.entries(SEEDS),
      ...Object.entries({
        loanNumber: '9100000000000000017',
        paymentId: 'PMT-0000000001',
        applicationNumber: 'LA-1999-000001',
      }),
    ])
    const left = new Set(tools)
    for (let before = Infinity; left.size > 0 && left.size < before;) {
      before = left.size
      for (const tool of left) {
        const required = (tool.inputSchema.required ?? []) as readonly string[]
        if (!required.every((name) => known.has(name))) continue
        left.delete(tool)
        const args = Object.fromEntries(required.map((name) => [name, known.get(name)]))
        Object.assign(args, MORE[tool.name])
        const { isError, content, structuredContent } = await client.callTool({
          name: tool.name,
          arguments: args,
        })
        // There is no such application: the fault of the backend is told.
        const expected =
          tool.name === 'getLoanApplication' ? (expect.stringContaining('"status":404') as string) : '-'
        expect([tool.name, isError ? (content[0] as { text: string }).text : '-']).toEqual([
          tool.name,
          expected,
        ])
        collect(structuredContent, known)
      }
    }
    expect([...left].map(({ name }) => name)).toEqual([])
    expect(tools.length).toBeGreaterThan(15)
    await client.close()
  },
)
