/**
 * What every measured process has in common: it says where it listens, answers questions about what it has used, and
 * ends with its parent.
 */
export function report(ready) {
  process.on('message', (message) => {
    if (message !== 'usage') return
    const { user, system } = process.cpuUsage()
    process.send({ cpuMicros: user + system, rss: process.memoryUsage.rss() })
  })
  process.on('disconnect', () => process.exit(0))
  process.send(ready)
}

export function listen(server) {
  server.keepAliveTimeout = 65_000
  server.listen(0, '127.0.0.1', () => report({ url: `http://127.0.0.1:${server.address().port}` }))
}
