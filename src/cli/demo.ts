import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import type { DemoBackend } from '../demo/soap-server.js'
import { apiKeyLine } from '../http/authentication/api-key.js'
import type { RunningServer } from '../server.js'
import { contractsOption } from './contract.js'
import { Failure } from './report.js'
import { settingsFrom } from './settings.js'
import { colours } from './terminal.js'
import { untilStopped } from './until-stopped.js'
import { tcpPort } from './values.js'

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

const SHIPPED_CONTRACT = fileURLToPath(new URL('../../openapi.yaml', import.meta.url))

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
      const spoiled = chaos ? await spoil(backends) : undefined
      const directory = mkdtempSync(join(tmpdir(), 'soapstone-demo-'))
      try {
        const server = await startFacade(contract, spoiled?.backends ?? backends, directory, port)
        const stopped = untilStopped()
        welcome(server.url, backends)
        spoiled?.begin(server.adminUrl)
        await stopped
        await server.close()
      } finally {
        rmSync(directory, { recursive: true, force: true })
        await spoiled?.close()
        await Promise.all(backends.map((backend) => backend.close()))
      }
    })
}

async function startBackends(): Promise<DemoBackend[]> {
  if (!hasNodeSoap()) throw new Failure(NODE_SOAP_NEEDED, 1)
  const [{ startCoreBanking }, { startLending }, { startPatientRegistry }] = await Promise.all([
    import('../demo/core-banking.js'),
    import('../demo/lending.js'),
    import('../demo/patient-registry.js'),
  ])
  return Promise.all([startCoreBanking(), startLending(), startPatientRegistry()])
}

/** How long a weather lasts: longer than a breaker stays open. */
const WEATHER_MS = 20_000

interface Spoiled {
  readonly backends: readonly DemoBackend[]
  begin(adminUrl: string): void
  close(): Promise<void>
}

/** Puts something in front of each backend that makes its days bad, one backend after the other. */
async function spoil(backends: readonly DemoBackend[]): Promise<Spoiled> {
  const { Chaos, FORECAST } = await import('../demo/chaos.js')
  const spoilers = await Promise.all(
    backends.map(async (backend) => ({ backend, chaos: await Chaos.start(backend.url) })),
  )
  let turn = 0
  let timer: NodeJS.Timeout | undefined
  const change = () => {
    for (const [index, { chaos }] of spoilers.entries()) {
      chaos.weather = FORECAST[(turn + 2 * index + 1) % FORECAST.length] ?? 'fair'
    }
    turn++
    const told = spoilers.map(({ backend, chaos }) => `${backend.name} is ${chaos.weather}`)
    process.stdout.write(`${told.join(', ')}\n`)
  }
  return {
    backends: spoilers.map(({ backend, chaos }) => ({ ...backend, url: chaos.url })),
    begin: (adminUrl) => {
      process.stdout.write(
        `\nThe backends have a bad day; it changes every ${WEATHER_MS / 1000} s. Watch what becomes of it:\n` +
          `  curl -s '${adminUrl}/readyz?verbose'\n  curl -s ${adminUrl}/metrics | grep ^backend_\n\n`,
      )
      change()
      timer = setInterval(change, WEATHER_MS)
    },
    close: async () => {
      clearInterval(timer)
      await Promise.all(spoilers.map(({ chaos }) => chaos.close()))
    },
  }
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
  contracts: readonly string[],
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
    import('../adapter/adapter.js'),
    import('../server.js'),
  ])
  const isOpenKey = env.API_KEYS_FILE === undefined && env.API_KEYS === undefined
  const options = { signals: false, ...(isOpenKey && { offeredKey: DEMO_KEY }) }
  const adapters = compileContracts(contracts, { ...env, ...Object.fromEntries(urls) })
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

function welcome(url: string, backends: readonly DemoBackend[]): void {
  const { bold, dim } = colours(process.stdout)
  const key = `-H 'X-API-Key: ${DEMO_KEY}'`
  const json = `${key} -H 'Content-Type: application/json'`
  const payment = {
    instructionId: 'DEMO-1',
    debtorAccountId: 'AC-00000104',
    creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
    amount: { value: '845.00', currency: 'EUR' },
  }
  process.stdout.write(`
${bold('The demo runs:')} a bank and a clinic, REST in front and SOAP behind.

  API   ${url}/docs/
${backends.map((backend) => dim(`  SOAP  ${backend.url}?wsdl`)).join('\n')}

Try it from another terminal.

  Read the transactions of an account:
    curl ${key} '${url}/v1/accounts/AC-00000101/transactions?limit=1'

  Open an account:
    curl ${json} -d '{"accountType":"SAVINGS","currency":"EUR","nickname":"Rainy days"}' ${url}/v1/customers/C000000101/accounts

  Pay from an empty account: the backend's SOAP fault becomes a problem document.
    curl ${json} -d '${JSON.stringify(payment)}' ${url}/v1/payments

Stop with Ctrl-C.
`)
}
