import { existsSync } from 'node:fs'
import { Command } from 'commander'
import type { Settings } from '../../config/settings-table.js'
import type { DeliveryRecord, DeliveryState, Outbox } from '../../store/outbox/outbox.js'
import { settingsFrom } from '../options/settings.js'
import { Failure } from '../terminal/report.js'

const STATES: readonly DeliveryState[] = ['pending', 'queued', 'delivered', 'dead']

interface ListOptions {
  readonly subscription?: string
  readonly state?: string
  readonly limit: string
  readonly json?: true
}

/** For operators: what became of events. It shows what they are, never what they say. */
export function eventsCommand(): Command {
  return new Command('events')
    .description(
      'List deliveries of events, show one, send dead ones again, and end subscriptions, in the store of the settings.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone events list --state dead\n  $ soapstone events redeliver --subscription 5c0e…\n\nThe store is that of DATABASE_URL, or the file beside STORE_FILE. A running service may use it at the same time.',
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(redeliverCommand())
    .addCommand(subscriptionsCommand())
    .addCommand(endCommand())
}

function listCommand(): Command {
  return new Command('list')
    .description('List deliveries, the latest first.')
    .option('--subscription <id>', 'of this subscription only')
    .option('--state <state>', `one of ${STATES.join(', ')}`)
    .option('--limit <number>', 'how many at most', '50')
    .option('--json', 'write JSON')
    .action(async ({ subscription, state, limit, json }: ListOptions) => {
      const found = await inOutbox((outbox) =>
        outbox.deliveries({
          ...(subscription !== undefined && { subscription }),
          ...(state !== undefined && { state: stateOf(state) }),
          limit: limitOf(limit),
        }),
      )
      process.stdout.write(json ? `${JSON.stringify(found, undefined, 2)}\n` : tableOf(found))
    })
}

function showCommand(): Command {
  return new Command('show')
    .description('Show an event and its deliveries; what it says stays encrypted.')
    .argument('<eventId>', 'its webhook-id')
    .action(async (eventId: string) => {
      await inOutbox(async (outbox) => {
        const event = await outbox.event(eventId)
        if (!event)
          throw new Failure(
            `There is no event ${eventId}: it was never kept, or longer ago than EVENTS_RETENTION_HOURS.`,
            1,
          )
        const { type, at, sequence } = event
        const readable = event.body
          ? `${event.body.byteLength} bytes`
          : 'no key of STORE_ENCRYPTION_KEY opens it'
        process.stdout.write(
          `event     ${eventId}\ntype      ${type}\nreceived  ${new Date(at).toISOString()}\nplace     ${sequence}\nmessage   ${readable}\n\n`,
        )
        process.stdout.write(tableOf(await outbox.deliveries({ eventId, limit: 200 })))
      })
    })
}

function redeliverCommand(): Command {
  return new Command('redeliver')
    .description('Have dead deliveries made again, or those of one event whatever became of them.')
    .argument('[eventId]', 'its webhook-id')
    .option('--subscription <id>', 'of this subscription only')
    .action(async (eventId: string | undefined, { subscription }: { readonly subscription?: string }) => {
      const count = await inOutbox((outbox) =>
        outbox.redeliver({
          ...(eventId !== undefined && { eventId }),
          ...(subscription !== undefined && { subscription }),
        }),
      )
      process.stdout.write(`${count} to be sent again\n`)
    })
}

function subscriptionsCommand(): Command {
  return new Command('subscriptions')
    .description('List subscriptions; where their events go stays encrypted.')
    .option('--json', 'write JSON')
    .action(async ({ json }: { readonly json?: true }) => {
      const records = await inOutbox((outbox) => outbox.subscriptions())
      const found = records.map(({ id, state, types, createdAt, reason }) => {
        return { id, state, types, createdAt: new Date(createdAt).toISOString(), reason }
      })
      if (json) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`)
      else if (found.length === 0) process.stdout.write('No subscriptions.\n')
      else {
        const rows = found.map(({ id, state, types, createdAt, reason }) => {
          return [id, state, createdAt, types.join(','), reason]
        })
        process.stdout.write(columns([['subscription', 'state', 'since', 'types', 'reason'], ...rows]))
      }
    })
}

function endCommand(): Command {
  return new Command('end')
    .description('End a subscription: it gets nothing more, and what it has not got is given up.')
    .argument('<subscription>', 'its id')
    .option('--forget', 'delete it with its deliveries, too')
    .action(async (id: string, { forget }: { readonly forget?: true }) => {
      const isKnown = await inOutbox((outbox) =>
        forget ? outbox.unsubscribe(id) : outbox.change(id, { state: 'ended', reason: 'operator' }),
      )
      if (!isKnown)
        throw new Failure(`There is no subscription ${id}: soapstone events subscriptions lists them.`, 1)
      process.stdout.write(forget ? 'Ended and forgotten.\n' : 'Ended.\n')
    })
}

async function inOutbox<T>(task: (outbox: Outbox) => Promise<T>): Promise<T> {
  const settings: Settings = settingsFrom(process.env)
  const { databaseUrl, storeFile, storeKeys } = settings
  const { openOutbox, outboxFile } = await import('../../store/outbox/open.js')
  if (databaseUrl === '' && !existsSync(outboxFile(storeFile))) {
    throw new Failure(
      `There is no ${outboxFile(storeFile)}: set STORE_FILE or DATABASE_URL as the service has it.`,
      1,
    )
  }
  const outbox = await openOutbox({
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
    storeFile,
    storeKeys: storeKeys.map((key) => Buffer.from(key, 'base64')),
  })
  try {
    return await task(outbox)
  } finally {
    await outbox.close()
  }
}

function stateOf(text: string): DeliveryState {
  const state = STATES.find((each) => each === text)
  if (!state) throw new Failure(`--state must be one of ${STATES.join(', ')}.`, 2)
  return state
}

function limitOf(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit < 1) throw new Failure('--limit must be a whole number from 1 to 99999.', 2)
  return limit
}

function tableOf(deliveries: readonly DeliveryRecord[]): string {
  if (deliveries.length === 0) return 'No deliveries.\n'
  const rows = deliveries.map(({ eventId, type, subscription, state, attempts, status, reason, at }) => [
    ...[eventId, type, subscription, state, String(attempts), status === 0 ? reason : String(status)],
    new Date(at).toISOString(),
  ])
  return columns([['event', 'type', 'subscription', 'state', 'attempts', 'answer', 'at'], ...rows])
}

function columns(all: readonly (readonly string[])[]): string {
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
