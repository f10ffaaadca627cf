/** Preloaded into a command that ends by itself: tells the parent at its end what it has used. */
process.channel?.unref()
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  // Kilobytes (getrusage).
  process.send?.({ seconds: (user + system) / 1e6, mb: process.resourceUsage().maxRSS / 1024 })
})
