import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './oracle/contracts.js'

const run = promisify(execFile)
/** Milliseconds for what builds, downloads and compiles. */
const SLOW = 900_000
const REGISTRY = 'https://registry.npmjs.org/'

const folder = mkdtempSync(join(tmpdir(), 'package-'))
const absent = await fetch(REGISTRY, { method: 'HEAD', signal: AbortSignal.timeout(10_000) }).then(
  () => undefined,
  () => `${REGISTRY} cannot be reached`,
)
let tarball: string

beforeAll(async () => {
  if (absent !== undefined) return
  // Runs `prepack`, which builds.
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '')
}, SLOW)

afterAll(() => {
  rmSync(folder, { recursive: true })
})

interface Manager {
  readonly name: string
  readonly install: (file: string, ...more: readonly string[]) => [string, readonly string[]]
  readonly execute: (program: string, ...args: readonly string[]) => [string, readonly string[]]
}

const PNPM = 'pnpm@10.34.8'
const TYPESCRIPT = 'typescript@5.9'

const MANAGERS: readonly Manager[] = [
  {
    name: 'npm',
    install: (...names) => ['npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...names]],
    execute: (program, ...args) => ['npx', ['--no-install', program, ...args]],
  },
  {
    name: 'pnpm',
    install: (...names) => ['npx', ['--yes', PNPM, 'add', '--prefer-offline', ...names]],
    execute: (program, ...args) => ['npx', ['--yes', PNPM, 'exec', program, ...args]],
  },
]

/** The example of the README as a file. */
function exampleOf(page: string): string {
  const section = page.slice(page.indexOf('## As a library'))
  const [, code = ''] = /```(?:ts|js)\n(.*?)```/s.exec(section) ?? []
  return code
}

const REQUIRED = `const { loadAdapter, AdapterError } = require('soapstone')
if (typeof loadAdapter !== 'function' || typeof AdapterError !== 'function') throw new Error('no exports')
`
const IMPORTED_BY_REQUIRE = `import { loadAdapter, type MountableAdapter } from 'soapstone'
export const load = (contract: string): Promise<MountableAdapter> => loadAdapter({ contract })
`

describe.skipIf(absent)(`the package${absent ? ` (skipped: ${absent})` : ''}`, () => {
  describe.each(MANAGERS)('installed by $name in an empty project', ({ name, install, execute }) => {
    const project = join(folder, name)
    const call = ([program, args]: [string, readonly string[]]) =>
      run(program, args, { cwd: project, env: { ...process.env, CI: '1' } })

    beforeAll(async () => {
      mkdirSync(project)
      writeFileSync(join(project, 'package.json'), '{"name":"project","private":true,"type":"module"}')
      await call(install(tarball, TYPESCRIPT, 'express@5', '@types/express@5', '@types/node@20'))
      writeFileSync(join(project, 'example.ts'), exampleOf(readFileSync(`${root}README.md`, 'utf8')))
      writeFileSync(join(project, 'required.cjs'), REQUIRED)
      writeFileSync(join(project, 'required.cts'), IMPORTED_BY_REQUIRE)
    }, SLOW)

    it(
      'prints its version, and checks the contract that it ships',
      async () => {
        const { stdout } = await call(execute('soapstone', '--version'))
        expect(stdout.trim()).toBe(
          (JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }).version,
        )
        const contract = join('node_modules', 'soapstone', 'openapi.yaml')
        expect((await call(execute('soapstone', 'check', '--contract', contract))).stdout).toContain(
          '38 operations',
        )
      },
      SLOW,
    )

    it(
      'serves the contract, and has the files of its docs page',
      async () => {
        const script = `import express from 'express'
import { loadAdapter } from 'soapstone'
const adapter = await loadAdapter({ contract: 'node_modules/soapstone/openapi.yaml' })
const server = express().use(adapter.router({ authentication: 'off' })).listen(0)
const url = 'http://127.0.0.1:' + server.address().port + '/v1/openapi.json'
console.log((await (await fetch(url)).json()).info.title)
server.close()
await adapter.close()
`
        writeFileSync(join(project, 'serve.mjs'), script)
        expect((await call(['node', ['serve.mjs']])).stdout.trim()).toBe('Fernhill Bank and Clinic API')
        const assets = join(project, 'node_modules', 'soapstone', 'assets', 'docs')
        expect(readdirSync(assets).sort()).toEqual(['icon.svg', 'page.css', 'page.js'])
      },
      SLOW,
    )

    it(
      'type-checks the example of the README as printed, however modules are resolved',
      async () => {
        for (const [module, resolution] of name === 'npm' ? RESOLUTIONS : RESOLUTIONS.slice(-1)) {
          const how = ['--module', module, '--moduleResolution', resolution]
          await call(execute('tsc', ...STRICT, ...how, 'example.ts')).catch(told)
        }
      },
      SLOW,
    )

    it(
      'is required, with its types where TypeScript knows of that',
      async () => {
        await call(['node', ['required.cjs']])
        const how = ['--module', 'nodenext', '--moduleResolution', 'nodenext']
        if (name === 'npm') await call(execute('tsc', ...STRICT, ...how, 'required.cts')).catch(told)
      },
      SLOW,
    )
  })

  it('brings nothing that runs when it is installed, and nothing that counts', () => {
    const manifests = packagesBelow(join(folder, 'npm', 'node_modules'))
    expect(manifests.length).toBeGreaterThan(50)
    const running = manifests.filter(({ scripts = {} }) =>
      ['preinstall', 'install', 'postinstall'].some((script) => script in scripts),
    )
    expect(running.map(({ name }) => name)).toEqual([])
    // The API of OpenTelemetry does nothing until a user brings an SDK.
    const counting = manifests.filter(({ name }) => /scarf|(?<!open)telemetry|analytics/.test(name))
    expect(counting.map(({ name }) => name)).toEqual([])
  })
})

const RESOLUTIONS = [
  ['node16', 'node16'],
  ['preserve', 'bundler'],
  ['nodenext', 'nodenext'],
] as const

/** What a compiler said is on its stdout. */
function told(error: unknown): never {
  throw new Error(String((error as { readonly stdout?: string }).stdout), { cause: error })
}

const STRICT = [
  '--noEmit',
  '--strict',
  '--exactOptionalPropertyTypes',
  '--noUncheckedIndexedAccess',
  '--target',
  'es2022',
]

interface Manifest {
  readonly name: string
  readonly scripts?: Readonly<Record<string, string>>
}

/** The manifests of all packages, however deep. */
function packagesBelow(modules: string): Manifest[] {
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name.startsWith('.')) return []
    const path = join(modules, entry.name)
    if (entry.name.startsWith('@')) return packagesBelow(path)
    const found = readdirSync(path)
    const own = found.includes('package.json')
      ? [JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest]
      : []
    return found.includes('node_modules') ? [...own, ...packagesBelow(join(path, 'node_modules'))] : own
  })
}
