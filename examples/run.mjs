// Starts an example: npm run example NAME. Builds the package first, where it is not built or src has changed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const LONGEST_BUILD_MS = 300_000
const here = import.meta.dirname
const root = join(here, '..')
const names = readdirSync(here).filter((name) => existsSync(join(here, name, 'start.mjs')))
const [name, ...args] = process.argv.slice(2)

if (name === undefined || !names.includes(name)) {
  const about = (each) =>
    readFileSync(join(here, each, 'README.md'), 'utf8')
      .split('\n')[0]
      .replace('# ', '')
  console.error(name === undefined ? 'Name an example: npm run example NAME' : `There is no example ${name}.`)
  console.error(names.map((each) => `  ${each.padEnd(20)} ${about(each)}`).join('\n'))
  process.exit(2)
}
await build()
const child = spawn(process.execPath, [join(here, name, 'start.mjs'), ...args], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 0 : (code ?? 1)))

async function build() {
  if (isBuilt()) return
  const lock = join(root, 'node_modules/.example-build')
  // Two examples that start at once build once.
  for (let tries = 0; !lockedBy(lock); tries++) {
    if (tries > 2_000) throw new Error(`Another build does not end; if there is none, remove ${lock}.`)
    await wait(200)
    if (isBuilt()) return
  }
  try {
    if (isBuilt()) return
    console.error('Building soapstone …')
    const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
    if (status !== 0) process.exit(status ?? 1)
  } finally {
    rmdirSync(lock)
  }
}

function lockedBy(lock) {
  try {
    mkdirSync(lock)
    return true
  } catch {
    // One that was left by a build that was killed.
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > LONGEST_BUILD_MS) rmdirSync(lock)
    return false
  }
}

function isBuilt() {
  const main = join(root, 'dist/cli/main.js')
  // What the build does last: a build that failed has left the rest.
  if (!existsSync(main) || !existsSync(join(root, 'dist/inspector/assets'))) return false
  const built = statSync(main).mtimeMs
  const sources = readdirSync(join(root, 'src'), { recursive: true })
  return sources.every((file) => statSync(join(root, 'src', file)).mtimeMs <= built)
}
