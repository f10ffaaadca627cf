import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { contractFiles } from '../../../src/cli/contract/files.js'
import { type Simulator, startSimulator } from '../../../src/tools/simulator/simulator.js'
import { Soapstone } from '../soapstone.js'

vi.setConfig({ testTimeout: 180_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
let soapstone: Soapstone
let folder: string
let simulator: Simulator
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  soapstone = new Soapstone('serve-watch')
  folder = mkdtempSync(join(tmpdir(), 'serve-watch-'))
  cpSync(`${root}wsdl`, join(folder, 'wsdl'), { recursive: true })
  cpSync(`${root}openapi.yaml`, join(folder, 'openapi.yaml'))
  cpSync(`${root}examples`, join(folder, 'examples'), { recursive: true })
  simulator = await startSimulator({
    wsdls: [`${root}wsdl/banking/core-banking.wsdl`],
    listenPort: 0,
    host: '127.0.0.1',
  })
  const [endpoint] = simulator.endpoints
  env = {
    ...{ AUTHENTICATION: 'off', ADMIN_PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' },
    CORE_BANKING_URL: endpoint?.url ?? '',
  }
})
afterAll(async () => {
  soapstone.dispose()
  await simulator.close()
  rmSync(folder, { recursive: true })
})

it('serves a contract anew when it changes, keeps the one before where it cannot, and loses no request', async () => {
  const path = join(folder, 'openapi.yaml')
  const text = readFileSync(path, 'utf8')
  const serving = soapstone.start(['serve', '--port', '0', '--watch', '-c', path], { env, cwd: folder })
  const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
  const told = (pattern: RegExp) => expect.poll(() => serving.stderr, { timeout: 60_000 }).toMatch(pattern)

  const statuses = new Set<string>()
  let isOver = false
  const load = Array.from({ length: 3 }, async () => {
    while (!isOver) {
      const response = await fetch(`${url}/v1/accounts/AC-00000101`).catch((error: unknown) => error)
      statuses.add(response instanceof Response ? String(response.status) : String(response))
      if (response instanceof Response) await response.text()
    }
  })
  const status = async (at: string) => {
    const response = await fetch(`${url}${at}`)
    await response.text()
    return response.status
  }
  const moved = text.replace('  /customers/{customerId}:\n', '  /clients/{customerId}:\n')
  expect(moved).not.toBe(text)
  expect(await status('/v1/clients/C000000101')).toBe(404)

  writeFileSync(path, moved)
  await told(/openapi\.yaml has changed: 38 operations are served anew\./)
  expect(await status('/v1/clients/C000000101')).toBe(200)
  expect(await status('/v1/customers/C000000101')).toBe(404)

  writeFileSync(path, moved.replace('operation: GetCustomer\n', 'operation: GetKustomer\n'))
  await told(
    /error operation-unknown: [^]*Did you mean GetCustomer\?\nopenapi\.yaml has changed and cannot be served: the contract before stays\./,
  )
  expect(await status('/v1/clients/C000000101')).toBe(200)

  // What a schema of a WSDL says counts, too: it has no such element any more.
  const schema = join(folder, 'wsdl/banking/core-banking.xsd')
  const xsd = readFileSync(schema, 'utf8')
  writeFileSync(path, moved)
  await told(/(?:served anew\.[^]*){2}/)
  const without = xsd.replace('name="Nickname"', 'name="Nick"')
  expect(without).not.toBe(xsd)
  writeFileSync(schema, without)
  await told(/core-banking\.xsd has changed and cannot be served/)
  writeFileSync(schema, xsd)
  await told(/core-banking\.xsd has changed: 38 operations are served anew/)

  isOver = true
  await Promise.all(load)
  expect([...statuses]).toEqual(['200'])
  expect(await serving.stop()).toBe(0)
})

it('serves both of two contracts anew when one changes, and neither where they would collide', async () => {
  const path = join(folder, 'examples/versions/v2.yaml')
  const text = readFileSync(path, 'utf8')
  const contracts = ['-c', join(folder, 'openapi.yaml'), '-c', path]
  const serving = soapstone.start(['serve', '--port', '0', '--watch', ...contracts], { env, cwd: folder })
  const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
  const told = (pattern: RegExp) => expect.poll(() => serving.stderr, { timeout: 60_000 }).toMatch(pattern)
  const statuses = () =>
    Promise.all(
      ['/v1/accounts/AC-00000101', '/v2/accounts/AC-00000101', '/v3/accounts/AC-00000101'].map(async (at) => {
        const response = await fetch(url + at)
        await response.text()
        return response.status
      }),
    )
  expect(await statuses()).toEqual([200, 200, 404])
  writeFileSync(path, text.replace('url: /v2', 'url: /v3'))
  await told(/v2\.yaml has changed: 41 operations are served anew\./)
  expect(await statuses()).toEqual([200, 404, 200])
  writeFileSync(path, text.replace('url: /v2', 'url: /v1'))
  await told(/error base-path-taken: [^]*v2\.yaml has changed and cannot be served/)
  expect(await statuses()).toEqual([200, 404, 200])
  expect(await serving.stop()).toBe(0)
})

it('counts as files of a contract what is imported, whether or not it is there', () => {
  const own = join(folder, 'own')
  mkdirSync(own)
  writeFileSync(
    join(own, 'api.yaml'),
    'openapi: 3.1.0\nx-soap-backends:\n  a: { wsdl: "${NOWHERE:-a.wsdl}" }\n  b: { wsdl: gone.wsdl }\n',
  )
  writeFileSync(
    join(own, 'a.wsdl'),
    `<d><import location="b.wsdl"/><import schemaLocation='../own/c.xsd?v=1'/><address location="http://x/y"/></d>`,
  )
  writeFileSync(join(own, 'c.xsd'), '<include schemaLocation="c.xsd"/><include schemaLocation="d.xsd"/')
  const names = ['api.yaml', 'a.wsdl', 'gone.wsdl', 'b.wsdl', 'c.xsd', 'd.xsd'].map((name) => join(own, name))
  expect([...(contractFiles(join(own, 'api.yaml'), {}) ?? [])].sort()).toEqual(names.sort())
  writeFileSync(join(own, 'api.yaml'), 'openapi: [')
  expect(contractFiles(join(own, 'api.yaml'), {})).toBeUndefined()
})
