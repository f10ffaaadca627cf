/**
 * Loads the contract that it is given – after `judged`, as `serve --compiled` does – and says what that took, and how long
 * the first call of an operation blocks: its codec, and its validator.
 */
import { importFrom } from '../builds.mjs'
import { report } from './child.mjs'

const build = process.env.SOAPSTONE_BUILD
const [, , contract, how] = process.argv
const { compileContract } = await importFrom(build, 'adapter/adapter.js')
// Older builds have it elsewhere. What is loaded once is loaded before.
const { validatorsOf } = await importFrom(build, 'http/validation/validate.js').catch(() => ({}))
await importFrom(build, 'http/validation/request-judge.js').catch(() => undefined)

/** CPU time and memory that `work` took. */
function costOf(work) {
  const before = process.cpuUsage()
  const rss = process.memoryUsage.rss()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return { result, cpuMs: (user + system) / 1000, mb: (process.memoryUsage.rss() - rss) / 2 ** 20 }
}

const {
  result: adapter,
  cpuMs: loadCpuMs,
  mb: loadMb,
} = costOf(() => compileContract({ contract, isJudged: how === 'judged' }))
const firstMs = [...adapter.operations.values()].map((operation) => {
  const request = operation.sample({ optionals: 'none' })
  const response = operation.sampleResponse({ optionals: 'none' })
  const begun = performance.now()
  operation.encode(request)
  operation.decode(response, request)
  return performance.now() - begun
})
/** How long the validator of an operation blocks the first request that needs it. */
async function firstJudged(validators, operation) {
  const begun = performance.now()
  const request = { path: {}, query: {}, headers: {}, body: undefined, values: 0 }
  await validators.validate(operation, { ...request, mediaType: 'application/json' })
  return performance.now() - begun
}

let judgedMs = 0
const validators = validatorsOf?.(adapter)
for (const operation of validators ? adapter.operations.values() : []) {
  judgedMs = Math.max(judgedMs, await firstJudged(validators, operation))
}
report({ loadCpuMs, loadMb, firstMs: Math.max(...firstMs), judgedMs, operations: firstMs.length })
