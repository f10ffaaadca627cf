/** What a command of a build takes as a whole process: CPU time, most memory, and how it ends. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownBuild } from './builds.mjs'
import { median } from './load.mjs'

const teller = fileURLToPath(new URL('servers/on-exit.mjs', import.meta.url))

/** @returns the exit code, and medians of CPU seconds and MB at most; the start and the modules it loads included */
export async function medianOf(rounds, args) {
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await runOnce(ownBuild, args))
  return {
    code: runs[0].code,
    seconds: median(runs.map(({ seconds }) => seconds)),
    mb: median(runs.map(({ mb }) => mb)),
  }
}

/** @param build the root of a build */
export async function runOnce(build, args) {
  const child = fork(join(build, 'dist/cli/main.js'), args, {
    execArgv: ['--import', teller],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [used] = await once(child, 'message')
  const [code] = await exited
  return { code, ...used }
}
