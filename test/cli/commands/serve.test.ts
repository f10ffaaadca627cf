import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Soapstone } from '../soapstone.js'

// A command loads a contract, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const REQUESTS = 40
let soapstone: Soapstone
beforeAll(() => {
  soapstone = new Soapstone('serve')
})
afterAll(() => {
  soapstone.dispose()
})

describe('the log of a process that ends', () => {
  it('has every request that was answered', async () => {
    const env = { AUTHENTICATION: 'off', ADMIN_PORT: '0' }
    const serving = soapstone.start(['serve', '--port', '0'], { env })
    const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
    await Promise.all(
      Array.from({ length: REQUESTS }, async () => (await fetch(`${url}/healthz`)).arrayBuffer()),
    )
    expect(await serving.stop()).toBe(0)
    const lines = serving.stdout.trimEnd().split('\n')
    const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(messages.filter((message) => message === 'request')).toHaveLength(REQUESTS)
    expect(messages.at(-1)).toBe('closed')
  })
})

/** Writes the URLs of all scripts of a process to a file when it ends. */
const listScripts = (file: string) => `
  import { writeFileSync } from 'node:fs'
  import { Session } from 'node:inspector'
  process.on('exit', () => {
    const scripts = new Set()
    const session = new Session()
    session.connect()
    session.on('Debugger.scriptParsed', ({ params }) => scripts.add(params.url))
    session.post('Debugger.enable')
    writeFileSync(${JSON.stringify(file)}, [...scripts].join('\\n'))
  })
`
/** What protocols beside REST are made of. */
const ONLY_THEIRS =
  /node_modules\/(?:graphql|graphql-http|graphiql|@modelcontextprotocol|zod)\/|dist\/(?:graphql|mcp)\//

describe('a process that serves REST alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'serve-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  async function scriptsOf(settings: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const [file, preload] = [join(folder, 'scripts'), join(folder, 'list-scripts.mjs')]
    writeFileSync(preload, listScripts(file))
    const serving = soapstone.start(['serve', '--port', '0'], {
      env: {
        ...{ AUTHENTICATION: 'off', ADMIN_PORT: '0' },
        ...{ NODE_OPTIONS: `--import ${pathToFileURL(preload).href}`, ...settings },
      },
    })
    await serving.printed(/"msg":"ready"/)
    expect(await serving.stop()).toBe(0)
    return readFileSync(file, 'utf8').split('\n')
  }

  it('loads nothing of the other protocols', async () => {
    const off = await scriptsOf({})
    expect(off.filter((url) => ONLY_THEIRS.test(url))).toEqual([])
    expect(off.length).toBeGreaterThan(100)
    // That the list would have them is shown by those that are on.
    const on = await scriptsOf({ GRAPHQL: 'true', MCP: 'true' })
    for (const name of ['graphql', 'graphql-http', '@modelcontextprotocol'])
      expect(on.some((url) => url.includes(`node_modules/${name}/`))).toBe(true)
  })
})

describe('serve --inspect', () => {
  const env = { AUTHENTICATION: 'off', ADMIN_PORT: '0', HOST: '127.0.0.1' }

  it('serves the page of the inspector for this machine, which lists the calls', async () => {
    const serving = soapstone.start(['serve', '--port', '0', '--inspect', '--inspect-port', '0'], { env })
    const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
    await expect
      .poll(() => serving.stderr, { timeout: 30_000 })
      .toMatch(/Inspector: http:\/\/127\.0\.0\.1:\d+/)
    const [, page = ''] = /Inspector: (\S+)/.exec(serving.stderr) ?? []
    const response = await fetch(page)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ])
    expect((await fetch(`${url}/v1/accounts/AC-00000101`)).status).toBe(502)
    const calls = async () => (await fetch(new URL('api/calls', page))).text()
    await expect.poll(calls).toContain('getAccount')
    expect(await serving.stop()).toBe(0)
  })

  it('is for no other machine without a token', async () => {
    const { code, stderr } = await soapstone.run(
      ['serve', '--port', '0', '--inspect', '--inspect-host', '0.0.0.0'],
      { env },
    )
    expect(code).toBe(2)
    expect(stderr).toContain('ADMIN_TOKEN')
  })
})
