import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { newSecret } from '../../src/events/signature.js'
import { contractFile, environment } from './contract.js'
import { type Receiver, startReceiver } from './receiver.js'
import { notificationId, outboundMessage } from './served.js'
import { judgeTakings, type Taking } from './takings.js'

export interface Campaign {
  /** The command line, built. */
  readonly main: string
  /** For the store. */
  readonly directory: string
  readonly kills: number
  /** Of DATABASE_URL and the like. */
  readonly env: Readonly<Record<string, string>>
  /** Processes that share the store; each is killed in its turn. */
  readonly replicas?: number
}

export interface CampaignResult {
  readonly kills: number
  /** Processes that ended by themselves. */
  readonly crashes: number
  readonly messages: number
  readonly repeated: number
  readonly acknowledged: number
  readonly attempts: number
  readonly refused: number
  /** Acknowledged and never taken by the subscriber. */
  readonly lost: number
  /** Whose attempts had more than one webhook-id. */
  readonly renamed: number
  readonly unverified: number
  /** Taken by the subscriber more than once. */
  readonly takenTwice: number
  /** Of these: by a process that was not killed before it can have recorded the first time. */
  readonly takenTwiceFromLiving: number
  /** Taken before an earlier one with the same order. */
  readonly outOfOrder: number
  /** From the last kill to the last event that was outstanding. */
  readonly seconds: number
}

const SENDERS = 3
const ORDERS_OF_A_SENDER = 6
const IN_A_MESSAGE = 3
const BETWEEN_MESSAGES_MS = 40
/** Events are lost when none has come for so long: leases are over after 10 s. */
const SILENCE_MS = 60_000

/** Kills the service at random moments, while senders repeat what is not acknowledged and a subscriber fails now and then. */
export async function campaign(options: Campaign): Promise<CampaignResult> {
  const receiver = await startReceiver()
  const secret = newSecret()
  receiver.secrets.push(secret)
  const takings: Taking[] = []
  const ids = new Map<string, Set<string>>()
  let refused = 0
  receiver.answer = ({ id, data, connection }) => {
    const { name } = (data as { opportunity: { name: string } }).opportunity
    ids.set(name, (ids.get(name) ?? new Set()).add(id))
    if (Math.random() < 0.3) {
      refused++
      return 500
    }
    takings.push({ name, at: performance.now(), connection })
    return 204
  }
  const replicas = await startReplicas(options, receiver, secret)
  await replicas.areUp()
  const senders = Array.from({ length: SENDERS }, (_, index) => new Sender(index, replicas.ports))
  const sending = senders.map((sender) => sender.run())
  const killedAt: number[] = []
  for (let kill = 0; kill < options.kills; kill++) {
    // Some are killed while they start.
    if (Math.random() < 0.8) await replicas.areUp()
    await delay(20 + Math.random() * 600)
    killedAt.push(await replicas.kill(kill % replicas.ports.length))
  }
  await replicas.areUp()
  for (const sender of senders) sender.end()
  await Promise.all(sending)
  const acknowledged = senders.flatMap((sender) => sender.acknowledged)
  const lastKill = performance.now()
  const missing = (): readonly string[] => {
    const taken = new Set(takings.map(({ name }) => name))
    return acknowledged.filter((name) => !taken.has(name))
  }
  const lastCame = (): number => Math.max(receiver.lastAt, lastKill)
  while (missing().length > 0 && performance.now() - lastCame() < SILENCE_MS) await delay(200)
  const seconds = Math.round((performance.now() - lastKill) / 100) / 10
  // What is recorded is not sent again, even by those who come after.
  await delay(500)
  const crashes = replicas.crashes()
  await replicas.end()
  await receiver.close()
  const orders = senders.flatMap((sender) => sender.orders)
  return {
    ...{ kills: options.kills, crashes },
    messages: senders.reduce((sum, sender) => sum + sender.messages, 0),
    repeated: senders.reduce((sum, sender) => sum + sender.repeated, 0),
    acknowledged: acknowledged.length,
    ...{ attempts: receiver.events.length, refused, lost: missing().length },
    renamed: [...ids.values()].filter((known) => known.size > 1).length,
    unverified: receiver.unverified.length,
    ...judgeTakings(takings, orders, killedAt),
    seconds,
  }
}

interface Replicas {
  readonly ports: readonly number[]
  /** Kills one and starts another in its place. @returns when */
  kill(index: number): Promise<number>
  /** Resolves when all of them are ready. */
  areUp(): Promise<void>
  crashes(): number
  end(): Promise<void>
}

async function startReplicas(
  { main, directory, env, replicas = 1 }: Campaign,
  receiver: Receiver,
  secret: string,
): Promise<Replicas> {
  const file = join(directory, 'subscriptions.json')
  writeFileSync(file, JSON.stringify([{ id: 'app', url: receiver.url, secrets: [secret] }]))
  const ports = await Promise.all(Array.from({ length: replicas }, freePort))
  let crashes = 0
  const start = (port: number): ChildProcess => {
    const child = spawn(process.execPath, [main, 'serve', '--contract', contractFile], {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...environment,
        ...{ HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: '0', LOG_LEVEL: 'silent' },
        ...{ AUTHENTICATION: 'off', STORE_FILE: join(directory, 'store.db') },
        ...{ EVENTS_SUBSCRIPTIONS_FILE: file, EVENTS_ALLOW_NETWORKS: '127.0.0.1', EVENTS_TIMEOUT_MS: '5000' },
        EVENTS_SCHEDULE_SECONDS: Array.from({ length: 60 }, () => '0').join(','),
        ...env,
      },
    })
    child.once('exit', (_code, signal) => {
      if (signal !== 'SIGKILL') crashes++
    })
    return child
  }
  const children = ports.map((port) => start(port))
  const isUp = async (index: number): Promise<void> => {
    while (!(await isReady(ports[index] ?? 0))) {
      // As whoever runs it would.
      const child = children[index]
      if (child?.exitCode !== null || child.signalCode !== null) children[index] = start(ports[index] ?? 0)
      await delay(25)
    }
  }
  const stop = async (child: ChildProcess | undefined): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    ports,
    kill: async (index) => {
      const at = performance.now()
      await stop(children[index])
      children[index] = start(ports[index] ?? 0)
      return at
    },
    areUp: async () => {
      await Promise.all(ports.map((_, index) => isUp(index)))
    },
    crashes: () => crashes,
    end: async () => {
      await Promise.all(children.map(stop))
    },
  }
}

/** Sends one message after another, and each until it is acknowledged, to whichever replica answers. */
class Sender {
  readonly acknowledged: string[] = []
  /** Names of events that go one after another. */
  readonly orders: string[][] = Array.from({ length: ORDERS_OF_A_SENDER }, () => [])
  messages = 0
  repeated = 0
  readonly #index: number
  readonly #ports: readonly number[]
  #isOver = false

  constructor(index: number, ports: readonly number[]) {
    this.#index = index
    this.#ports = ports
  }

  end(): void {
    this.#isOver = true
  }

  async run(): Promise<void> {
    for (let number = 0; !this.#isOver; number += IN_A_MESSAGE) {
      const names = Array.from({ length: IN_A_MESSAGE }, (_, index) =>
        notificationId((this.#index + 1) * 1_000_000_000 + number + index),
      )
      const order = this.messages++ % ORDERS_OF_A_SENDER
      const key = `006${String(this.#index * 100 + order).padStart(15, '0')}`
      for (let time = 0; !(await isTaken(this.#port(time), names, key)); time++) this.repeated++
      this.acknowledged.push(...names)
      this.orders[order]?.push(...names)
      await delay(BETWEEN_MESSAGES_MS)
    }
  }

  #port(time: number): number {
    return this.#ports[(this.#index + time) % this.#ports.length] ?? 0
  }
}

/** The name of each event is the id that its sender gave it. */
async function isTaken(port: number, ids: readonly string[], order: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/soap/crm/${environment.CRM_PATH_SECRET}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body: outboundMessage(ids, order, (id) => id),
      signal: AbortSignal.timeout(10_000),
    })
    await response.text()
    if (response.status === 200) return true
  } catch {
    // It was killed.
  }
  await delay(100)
  return false
}

async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
  await response?.text()
  return response?.status === 200
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
