import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Soapstone } from '../soapstone.js'

// A command loads a contract, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

let soapstone: Soapstone
let folder: string
beforeAll(() => {
  soapstone = new Soapstone('compile')
  folder = mkdtempSync(join(tmpdir(), 'compile-'))
  for (const part of ['openapi.yaml', 'wsdl']) cpSync(part, join(folder, part), { recursive: true })
})
afterAll(() => {
  soapstone.dispose()
  rmSync(folder, { recursive: true })
})

describe('compile', () => {
  it('writes what serve --compiled serves, until the contract changes', async () => {
    const compiled = await soapstone.run(['compile'], { cwd: folder })
    expect(compiled).toMatchObject({ code: 0, stdout: '' })
    expect(compiled.stderr).toContain('Serve it with serve --compiled openapi.compiled.json')

    const env = {
      AUTHENTICATION: 'off',
      ADMIN_PORT: '0',
      HOST: '127.0.0.1',
      CORE_BANKING_URL: 'http://127.0.0.1:1/',
    }
    const args = ['serve', '--compiled', 'openapi.compiled.json', '--port', '0']
    const serving = soapstone.start(args, { env, cwd: folder })
    const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
    const problem = async (path: string): Promise<unknown> => (await fetch(url + path)).json()
    expect(await problem('/v1/loan-products')).toMatchObject({ status: 502, code: 'backend-unreachable' })
    expect(await problem('/v1/loan-products?unknown=1')).toMatchObject({ status: 400 })
    expect(await serving.stop()).toBe(0)

    const path = join(folder, 'openapi.yaml')
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n', '\n# changed\n'))
    const refused = await soapstone.run(args, { env, cwd: folder })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('openapi.yaml has changed since openapi.compiled.json was compiled.')
  })

  it('writes nothing where check finds an error', async () => {
    const path = join(folder, 'wrong.yaml')
    writeFileSync(
      path,
      readFileSync(join(folder, 'openapi.yaml'), 'utf8').replace(
        '#/components/schemas/',
        '#/components/schemes/',
      ),
    )
    const { code, stderr } = await soapstone.run(['compile', '-c', path, '-o', 'wrong.json'], { cwd: folder })
    expect(code).toBe(1)
    expect(stderr).toContain('contract-reference')
    expect(existsSync(join(folder, 'wrong.json'))).toBe(false)
  })

  it.each([
    [['--watch'], "'-w, --watch'"],
    [['--contract', 'openapi.yaml'], "'-c, --contract <file>'"],
  ])('is served without %j', async (others, named) => {
    const { code, stderr } = await soapstone.run(['serve', '--compiled', 'x.json', ...others])
    expect(code).toBe(2)
    expect(stderr).toContain(`option '--compiled <file>' cannot be used with option ${named}`)
  })
})
