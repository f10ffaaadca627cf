import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import type { GivenContract } from '../../adapter/adapter.js'
import type { CoreBanking } from '../../demo/core-banking/service.js'
import type { DemoBackend } from '../../demo/soap-server.js'
import { apiKeyLine } from '../../http/authentication/api-key.js'
import type { RunningServer } from '../../server.js'
import { contractsOption } from '../contract/contract.js'
import { type DemoEvents, startEvents } from '../demo/events.js'
import { settingsFrom } from '../options/settings.js'
import { tcpPort } from '../options/values.js'
import { colours } from '../terminal/colours.js'
import { Failure } from '../terminal/report.js'
import { untilStopped } from '../terminal/until-stopped.js'

interface Options {
  readonly contract: readonly string[]
  readonly port?: string
  readonly chaos?: true
}

const NODE_SOAP_NEEDED =
  'The simulated backends of the demo need the package soap, which soapstone itself does not. Run: npm install soap@1'

/** Known to everybody, as everything in the demo is. */
const DEMO_KEY = 'demo-key'

/** What the endpoints of the contract are taken from. */
const variables = {
  'core-banking': 'CORE_BANKING_URL',
  lending: 'LENDING_URL',
  'patient-registry': 'PATIENT_REGISTRY_URL',
} as const

const SHIPPED_CONTRACT = fileURLToPath(new URL('../../../openapi.yaml', import.meta.url))

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Run everything on this machine: three simulated SOAP backends and the REST API in front of them.',
    )
    .addOption(contractsOption([SHIPPED_CONTRACT, 'the one that comes with soapstone']))
    .option('-p, --port <number>', 'TCP port, instead of PORT or 8080', tcpPort)
    .option('--chaos', 'spoil the backends in turn: slow, refusing, garbage')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone demo --port 8081\n\nLOG_LEVEL=info shows a line for each request.',
    )
    .action(async ({ contract, port, chaos }: Options) => {
      const backends = await startBackends()
      const badDay = chaos
        ? await import('../demo/bad-day.js').then(({ BadDay }) => BadDay.begin(backends))
        : undefined
      const directory = mkdtempSync(join(tmpdir(), 'soapstone-demo-'))
      try {
        const server = await startFacade(
          badDay?.contracts(contract) ?? contract,
          badDay?.backends ?? backends,
          directory,
          port,
        )
        try {
          const [bank] = backends
          const eventsPort = port === '0' ? 0 : Number(new URL(server.url).port) + 1
          const events = await startEvents(bank, { port: eventsPort, directory })
          const stopped = untilStopped()
          welcome(server, backends, events)
          badDay?.tell(server, `X-API-Key: ${DEMO_KEY}`)
          await stopped
          await events.close()
        } finally {
          await server.close()
        }
      } finally {
        rmSync(directory, { recursive: true, force: true })
        await badDay?.end()
        await Promise.all(backends.map((backend) => backend.close()))
      }
    })
}

async function startBackends(): Promise<[CoreBanking, ...DemoBackend[]]> {
  if (!hasNodeSoap()) throw new Failure(NODE_SOAP_NEEDED, 1)
  const [{ startCoreBanking }, { startLending }, { startPatientRegistry }] = await Promise.all([
    import('../../demo/core-banking/service.js'),
    import('../../demo/lending/service.js'),
    import('../../demo/health/patient-registry.js'),
  ])
  return Promise.all([startCoreBanking(), startLending(), startPatientRegistry()])
}

/** An install of the product alone does not have it: docs/decisions/16-node-soap-serves-the-demo.md. */
function hasNodeSoap(): boolean {
  try {
    createRequire(import.meta.url).resolve('soap')
    return true
  } catch {
    return false
  }
}

async function startFacade(
  contracts: readonly GivenContract[],
  backends: readonly DemoBackend[],
  directory: string,
  port: string | undefined,
): Promise<RunningServer> {
  const { env } = process
  const settings = settingsFrom({
    ...env,
    HOST: env.HOST ?? '127.0.0.1',
    LOG_LEVEL: env.LOG_LEVEL ?? 'warn',
    ADMIN_PORT: env.ADMIN_PORT ?? '0',
    ...(env.API_KEYS_FILE === undefined && { API_KEYS: env.API_KEYS ?? apiKeyLine('demo', DEMO_KEY) }),
    DATABASE_URL: '',
    STORE_FILE: join(directory, 'store.db'),
    ...(port !== undefined && { PORT: port }),
  })
  const urls = new Map(backends.map(({ name, url }) => [variables[name as keyof typeof variables], url]))
  const [{ compileContracts }, { startServer }] = await Promise.all([
    import('../../adapter/adapter.js'),
    import('../../server.js'),
  ])
  const isOpenKey = env.API_KEYS_FILE === undefined && env.API_KEYS === undefined
  const options = { signals: false, ...(isOpenKey && { offeredKey: DEMO_KEY }) }
  const adapters = compileContracts(contracts, { env: { ...env, ...Object.fromEntries(urls) } })
  try {
    return await startServer(adapters, settings, options)
  } catch (error) {
    if (!isTaken(error)) throw error
    process.stdout.write(`Port ${settings.listenPort} is taken; a free one is used instead.\n`)
    return startServer(adapters, { ...settings, listenPort: 0 }, options)
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

function welcome(
  { url, protocols }: RunningServer,
  backends: readonly DemoBackend[],
  { url: eventsUrl, receiverUrl }: DemoEvents,
): void {
  const { bold, dim } = colours(process.stdout)
  const key = `-H 'X-API-Key: ${DEMO_KEY}'`
  const json = `${key} -H 'Content-Type: application/json'`
  const payment = {
    instructionId: 'DEMO-1',
    debtorAccountId: 'AC-00000104',
    creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
    amount: { value: '845.00', currency: 'EUR' },
  }
  const query = `{ customer(customerId: "C000000101") { segment accounts(status: OPEN) { items { accountId transactions(limit: 1) { items { amount { value currency } } } } } } }`
  const call = {
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: { name: 'getAccount', arguments: { accountId: 'AC-00000101' } },
  }
  const addresses = [
    `  API   ${url}/docs/`,
    ...(protocols.has('graphql') ? [`        ${url}/graphql`] : []),
    ...(protocols.has('mcp') ? [`        ${url}/mcp`] : []),
  ]
  const graphql = `
  GraphQL: a customer, the accounts and the last entry of each in one round trip.
    curl ${json} -d '${JSON.stringify({ query })}' ${url}/graphql
`
  const mcp = `
  MCP: a tool that an agent calls.
    curl ${json} -H 'Accept: application/json, text/event-stream' -d '${JSON.stringify(call)}' ${url}/mcp
`
  const requests =
    process.env.LOG_LEVEL === undefined
      ? '\nRequests are not shown: start the demo with LOG_LEVEL=info for a line of the log for each.'
      : ''
  process.stdout.write(`
${bold('The demo runs:')} a bank and a clinic, REST in front and SOAP behind.

${addresses.join('\n')}
${backends.map((backend) => dim(`  SOAP  ${backend.url}?wsdl`)).join('\n')}

Try it from another terminal.

  Read the transactions of an account:
    curl ${key} '${url}/v1/accounts/AC-00000101/transactions?limit=1'

  Open an account:
    curl ${json} -d '{"accountType":"SAVINGS","currency":"EUR","nickname":"Rainy days"}' ${url}/v1/customers/C000000102/accounts

  Pay from an empty account: the backend's SOAP fault becomes a problem document.
    curl ${json} -d '${JSON.stringify(payment)}' ${url}/v1/payments

  Subscribe to the bank's SOAP notices: an app then prints here each webhook that it has verified.
  This service, on a port of its own, asks for no key.
    curl -H 'Content-Type: application/json' -d '{"url":"${receiverUrl}/hooks"}' ${eventsUrl}/v1/webhook-subscriptions | curl -d @- ${receiverUrl}/subscription
${protocols.has('graphql') ? graphql : ''}${protocols.has('mcp') ? mcp : ''}${requests}
Stop with Ctrl-C.
`)
}
