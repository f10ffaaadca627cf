import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { codegen } from '@graphql-codegen/core'
import * as typedDocumentNode from '@graphql-codegen/typed-document-node'
import * as typescriptOperations from '@graphql-codegen/typescript-operations'
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  parse,
  printSchema,
} from 'graphql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { defaultSettings } from '../../src/config/settings.js'
import { startCoreBanking } from '../../src/demo/core-banking/service.js'
import { startPatientRegistry } from '../../src/demo/health/patient-registry.js'
import { startLending } from '../../src/demo/lending/service.js'
import { loadAdapter } from '../../src/index.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { captureLog } from '../end-to-end/deployment.js'
import { root } from '../oracle/contracts.js'

const operations = /* GraphQL */ `
  query Overview($customerId: String!) {
    customer(customerId: $customerId) {
      segment
      accounts(status: OPEN) {
        items {
          accountId
          openedOn
          balances {
            items {
              type
              amount {
                value
                currency
              }
            }
          }
          transactions(limit: 3) {
            items {
              sequenceNumber
              amount {
                value
              }
            }
          }
        }
      }
    }
  }
  mutation Move($customerId: String!, $change: ContactDetailsChangeInput!) {
    updateContactDetails(customerId: $customerId, input: $change) {
      mobileNumber
      emailAddress
    }
  }
  mutation Pay($key: String, $input: PaymentInstructionInput!) {
    createPayment(idempotencyKey: $key, input: $input) {
      paymentId
      account {
        accountId
      }
    }
  }
  mutation Apply($input: LoanApplicationInput!) {
    createLoanApplication(input: $input) {
      __typename
    }
  }
  query Loan($loanNumber: String!) {
    loan(loanNumber: $loanNumber) {
      __typename
      ... on MortgageLoan {
        loanNumber
        repaymentSchedule {
          instalments {
            number
          }
        }
      }
    }
  }
`

/** What an app would write against the generated types. */
const app = /* TypeScript */ `
  import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
  import { print } from 'graphql'
  import { LoanDocument, MoveDocument, OverviewDocument, PayDocument } from './generated.js'

  const url = process.argv[2] ?? ''
  async function ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: print(document), variables }),
    })
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }

  const { customer } = await ask(OverviewDocument, { customerId: 'C000000101' })
  const [account] = customer?.accounts?.items ?? []
  const opened: string | undefined = account?.openedOn
  const value: string | undefined = account?.balances?.items[0]?.amount.value
  const moved = await ask(MoveDocument, { customerId: 'C000000101', change: { mobileNumber: null } })
  const input = {
    instructionId: 'CLIENT-1',
    debtorAccountId: 'AC-00000101',
    creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
    amount: { value: '1.10', currency: 'EUR' },
  }
  const paid = await ask(PayDocument, { key: 'k-1', input })
  const { loan } = await ask(LoanDocument, { loanNumber: '9100000000000000017' })
  console.log(JSON.stringify({
    segment: customer?.segment, opened, value, mobile: moved.updateContactDetails?.mobileNumber,
    payer: paid.createPayment?.account?.accountId, loan: loan?.__typename,
  }))
`

let server: RunningServer
let proxy: Server
/** The bodies of the envelopes that the core banking system got. */
const asked: string[] = []
let backends: readonly { readonly url: string; close(): Promise<void> }[]
const folder = mkdtempSync(join(tmpdir(), 'graphql-client-'))
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))

beforeAll(async () => {
  backends = await Promise.all([startCoreBanking(), startLending(), startPatientRegistry()])
  const [banking, lending, registry] = backends.map(({ url }) => url)
  proxy = await recordingProxy(banking ?? '')
  const { port } = proxy.address() as AddressInfo
  const env = {
    CORE_BANKING_URL: `http://127.0.0.1:${port}${new URL(banking ?? '').pathname}`,
    LENDING_URL: lending,
    PATIENT_REGISTRY_URL: registry,
  }
  const adapter = await loadAdapter({ contract: `${root}openapi.yaml`, env })
  const settings = {
    ...defaultSettings(),
    ...{ listenPort: 0, adminPort: 0, host: '127.0.0.1', authentication: 'off' as const },
    ...{ graphql: true, graphqlIntrospection: true, storeFile: join(folder, 'store.db') },
  }
  server = await startServer(adapter, settings, { logger: captureLog().logger, signals: false })
})

afterAll(async () => {
  await server.close()
  proxy.close()
  for (const backend of backends) await backend.close()
  rmSync(folder, { recursive: true })
})

/** Passes requests on, and keeps what they ask for. */
async function recordingProxy(target: string): Promise<Server> {
  const recording = createServer((req, res) => {
    void (async () => {
      const envelope = await text(req)
      asked.push(/<[\w:]*Body[^]*Body>/.exec(envelope)?.[0] ?? envelope)
      const { 'content-type': type = '', soapaction = '' } = req.headers
      const headers = { 'content-type': type, soapaction: String(soapaction) }
      const answer = await fetch(target, { method: 'POST', headers, body: envelope })
      res.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      res.end(await answer.text())
    })()
  }).listen(0, '127.0.0.1')
  await once(recording, 'listening')
  return recording
}

it('a nested query asks the backend for nothing twice', async () => {
  asked.length = 0
  const nested = (more: string) =>
    `{ customer(customerId: "C000000101") { segment accounts(status: OPEN) { items { accountId ${more} } } } }`
  const joined = 'balances { items { type } } transactions(limit: 3) { items { sequenceNumber } }'
  const ask = async (query: string) => {
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await answer.json()) as {
      data: { customer: { accounts: { items: readonly object[] } } }
      errors?: unknown
    }
    expect(errors).toBeUndefined()
    return data.customer.accounts.items
  }
  const accounts = await ask(nested(joined))
  expect(accounts.length).toBeGreaterThan(1)
  expect(new Set(asked).size).toBe(asked.length)
  expect(asked).toHaveLength(2 + 2 * accounts.length)
  // Nor does one that asks for the same by other names.
  asked.length = 0
  await ask(nested(`${joined} again: balances { items { type amount { value } } }`))
  expect(asked).toHaveLength(2 + 2 * accounts.length)
})

async function servedSchema() {
  const query = getIntrospectionQuery({ oneOf: true, specifiedByUrl: true })
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as { data: IntrospectionQuery }
  return buildClientSchema(data)
}

it(
  'a client that is generated of the served schema compiles under strict TypeScript and works',
  { timeout: 120_000 },
  async () => {
    const schema = await servedSchema()
    const scalar = (input: string, output = 'string') => ({ input, output })
    const generated = await codegen({
      filename: join(folder, 'generated.ts'),
      schema: parse(printSchema(schema)),
      documents: [{ document: parse(operations), location: 'operations.graphql' }],
      config: {
        useTypeImports: true,
        scalars: {
          Date: scalar('string'),
          DateTime: scalar('string'),
          Decimal: scalar('string'),
          DecimalNumber: scalar('string'),
          Long: scalar('string'),
          Base64: scalar('string'),
          JSON: scalar('unknown', 'unknown'),
        },
      },
      plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
      pluginMap: { typescriptOperations, typedDocumentNode },
    })
    writeFileSync(join(folder, 'generated.ts'), generated)
    writeFileSync(join(folder, 'app.ts'), app)
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const compilerOptions = {
      ...{
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
      },
      ...{ target: 'es2022', module: 'nodenext', outDir: 'out', types: ['node'] },
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const compiled = spawnSync(process.execPath, [compiler, '--project', folder], { encoding: 'utf8' })
    expect(compiled.stdout).toBe('')
    const { stdout, stderr } = await runApp()
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      segment: 'RETAIL',
      opened: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
      value: expect.stringMatching(/^\d+\.\d{2}$/) as string,
      mobile: null,
      payer: 'AC-00000101',
      loan: 'MortgageLoan',
    })
  },
)

/** The server lives in this process: it must not be blocked. */
function runApp(): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, 'out/app.js'), `${server.url}/graphql`], (_, stdout, stderr) => {
      resolve({ stdout, stderr })
    })
  })
}
