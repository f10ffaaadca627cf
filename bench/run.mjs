/** Measures soapstone beside what people would use instead, and beside another build of itself: `npm run bench -- --help`. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { parts } from './parts.mjs'
import { printReport } from './report.mjs'

const names = Object.keys(parts)
const comparable = names.filter((name) => parts[name].isComparable)

const command = new Command('npm run bench --')
  .description('Measure soapstone beside what people would use instead. Everything takes about an hour.')
  .addOption(new Option('--only <part...>', 'one part, or several').choices(names))
  .option('--quick', 'few rounds, too few for conclusions')
  .option(
    '--against <dir>',
    `another build, a checkout with its dist and node_modules, as one more server: of ${comparable.join(', ')}`,
  )
  .option('--profile', 'say of requests where CPU time goes, by layer')
  .option('--json', 'print figures for programs')
  .addOption(new Option('--build', 'build before, as `npm run bench` does').hideHelp())
  .allowExcessArguments(false)
  .parse()
const options = command.opts()
const { against } = options
if (against !== undefined && !existsSync(join(against, 'dist/server.js')))
  command.error(`error: ${against} is no build of this project: it has no dist/server.js`)

if (options.build) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })

const chosen = names
  .filter((name) => !options.only || options.only.includes(name))
  .map((name) => ({
    name,
    measure: parts[name].measure,
    scale: parts[name][options.quick ? 'quick' : 'full'],
  }))
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  loadBefore: loadavg()[0],
  quick: options.quick ?? false,
  rounds: Object.fromEntries(chosen.map(({ name, scale }) => [name, scale.rounds ?? 1])),
}
const directory = mkdtempSync(join(tmpdir(), 'soapstone-bench-'))
const context = {
  directory,
  progress: (text) => process.stderr.write(`… ${text}\n`),
  against,
  profile: options.profile,
}
const results = {}
try {
  for (const { name, measure, scale } of chosen) results[name] = await measure({ ...scale, ...context })
} finally {
  rmSync(directory, { recursive: true })
}
if (options.json) console.log(JSON.stringify({ machine, ...results }, null, 2))
else printReport(machine, results)
