import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { ContractError } from '../../../src/base/errors.js'
import { defaultSettings, readSettings } from '../../../src/config/settings.js'
import type { Settings } from '../../../src/config/settings-table.js'
import { createApiKey } from '../../../src/http/authentication/api-key.js'
import { type RunningServer, startServer } from '../../../src/server.js'
import { captureLog } from '../../end-to-end/deployment.js'
import { facadeOf } from '../sample-facade.js'
import { securedDocument } from './secured-document.js'

const directory = mkdtempSync(join(tmpdir(), 'keys-'))
const open: RunningServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function serve(more: Partial<Settings>, document = securedDocument({ a: [{ Key: [] }] })) {
  const settings = {
    ...defaultSettings(),
    host: '127.0.0.1',
    listenPort: 0,
    adminPort: 0,
    reloadIntervalMs: 10,
  }
  const log = captureLog()
  const server = await startServer(
    facadeOf(document),
    { ...settings, ...more },
    { logger: log.logger, signals: false },
  )
  open.push(server)
  const status = async (key?: string) => {
    const response = await fetch(
      `${server.url}/v1/a`,
      key === undefined ? {} : { headers: { 'X-API-Key': key } },
    )
    await response.text()
    return response.status
  }
  return { server, log, status }
}

describe('the keys of a deployment', () => {
  const [old, next] = [createApiKey('partner'), createApiKey('partner')]

  it('are replaced while it runs, as Kubernetes replaces mounted secrets, and bad ones are not taken', async () => {
    const [one, two, path] = ['one', 'two', 'api-keys'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ]
    const point = (target: string) => {
      symlinkSync(target, `${path}.new`)
      renameSync(`${path}.new`, path)
    }
    writeFileSync(one, `${old.line}\n`)
    point(one)
    const { status, log } = await serve({ apiKeysFile: path })
    expect([await status(old.key), await status(next.key), await status()]).toEqual([200, 401, 401])
    writeFileSync(two, `${old.line}\n${next.line}\n`)
    point(two)
    await expect.poll(() => status(next.key), { interval: 10 }).toBe(200)
    expect(await status(old.key)).toBe(200)
    writeFileSync(two, `${next.line}\nbroken ${old.key}\n`)
    await expect.poll(() => log.text(), { interval: 10 }).toContain('API keys not replaced')
    expect([await status(old.key), await status(next.key)]).toEqual([200, 200])
    expect(log.text()).not.toContain(old.key)
    writeFileSync(two, `${next.line} \n`)
    await expect.poll(() => status(old.key), { interval: 10 }).toBe(401)
    rmSync(two)
    await expect.poll(() => log.text(), { interval: 10 }).toContain('API_KEYS_FILE cannot be read.')
    expect(await status(next.key)).toBe(200)
  })

  it.each([
    ['emptied', ''],
    ['without a key', '# none yet\n\n'],
    ['half-written', old.line.slice(0, 30)],
  ])('serve on when the file is %s, with a warning', async (_, text) => {
    const path = join(directory, 'emptied')
    writeFileSync(path, `${old.line}\n`)
    const { status, log } = await serve({ apiKeysFile: path })
    writeFileSync(path, text)
    await expect.poll(() => log.text(), { interval: 10 }).toMatch(/"level":"warn".*API keys not replaced/)
    expect(await status(old.key)).toBe(200)
    writeFileSync(path, `${next.line}\n`)
    await expect.poll(() => status(next.key), { interval: 10 }).toBe(200)
    expect(await status(old.key)).toBe(401)
  })

  it('may come from the environment', async () => {
    const { status } = await serve({ apiKeys: `${old.line};${next.line}` })
    expect([await status(old.key), await status(next.key)]).toEqual([200, 200])
  })

  it.each([
    [
      'are missing',
      { apiKeysFile: join(directory, 'nothing') },
      'API_KEYS_FILE must name a file that can be read.',
    ],
    ['are none', { apiKeys: 'partner SECRET' }, 'API_KEYS, line 1: '],
    ['are not there', { apiKeys: '# SECRET' }, 'API_KEYS has no key.'],
    ['nobody has', {}, 'configure API_KEYS_FILE.'],
  ])('that %s stop the start', async (_what, settings, message) => {
    const error: unknown = await serve(settings).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ContractError)
    expect(String(error)).toContain(message)
    expect(String(error)).not.toContain('SECRET')
  })
})

describe('a deployment', () => {
  it('may let everybody in, and says so loudly', async () => {
    const { status, log } = await serve({ authentication: 'off' })
    expect(await status()).toBe(200)
    expect(log.text()).toMatch(/"level":"warn".*AUTHENTICATION is off/)
  })

  it('writes an audit log of who did what', async () => {
    const { key, line } = createApiKey('partner')
    const auditLog = join(directory, 'audit.jsonl')
    const { status, server } = await serve({ apiKeys: line, auditLog, rateLimitRequests: 1 })
    expect([await status(key), await status(key), await status('wrong')]).toEqual([200, 429, 401])
    await (await fetch(`${server.url}/healthz`)).text()
    await server.close()
    const entries = readFileSync(auditLog, 'utf8').trimEnd().split('\n')
    const shown = entries.map((one) => {
      const {
        client,
        operationId,
        outcome,
        status: code,
        problem,
        address,
      } = JSON.parse(one) as Record<string, unknown>
      return [client, address, operationId, code, outcome, problem]
    })
    expect(shown).toEqual([
      ['partner', '127.0.0.1', 'a', 200, 'success', undefined],
      ['partner', '127.0.0.1', 'a', 429, 'denied', 'rate-limited'],
      [undefined, '127.0.0.1', 'a', 401, 'denied', 'unauthenticated'],
    ])
  })

  it('does not start where it cannot write its audit log', async () => {
    await expect(
      serve({ apiKeys: createApiKey('a').line, auditLog: join(directory, 'no/such/folder') }),
    ).rejects.toThrow('AUDIT_LOG must be stdout or name a file that can be appended to.')
  })

  it('shows its state on a port of its own', async () => {
    const { server } = await serve({ authentication: 'off' })
    expect(new URL(server.adminUrl).port).not.toBe(new URL(server.url).port)
    expect((await fetch(`${server.adminUrl}/metrics`)).status).toBe(200)
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
    await server.close()
    await expect(fetch(`${server.adminUrl}/metrics`)).rejects.toThrow()
  })
})

describe('settings', () => {
  const problems = (env: Record<string, string>) => {
    const diagnostics = new Diagnostics()
    readSettings(env, diagnostics)
    return diagnostics.list.map(({ message }) => message)
  }
  const oauth = { OAUTH_ISSUER: 'https://as.example', OAUTH_AUDIENCE: 'api' }

  it.each([
    [{ OAUTH_ISSUER: 'https://as.example' }, 'OAUTH_ISSUER needs OAUTH_AUDIENCE beside it.'],
    [{ ...oauth, OAUTH_INTROSPECTION_URL: 'https://as.example/i' }, 'OAUTH_INTROSPECTION_CLIENT_ID and'],
    [{ OAUTH_JWKS_URL: 'https://as.example/k' }, 'OAUTH_JWKS_URL needs OAUTH_ISSUER beside it.'],
    [{ ...oauth, OAUTH_ISSUER: 'http://as.example' }, 'OAUTH_ISSUER must be an `https` URL'],
    [{ ...oauth, OAUTH_ISSUER: 'https://user:pass@as.example' }, 'OAUTH_ISSUER must be an `https` URL'],
    [{ ...oauth, OAUTH_ALGORITHMS: 'HS256' }, 'OAUTH_ALGORITHMS must be some of RS256'],
    [{ ...oauth, OAUTH_ALGORITHMS: 'none' }, 'OAUTH_ALGORITHMS must be some of RS256'],
    [{ TLS_CERT_FILE: 'a' }, 'TLS_CERT_FILE needs TLS_KEY_FILE beside it.'],
    [{ TLS_CLIENT_CA_FILE: 'a' }, 'TLS_CLIENT_CA_FILE needs TLS_CERT_FILE beside it.'],
    [{ API_KEYS: 'a', API_KEYS_FILE: 'b' }, 'API_KEYS and API_KEYS_FILE are both set'],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS must be a comma-separated list of origins'],
    [{ CORS_ORIGINS: 'https://a.example/' }, 'CORS_ORIGINS must be a comma-separated list of origins'],
    [{ AUTHENTICATION: 'none' }, 'AUTHENTICATION must be one of contract, off'],
    [
      { OAUTH_INTROSPECTION_CLIENT_SECRET_FILE: '/nothing' },
      'OAUTH_INTROSPECTION_CLIENT_SECRET_FILE must name a file',
    ],
  ])('%# are refused', (env, message) => {
    expect(problems(env)).toEqual([expect.stringContaining(message)])
  })

  it('may keep a secret in a file', () => {
    const path = join(directory, 'secret')
    writeFileSync(path, 'hush\n')
    const settings = readSettings({ OAUTH_INTROSPECTION_CLIENT_SECRET_FILE: path }, new Diagnostics())
    expect(settings?.oauthIntrospectionClientSecret).toBe('hush')
  })
})
