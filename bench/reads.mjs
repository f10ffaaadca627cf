/** Reads at a steady rate while a server does something else, and what that costs them. */
import { atRate, p99Of, timesOf } from './event-service.mjs'
import { credentials } from './api-key.mjs'
import { median } from './load.mjs'
import { Process } from './process.mjs'

const READS = 100
/** Far below what a busy machine takes: what is measured is how long others hold it up, not that it is full. */
export const STEADY = 100

/** What reads a path, in a process of its own: what the senders take of theirs is no part of its times. */
export function startReader(url, path) {
  return Process.start('reader.mjs', { args: [url, path, JSON.stringify(credentials)] })
}

/**
 * One round of reads.
 *
 * @param beside what is done meanwhile, if anything
 * @returns the p99 of the reads and how many were refused; how late the event loop was, and how busy
 */
export async function readRound(server, reader, milliseconds, beside = () => undefined) {
  await server.ask('begin loop')
  const reads = reader.ask({ perSecond: READS, milliseconds })
  const other = beside()
  const { milliseconds: times, refused } = await reads
  const { p99Ms: loopP99Ms, busy } = await server.ask('end loop')
  await other
  return { p99Ms: p99Of(times), loopP99Ms, busy, refused }
}

/** @param send does one of what is done beside reads */
export function steadily(milliseconds, send) {
  return atRate(STEADY, milliseconds, send)
}

/**
 * @param figures by way, those of each round in its place
 * @param free the way whose commits cost nothing, if there is one
 * @returns by way, medians, and ratios to reads alone and to that way
 */
export function readFigures(figures, { alone, free }) {
  const of = (name, key) => figures[name].map((round) => round[key])
  const times = (name, other) => timesOf(of(name, 'p99Ms'), of(other, 'p99Ms'))
  return Object.fromEntries(
    Object.keys(figures).map((name) => [
      name,
      {
        p99Ms: median(of(name, 'p99Ms')),
        timesAlone: times(name, alone),
        loopP99Ms: median(of(name, 'loopP99Ms')),
        busyPercent: 100 * median(of(name, 'busy')),
        refused: of(name, 'refused').reduce((sum, count) => sum + count),
        ...(free in figures && { timesFree: times(name, free) }),
      },
    ]),
  )
}
