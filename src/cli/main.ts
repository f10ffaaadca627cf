#!/usr/bin/env node
import { createProgram } from './program.js'
import { report } from './report.js'

// A reader that has seen enough, `head` say, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
