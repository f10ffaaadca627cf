/**
 * What every measured process has in common: it says where it listens, answers questions about what it has used, and
 * ends with its parent.
 */
import { Session } from 'node:inspector/promises'
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks'

const SAMPLE_MICROS = 200

export function report(ready) {
  let session
  let loop
  let collections
  const answers = {
    usage: () => {
      const { user, system } = process.cpuUsage()
      return { cpuMicros: user + system, rss: process.memoryUsage.rss() }
    },
    'begin loop': () => {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      loop = { delay, utilization: performance.eventLoopUtilization() }
      return {}
    },
    'end loop': () => {
      loop.delay.disable()
      const { utilization } = performance.eventLoopUtilization(loop.utilization)
      return { p99Ms: loop.delay.percentile(99) / 1e6, busy: utilization }
    },
    'begin collections': () => {
      const pauses = []
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) pauses.push(duration)
      })
      observer.observe({ entryTypes: ['gc'] })
      collections = { observer, pauses, since: performance.now() }
      return {}
    },
    'end collections': () => {
      const { observer, pauses, since } = collections
      observer.disconnect()
      const sum = pauses.reduce((all, each) => all + each, 0)
      return {
        collectionsPerSecond: (1000 * pauses.length) / (performance.now() - since),
        collectionShare: sum / (performance.now() - since),
        longestCollectionMs: Math.max(0, ...pauses),
      }
    },
    'begin profile': async () => {
      session = new Session()
      session.connect()
      await session.post('Profiler.enable')
      await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS })
      await session.post('Profiler.start')
      return {}
    },
    'end profile': async () => {
      const { profile } = await session.post('Profiler.stop')
      session.disconnect()
      return profile
    },
  }
  process.on('message', async (message) => {
    const answer = answers[message]
    if (answer) process.send(await answer())
  })
  process.on('disconnect', () => process.exit(0))
  process.send(ready)
}

export function listen(server) {
  server.keepAliveTimeout = 65_000
  server.listen(0, '127.0.0.1', () => report({ url: `http://127.0.0.1:${server.address().port}` }))
}
