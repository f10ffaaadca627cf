import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Soapstone } from '../cli/soapstone.js'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../store/postgresql.js'
import { type BackendStep, CountingBackend } from './counting-backend.js'
import { PaymentService, type Reply, type StoreEnvironment } from './payment-service.js'

/** Kills for each store; `KILL_RUNS=200 npx vitest run test/resilience/kill.test.ts` is the long form. */
const runs = Number(process.env.KILL_RUNS ?? 0)

interface Step {
  readonly name: string
  /** Whether the record is durable when the process dies. */
  readonly recorded: 'no' | 'perhaps' | 'begun' | 'answered'
  /** Where it is the backend that gives the sign. */
  readonly backend?: BackendStep
}

const steps: readonly Step[] = [
  { name: 'begin:before', recorded: 'no' },
  { name: 'begin:sent', recorded: 'perhaps' },
  { name: 'begin:after', recorded: 'begun' },
  { name: 'received', recorded: 'begun', backend: 'received' },
  { name: 'received, carried out after the retry', recorded: 'begun', backend: 'received' },
  { name: 'executed', recorded: 'begun', backend: 'executed' },
  { name: 'answering', recorded: 'begun', backend: 'answering' },
  { name: 'finish:before', recorded: 'begun' },
  { name: 'finish:sent', recorded: 'perhaps' },
  { name: 'finish:after', recorded: 'answered' },
  { name: 'reply:before', recorded: 'answered' },
  { name: 'reply:after', recorded: 'answered' },
]

let soapstone: Soapstone
let backend: CountingBackend
let backendUrl: string
let directory: string
let database: TestDatabase
beforeAll(async () => {
  soapstone = new Soapstone(`kill-${process.pid}`)
  backend = new CountingBackend()
  backendUrl = await backend.start()
  directory = mkdtempSync(join(tmpdir(), 'soapstone-kill-'))
  if (postgresqlIsMissing === undefined) database = await testDatabase()
}, 120_000)
afterAll(async () => {
  soapstone.dispose()
  backend.close()
  rmSync(directory, { recursive: true, force: true })
  if (postgresqlIsMissing === undefined) await database.drop()
})

interface Tally {
  kills: number
  /** Others that were cut off. */
  bystanders: number
  /** Not recorded: carried out by the repetition. */
  repeated: number
  /** Answered and recorded before the kill. */
  replayed: number
  /** Found out by the status operation, or answered just before the kill. */
  resolved: number
  unknown: number
  readonly perStep: Map<string, number>
}

interface Payment {
  readonly path: string
  readonly reference: string
  readonly key: string
}

const payment = (path: string): Payment => ({ path, reference: randomUUID(), key: randomUUID() })

/** Payments that happen to be under way when the service is killed. */
const BYSTANDERS = 4

/** Kills the service at a step of one payment, starts it again and repeats the payment. */
async function killOnce(
  service: PaymentService,
  restart: () => Promise<PaymentService>,
  step: Step,
  path: string,
  tally: Tally,
): Promise<PaymentService> {
  const { reference, key } = payment(path)
  const isLate = step.name.includes('after the retry')
  let release: () => void = () => undefined
  const late = new Promise<void>((resolve) => (release = resolve))
  backend.onStep = async (reached, of) => {
    if (of !== reference || reached !== step.backend) return
    service.process.child.kill('SIGKILL')
    await service.process.ended
    if (isLate) await late
  }
  const others = Array.from({ length: BYSTANDERS }, (_, index) =>
    payment(index % 2 === 0 ? '/payments' : '/blind-payments'),
  )
  const pending = others.map((other) =>
    service.pay(other.path, other.reference, other.key).catch(() => undefined),
  )
  const first = await service
    .pay(path, reference, key, step.backend ? undefined : step.name)
    .catch(() => undefined)
  // A process that dies after its reply may still have given it.
  expect([step.name, first === undefined || step.name === 'reply:after']).toEqual([step.name, true])
  await service.process.ended
  const firsts = await Promise.all(pending)
  backend.onStep = () => Promise.resolve()
  if (step.backend && !isLate) await executed(reference)
  const before = backend.executions.get(reference) ?? 0
  const next = await restart()
  let reply = await next.payPatiently(path, reference, key)
  if (isLate) {
    expect([reply.status, reply.code]).toEqual([409, 'idempotency-outcome-unknown'])
    release()
    await executed(reference)
    reply = await next.payPatiently(path, reference, key)
  } else if (step.recorded === 'begun' || step.recorded === 'answered') {
    expect(backend.executions.get(reference) ?? 0).toBe(before)
  }
  check(step, path, reference, reply)
  const again = await next.payPatiently(path, reference, key)
  expect([again.status, again.code]).toEqual([reply.status, reply.code])
  if (reply.status === 201) expect([again.text, again.isReplay]).toEqual([reply.text, true])
  count(tally, step, reply)
  for (const [index, other] of others.entries()) await checkBystander(next, other, firsts[index], tally)
  return next
}

/** Who got a response gets it again; who got none gets the response, or hears that it is not known. */
async function checkBystander(
  service: PaymentService,
  { path, reference, key }: Payment,
  first: Reply | undefined,
  tally: Tally,
): Promise<void> {
  const reply = await service.payPatiently(path, reference, key)
  if (first?.status === 201) expect([reply.text, reply.isReplay]).toEqual([first.text, true])
  else expect([undefined, 'idempotency-outcome-unknown']).toContain(reply.code)
  expect(backend.executions.get(reference) ?? 0).toBeLessThanOrEqual(1)
  if (reply.status === 201) {
    expect(JSON.parse(reply.text)).toEqual({ paymentId: `${reference}/1`, reference })
    expect(backend.executions.get(reference)).toBe(1)
  }
  if (first === undefined) tally.bystanders += 1
}

function count(tally: Tally, { name, recorded }: Step, reply: Reply): void {
  tally.kills += 1
  tally.perStep.set(name, (tally.perStep.get(name) ?? 0) + 1)
  if (reply.status === 409) tally.unknown += 1
  else if (!reply.isReplay) tally.repeated += 1
  else if (recorded === 'answered') tally.replayed += 1
  else tally.resolved += 1
}

function check({ recorded, name }: Step, path: string, reference: string, reply: Reply): void {
  const executions = backend.executions.get(reference) ?? 0
  expect([201, 409]).toContain(reply.status)
  if (reply.status === 409) {
    expect(reply.code).toBe('idempotency-outcome-unknown')
    expect(recorded, name).not.toBe('no')
    expect(recorded, name).not.toBe('answered')
    // What the backend knows the service finds out, where the contract says how.
    if (path === '/payments') expect(executions, name).toBe(0)
    return
  }
  expect(executions, name).toBe(1)
  expect(JSON.parse(reply.text)).toEqual({ paymentId: `${reference}/1`, reference })
  if (recorded !== 'no' && recorded !== 'perhaps') expect(reply.isReplay, name).toBe(true)
}

async function executed(reference: string): Promise<void> {
  while (!backend.executions.has(reference)) await new Promise((resolve) => setImmediate(resolve))
}

/** For those who wait for the long form. */
function report(kind: string, { perStep, ...sums }: Tally): void {
  console.log(kind, JSON.stringify({ ...sums, perStep: Object.fromEntries(perStep) }))
}

describe.each([
  ['SQLite', false],
  ['PostgreSQL', postgresqlIsMissing !== undefined],
])('the service is killed in front of %s', (kind, isMissing) => {
  const cases = steps.flatMap((step) => ['/payments', '/blind-payments'].map((path) => [step, path] as const))
  // The short form takes every other step, with one operation or the other.
  const short = cases.filter((_, index) => index % 5 === 0)
  const planned =
    runs > 0 ? Array.from({ length: runs }, (_, index) => cases[index % cases.length] ?? cases[0]) : short

  it.skipIf(isMissing)(
    'at every step: nothing is carried out twice and no record is lost',
    async () => {
      const store: StoreEnvironment =
        kind === 'PostgreSQL' ? { DATABASE_URL: database.url } : { STORE_FILE: join(directory, 'store.db') }
      const restart = () => PaymentService.start(soapstone, backendUrl, store)
      const tally: Tally = {
        kills: 0,
        bystanders: 0,
        repeated: 0,
        replayed: 0,
        resolved: 0,
        unknown: 0,
        perStep: new Map(),
      }
      let service = await restart()
      for (const chosen of planned) {
        if (chosen) service = await killOnce(service, restart, chosen[0], chosen[1], tally)
        if (tally.kills % 10 === 0) report(kind, tally)
      }
      expect(Math.max(...backend.executions.values())).toBe(1)
      expect(tally.kills).toBe(planned.length)
      expect(await service.process.stop()).toBe(0)
    },
    runs > 0 ? 3_600_000 : 120_000,
  )
})
