import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Soapstone } from './cli/soapstone.js'
import { root } from './oracle/contracts.js'

/** Milliseconds for the commands of a page, on a machine that has others to serve. */
const SLOW = 600_000

/** Commands that no test runs here, and why. */
const EXEMPT: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && npm (?:run demo|test)$/, '.ci/run runs it in a clean clone'],
  [/^(?:DATABASE_URL=\S+ )?npm run example /, 'test/examples starts each and calls it'],
  [/^(?:GRAPHQL|MCP)=true npm run demo$/, 'the last test starts the demo with both'],
  [/^npm run demo -- --chaos$/, 'test/cli/commands/demo.test.ts starts it and runs what it prints'],
  [/^npm run demo -- --contract/, 'test/versions.test.ts serves both contracts over a backend of the demo'],
  [/^deploy\/secrets\.sh$/, 'test/deploy/manifests.test.ts runs it'],
  [/^kubectl /, 'needs a cluster; test/deploy/manifests.test.ts renders and judges the manifests'],
  [/^curl .*https:\/\/api\.bank\.example\//, 'the host is made up; test/events subscribes'],
  [
    /^npx soapstone simulate wsdl\/orders\.wsdl /,
    'the WSDL is made up; test/tools/simulator/mapped-faults.test.ts simulates one',
  ],
  [/^docker /, 'needs a container engine; the image has a test of its own'],
  [/^npm install @graphql-yoga\/render-graphiql$/, 'test/graphql/graphiql.test.ts uses the package'],
  [/^npm install soapstone$/, 'test/package.test.ts installs the package that would be published'],
  [
    /^npx soapstone import '?https:\/\/soap\.example/,
    'the host is made up; test/tools/fetch downloads from servers',
  ],
  [
    /^npm init -y$|^npm install @opentelemetry|^export OTEL_|tracing\.mjs/,
    'the SDK of tracing is the user’s; test/telemetry has the spans',
  ],
]

/** Commands that run until they are stopped, and what they say when they are ready. */
const LASTING: readonly (readonly [RegExp, RegExp])[] = [
  [/ soapstone simulate /, /http:\/\/127\.0\.0\.1:\d+/],
  [/ soapstone serve /, /"msg":"ready"/],
]

/** Placeholders of people's own files, which a page does not make. */
const fixtures = (folder: string): void => {
  cpSync(join(root, 'wsdl'), join(folder, 'wsdl'), { recursive: true })
  cpSync(join(root, 'openapi.yaml'), join(folder, 'openapi.yaml'))
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
  cpSync(join(root, 'docs/tutorial'), join(folder, 'docs/tutorial'), { recursive: true })
  const banking = readFileSync(join(root, 'wsdl/banking/core-banking.wsdl'), 'utf8')
  const moved = banking.replace(/schemaLocation="(?!https?:)([^"]+)"/g, 'schemaLocation="wsdl/banking/$1"')
  writeFileSync(join(folder, 'core-banking-v4.wsdl'), moved)
  writeFileSync(
    join(folder, 'fault.xml'),
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>No</faultstring><detail><AccountNotFoundFault xmlns="http://interchange.example/banking/core/v3" xmlns:c="http://interchange.example/banking/common/v3"><c:Code>AC01</c:Code><c:Text>none</c:Text><AccountId>AC-00000101</AccountId></AccountNotFoundFault></detail></e:Fault></e:Body></e:Envelope>',
  )
}

interface Documented {
  readonly page: string
  readonly command: string
  /** What the page says comes out. */
  readonly output: string
}

/** The commands of a page, in its order: lines of `sh`, and what stands behind `$` in `console`. */
function commandsOf(page: string): Documented[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```(sh|console)\n(.*?)^```/gms)].flatMap(([, kind, block = '']) => {
    const lines = block.replaceAll('\\\n', ' ').trimEnd().split('\n')
    if (kind === 'sh') {
      return lines
        .map((line) =>
          line
            .replace(/\s+#\s.*$/, '')
            .trim()
            .replace(/ {2,}/g, ' '),
        )
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((command) => ({ page, command, output: '' }))
    }
    return block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...output] = part.split('\n')
        return { page, command, output: output.join('\n').trim() }
      })
  })
}

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...['docs', 'docs/decisions'].flatMap((directory) =>
    readdirSync(join(root, directory))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${directory}/${name}`),
  ),
  ...readdirSync(join(root, 'examples'))
    .map((name) => `examples/${name}/README.md`)
    .filter((page) => existsSync(join(root, page))),
]
const documented = pages.flatMap(commandsOf)
const reasonFor = ({ command }: Documented) => EXEMPT.find(([pattern]) => pattern.test(command))?.[1]
/** Asks the API or the admin port. */
const isForDemo = ({ command }: Documented) =>
  command.startsWith('curl ') && /demo-key|127\.0\.0\.1:8081\/v1\/webhook|127\.0\.0\.1:9090/.test(command)

let soapstone: Soapstone
let folder: string
let path: string

beforeAll(() => {
  soapstone = new Soapstone('documented')
  folder = mkdtempSync(join(tmpdir(), 'documented-'))
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  // `npx soapstone` and `soapstone` are what the build is installed as.
  const script = (skip: string) => `#!/bin/sh\n${skip}exec "${process.execPath}" "${soapstone.main}" "$@"\n`
  for (const [name, skip] of [
    ['soapstone', ''],
    ['npx', '[ "$1" = soapstone ] || exit 64\nshift\n'],
  ] as const) {
    writeFileSync(join(bin, name), script(skip))
    chmodSync(join(bin, name), 0o755)
  }
  path = `${bin}:${process.env.PATH ?? ''}`
}, SLOW)

afterAll(() => {
  soapstone.dispose()
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const closed = once(child, 'close')
  process.kill(-child.pid, 'SIGTERM')
  await closed
}

/**
 * Runs the commands of one page in a folder, one after another; those that last stay until all have run, or the next of their
 * kind begins.
 */
class Shell {
  /** By what they are. */
  readonly #lasting = new Map<RegExp, ChildProcess>()

  constructor(
    readonly directory: string,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  async run(command: string): Promise<Ran> {
    const [kind, ready] = LASTING.find(([pattern]) => pattern.test(` ${command} `)) ?? []
    // Whoever types the second has stopped the first, whose ports it wants.
    const before = kind && this.#lasting.get(kind)
    if (before) await end(before)
    const child = this.#spawn(command)
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = once(child, 'close').then(([code]) => code as number | null)
    if (!kind || !ready) return { code: await ended, stdout, stderr }
    this.#lasting.set(kind, child)
    const isReady = new Promise<'ready'>((resolve) => {
      child.stdout?.on('data', () => {
        if (ready.test(stdout)) resolve('ready')
      })
    })
    const outcome = await Promise.race([isReady, ended])
    return { code: outcome === 'ready' ? 0 : outcome, stdout, stderr }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#lasting.values()].map(end))
  }

  #spawn(command: string): ChildProcess {
    return spawn('bash', ['-c', `set -o pipefail; ${command}`], {
      cwd: this.directory,
      env: { ...this.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
  }
}

describe('every command of every page', () => {
  it('is run below, or has a reason not to be', () => {
    expect(documented.length).toBeGreaterThan(25)
    const unknown = documented.filter(
      (one) =>
        reasonFor(one) === undefined &&
        !isForDemo(one) &&
        !/\bsoapstone\b|^curl |^node examples\//.test(one.command),
    )
    expect(unknown).toEqual([])
    const unused = EXEMPT.filter(([pattern]) => !documented.some(({ command }) => pattern.test(command)))
    expect(unused.map(([pattern]) => pattern.source).sort()).toEqual([])
  })

  const run = documented.filter((one) => reasonFor(one) === undefined && !isForDemo(one))
  it.each([...new Set(run.map(({ page }) => page))])(
    '%s',
    async (page) => {
      const directory = mkdtempSync(join(folder, 'page-'))
      fixtures(directory)
      symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
      mkdirSync(join(directory, '.local/share/bash-completion/completions'), { recursive: true })
      const [listen, admin, simulator] = [await freePort(), await freePort(), await freePort()]
      const shell = new Shell(directory, {
        ...{ PATH: path, HOME: directory, AUTHENTICATION: 'off', HOST: '127.0.0.1' },
        ...{ PORT: String(listen), ADMIN_PORT: String(admin), STORE_FILE: join(directory, 'store.db') },
      })
      try {
        for (const { command, output } of run.filter((one) => one.page === page)) {
          const { code, stdout, stderr } = await shell.run(
            command.replace(/8090|8081|8080/g, (port) => String(port === '8090' ? simulator : listen)),
          )
          expect([code, code === 0 ? '' : stdout + stderr], command).toEqual([0, ''])
          if (output !== '') expect(shapeOf(stdout), command).toEqual(shapeOf(output))
        }
      } finally {
        await shell.stop()
      }
    },
    SLOW,
  )

  it(
    'of the API and of the admin port, which the demo answers as the pages say',
    async () => {
      const [listen, admin] = [await freePort(), await freePort()]
      const demo = soapstone.start(['demo', '--port', String(listen)], {
        env: { HOST: '127.0.0.1', GRAPHQL: 'true', MCP: 'true', ADMIN_PORT: String(admin) },
      })
      await demo.printed(/Stop with Ctrl-C/)
      const [, events = '', receiver = ''] =
        /:(\d+)\/v1\/webhook-subscriptions \| .*:(\d+)\/subscription/.exec(demo.stdout) ?? []
      const ports = new Map([
        ['8080', String(listen)],
        ['9090', String(admin)],
        ['8081', events],
        ['8090', receiver],
      ])
      const shell = new Shell(folder, { PATH: path })
      const commands = documented.filter(isForDemo)
      expect(commands.length).toBeGreaterThanOrEqual(4)
      for (const { command, output } of commands) {
        const { code, stdout } = await shell.run(
          // At once: a port that is put in may hold the digits of another.
          command.replace(/8080|9090|8081|8090/g, (port) => ports.get(port) ?? port),
        )
        expect(code, command).toBe(0)
        if (output !== '') expect(shapeOf(stdout), command).toEqual(shapeOf(output))
        else if (command.includes('/metrics'))
          expect(stdout, command).toMatch(/^backend_\w+\{backend="core-banking"/m)
        else expect(JSON.parse(stdout), command).not.toHaveProperty('errors')
      }
    },
    SLOW,
  )
})

/** What an output has that does not change by the day: members of JSON, or the words without digits. */
function shapeOf(output: string): unknown {
  try {
    return namesIn(JSON.parse(output))
  } catch {
    return output
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/[\s=:]/)[0]?.replace(/[\w$…-]{8,}/g, 'WORD'))
  }
}

function namesIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [namesIn(value[0])]
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, namesIn(member)]))
}
