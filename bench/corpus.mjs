/** What the largest WSDLs of a folder take to import and to check: CPU time and memory, by MB of WSDL. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownBuild } from './builds.mjs'
import { median } from './load.mjs'

const LARGEST = 10
const teller = fileURLToPath(new URL('servers/on-exit.mjs', import.meta.url))

/**
 * @param folder of WSDLs, by default `../shared/corpus` beside the project
 * @returns by file: CPU seconds and most memory of each command, medians of the rounds; undefined where there is no such folder
 */
export async function measureCorpus({
  rounds,
  directory,
  progress,
  folder = resolve(ownBuild, '../shared/corpus'),
}) {
  if (!existsSync(folder)) {
    progress(`corpus: ${folder} is not there`)
    return undefined
  }
  const idle = await medianOf(rounds, ['--version'])
  const results = {}
  for (const { path, bytes } of largest(folder)) {
    const name = basename(path)
    progress(`corpus: ${name}`)
    const contract = join(directory, `${name}.yaml`)
    const imported = await medianOf(rounds, ['import', path, '--output', contract, '--force'])
    if (imported.code !== 0) {
      results[name] = { megabytes: bytes / 1e6, refused: 1 }
      continue
    }
    const checked = await medianOf(rounds, ['check', contract])
    results[name] = {
      megabytes: bytes / 1e6,
      importSeconds: imported.seconds - idle.seconds,
      importMb: imported.mb - idle.mb,
      checkSeconds: checked.seconds - idle.seconds,
      checkMb: checked.mb - idle.mb,
    }
  }
  return results
}

function largest(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.wsdl'))
    .map((file) => ({ path: join(folder, file), bytes: statSync(join(folder, file)).size }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, LARGEST)
}

/** @returns what a command took; its start and the modules it loads included */
async function medianOf(rounds, args) {
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await runOnce(args))
  return {
    code: runs[0].code,
    seconds: median(runs.map(({ seconds }) => seconds)),
    mb: median(runs.map(({ mb }) => mb)),
  }
}

async function runOnce(args) {
  const child = fork(join(ownBuild, 'dist/cli/main.js'), args, {
    execArgv: ['--import', teller],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [used] = await once(child, 'message')
  const [code] = await exited
  return { code, ...used }
}
