/** Loads the contract that it is given and says what that took, and how long the first call of an operation blocks. */
import { importFrom } from '../builds.mjs'
import { report } from './child.mjs'

const { compileContract } = await importFrom(process.env.SOAPSTONE_BUILD, 'adapter/adapter.js')

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
} = costOf(() => compileContract({ contract: process.argv[2] }))
const firstMs = [...adapter.operations.values()].map((operation) => {
  const request = operation.sample({ optionals: 'none' })
  const response = operation.sampleResponse({ optionals: 'none' })
  const begun = performance.now()
  operation.encode(request)
  operation.decode(response, request)
  return performance.now() - begun
})
report({ loadCpuMs, loadMb, firstMs: Math.max(...firstMs), operations: firstMs.length })
