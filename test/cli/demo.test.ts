import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Soapstone } from './soapstone.js'

let soapstone: Soapstone
beforeAll(() => {
  soapstone = new Soapstone('demo')
})
afterAll(() => {
  soapstone.dispose()
})

const curlIsHere = spawnSync('curl', ['--version']).error === undefined

// Each demo compiles both contracts, on a machine that may be busy.
describe('demo', { timeout: 120_000 }, () => {
  it('starts, serves and stops, also where it does not run in the directory of the contract', async () => {
    const demo = soapstone.start(['demo', '--port', '0'], { cwd: '/' })
    await demo.printed(/Stop with/)
    const [, url = ''] = await demo.printed(/API +(\S+)\/docs\//)
    expect((await fetch(`${url}/docs/`)).status).toBe(200)
    for (const [, wsdl = ''] of demo.stdout.matchAll(/SOAP +(http\S+)/g)) {
      expect(await (await fetch(wsdl)).text()).toContain('wsdl:definitions')
    }
    expect(await demo.stop()).toBe(0)
    expect(demo.stderr).toBe('')
    await expect(fetch(url)).rejects.toThrow()
  })

  it('prints three curl commands that do what they promise', async ({ skip }) => {
    if (!curlIsHere) skip('curl is not installed')
    const demo = soapstone.start(['demo', '--port', '0'])
    await demo.printed(/Stop with/)
    const [, url = ''] = await demo.printed(/API +(\S+)\/docs\//)
    const commands = demo.stdout.match(/^ +curl .*$/gm) ?? []
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    for (const command of commands) {
      expect(readme).toContain(`$ ${command.trim().replace(url, 'http://127.0.0.1:8080')}\n`)
    }
    const statuses = commands.map((command) => {
      const { stdout } = spawnSync('bash', ['-c', `${command} -s -o /dev/null -w '%{http_code}'`], {
        encoding: 'utf8',
      })
      return stdout
    })
    expect(statuses).toEqual(['200', '201', '422'])
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
    await demo.stop()
    other.close()
  })

  it('takes a Ctrl-C that arrives twice for one', async () => {
    const demo = soapstone.start(['demo', '--port', '0'])
    await demo.printed(/Stop with/)
    demo.child.kill('SIGINT')
    expect(await demo.stop('SIGINT')).toBe(0)
  })
})
