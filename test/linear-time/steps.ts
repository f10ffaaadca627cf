import { type Profiler, Session } from 'node:inspector'

/** Code that meets foreign text: ours, and the parsers that ours hands it to. */
const COUNTED = /\/(?:src\/(?!.*\.test\.)|node_modules\/(?:jose|@fastify\/busboy)\/)/

/** Code units that the searches of V8 have looked at: coverage does not see into them. */
let searched = 0

const session = new Session()
session.connect()
session.post('Profiler.enable')
// Before what is counted is compiled: blocks are counted only in code that was compiled afterwards.
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
countSearches(String.prototype)
countSearches(Buffer.prototype as object)

type Search = (this: { readonly length: number }, what: unknown, from?: unknown) => number

/** Makes each search count how far it looks. */
function countSearches(prototype: object): void {
  const original = Reflect.get(prototype, 'indexOf') as Search
  const counting: Search = function (what, from = 0) {
    const found = original.call(this, what, from)
    if (typeof from === 'number') searched += Math.max(0, (found === -1 ? this.length : found) - from)
    return found
  }
  Reflect.set(prototype, 'indexOf', counting)
}

function blocksRun(): number {
  let scripts: readonly Profiler.ScriptCoverage[] = []
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error) throw error
    scripts = result
  })
  let sum = 0
  for (const { url, functions } of scripts) {
    if (!COUNTED.test(url)) continue
    for (const { ranges } of functions) for (const { count } of ranges) sum += count
  }
  return sum
}

/**
 * Counts the steps of some work: blocks of code that were run, each as often as it was, and code units that were searched.
 * Unlike its time it is the same on a busy machine.
 */
export async function stepsOf(work: () => unknown): Promise<number> {
  blocksRun()
  searched = 0
  await work()
  const found = searched
  return blocksRun() + found
}
