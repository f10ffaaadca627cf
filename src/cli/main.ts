#!/usr/bin/env node
import { run } from './run.js'

// A reader that has seen enough, `head` say, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await run()
