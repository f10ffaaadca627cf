import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Soapstone } from '../soapstone.js'

let soapstone: Soapstone
beforeAll(() => {
  soapstone = new Soapstone('demo')
}, 300_000)
afterAll(() => {
  soapstone.dispose()
})

const curlIsHere = spawnSync('curl', ['--version']).error === undefined

function statusOf(command: string): string {
  const silent = `${command} -s -o /dev/null -w '%{http_code}'`
  return spawnSync('bash', ['-c', silent], { encoding: 'utf8' }).stdout
}

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

/** What a demo tells to try. */
function commandsIn(printed: string): string[] {
  return printed.match(/^ +curl .*$/gm)?.map((command) => command.trim()) ?? []
}

// Each demo compiles both contracts, on a machine that may be busy.
describe('demo', { timeout: 120_000 }, () => {
  it('says what to install where node-soap is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'soapstone-demo-test-'))
    const hide = join(folder, 'hide.cjs')
    writeFileSync(
      hide,
      `const { Module } = require('node:module')
const resolve = Module._resolveFilename
Module._resolveFilename = (name, ...rest) => {
  if (name === 'soap') throw Object.assign(new Error('hidden'), { code: 'MODULE_NOT_FOUND' })
  return resolve(name, ...rest)
}`,
    )
    const { code, stderr } = await soapstone.run(['demo'], { env: { NODE_OPTIONS: `--require ${hide}` } })
    rmSync(folder, { recursive: true })
    expect(stderr).toContain('Run: npm install soap@1')
    expect(code).toBe(1)
  })

  it('starts, serves, prints commands that do what they promise, and stops', async () => {
    const demo = soapstone.start(['demo', '--port', '0'], { cwd: '/' })
    await demo.printed(/Stop with/)
    const [, url = ''] = await demo.printed(/API +(\S+)\/docs\//)
    expect((await fetch(`${url}/docs/`)).status).toBe(200)
    for (const [, wsdl = ''] of demo.stdout.matchAll(/SOAP +(http\S+)/g)) {
      expect(await (await fetch(wsdl)).text()).toContain('wsdl:definitions')
    }
    const commands = commandsIn(demo.stdout)
    expect(commands).toHaveLength(4)
    expect(demo.stdout).not.toMatch(/graphql|mcp/i)
    expect(demo.stdout).toContain('LOG_LEVEL=info')
    // The API asks for a key; a line of the log about the service of events would say otherwise.
    expect((await fetch(`${url}/v1/accounts/AC-00000101`)).status).toBe(401)
    expect(demo.stdout).not.toMatch(/AUTHENTICATION|^\{"level"/m)
    const [, receiver = ''] = /(http\S+)\/subscription$/m.exec(demo.stdout) ?? []
    const [, events = ''] = /(http\S+)\/v1\/webhook-subscriptions/.exec(demo.stdout) ?? []
    for (const command of commands) {
      const usual = command
        .replace(url, 'http://127.0.0.1:8080')
        .replace(events, 'http://127.0.0.1:8081')
        .replaceAll(receiver, 'http://127.0.0.1:8090')
      expect(readme).toContain(`$ ${usual}\n`)
    }
    if (curlIsHere) {
      expect(commands.map(statusOf)).toEqual(['200', '201', '422', '200'])
      await demo.printed(/^payment\.received {2}msg_\S+ {2}\{.*"account":"AC-00000105"/m)
    } else console.log('the commands are not run: curl is not installed')

    // Ctrl-C reaches a child of npm twice: from the terminal and from npm.
    demo.child.kill('SIGINT')
    expect(await demo.stop('SIGINT')).toBe(0)
    expect(demo.stderr).toBe('')
    await expect(fetch(url)).rejects.toThrow()
  })

  it('tells where GraphQL and MCP are and how to call them where they are on, and shows requests', async () => {
    const env = { GRAPHQL: 'true', MCP: 'true', LOG_LEVEL: 'info' }
    const demo = soapstone.start(['demo', '--port', '0'], { env })
    const [, url = ''] = await demo.printed(/API +(\S+)\/docs\//)
    await demo.printed(/Stop with/)
    expect(demo.stdout).toContain(`\n        ${url}/graphql\n        ${url}/mcp\n`)
    expect(demo.stdout).not.toContain('LOG_LEVEL=info')
    const calls = commandsIn(demo.stdout).filter((command) => /\/(?:graphql|mcp)$/.test(command))
    expect(calls).toHaveLength(2)
    for (const command of calls)
      expect(readme).toContain(`$ ${command.replace(url, 'http://127.0.0.1:8080')}\n`)
    if (curlIsHere) {
      // As README has it: what was opened before changes nothing of what is shown then.
      for (const command of commandsIn(demo.stdout).slice(0, 3)) statusOf(command)
      for (const command of calls) {
        const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
        expect(readme).toContain(`\n${stdout}\n`)
      }
      await demo.printed(/"level":"info".*"operationId":"openAccount"/)
    }
    expect(await demo.stop()).toBe(0)
  })

  it('takes a free port where its own is taken, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const demo = soapstone.start(['demo'], { env: { PORT: String(port) } })
    const [, url = ''] = await demo.printed(/API +(\S+)\/docs\//)
    expect(demo.stdout).toContain(`Port ${port} is taken`)
    expect(new URL(url).port).not.toBe(String(port))
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await demo.stop()).toBe(0)
    other.close()
  })

  it.skipIf(!curlIsHere)(
    'has a bad day, whose commands show problems, retries and a breaker that opens',
    async () => {
      const demo = soapstone.start(['demo', '--port', '0', '--chaos'], { env: { ADMIN_PORT: '0' } })
      await demo.printed(/lending is refusing/)
      const [loop = '', readiness = '', metrics = ''] =
        demo.stdout.slice(demo.stdout.indexOf('bad day')).match(/^ {2}(?:while|curl) .*$/gm) ?? []
      // At once, so that all of them are in the window of the breaker, however slow this machine is.
      const url = /'(http:.*)\{/.exec(loop)?.[1] ?? ''
      const read = async () =>
        (await fetch(`${url}loan-products`, { headers: { 'X-API-Key': 'demo-key' } })).status
      expect(await Promise.all(Array.from({ length: 10 }, read))).toEqual(Array<number>(10).fill(502))
      expect(await read()).toBe(503)
      const [round = ''] = /curl .*(?=; done)/.exec(loop) ?? []
      expect(spawnSync('bash', ['-c', round], { encoding: 'utf8' }).stdout).toMatch(/^(?:\d{3} ){3}$/)
      const shown = (command: string) => spawnSync('bash', ['-c', command], { encoding: 'utf8' }).stdout
      expect(JSON.parse(shown(readiness))).toMatchObject({
        backends: [{}, { name: 'lending', breaker: 'open' }, {}],
      })
      const [, retries = 0] = /backend_retries_total\{backend="lending"\} (\d+)/.exec(shown(metrics)) ?? []
      expect(Number(retries)).toBeGreaterThan(0)
      expect(shown(metrics)).toContain('http_server_problems_total{code="backend-unreachable"} 10\n')
      expect(await demo.stop()).toBe(0)
    },
  )
})
