import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { SETTINGS } from '../../../src/config/settings-table.js'
import { warnOfUnknownSettings } from '../../../src/config/unknown-settings.js'
import { runInProcess } from '../in-process.js'

const SECRET = 'a-token-that-nobody-may-read-anywhere'
const schema = readFileSync(new URL('../../../docs/schemas/config.schema.json', import.meta.url), 'utf8')
const isConfig = new Ajv2020({ strict: true }).compile(JSON.parse(schema) as object)

let folder: string
let contract: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
  contract = join(folder, 'api.yaml')
  writeFileSync(contract, 'a: ${BANK_URL:-http://x}\nb: ${BANK_PASSWORD}\nc: ${BANK_USER}\n')
  writeFileSync(join(folder, 'token'), `${SECRET}\n`)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})
afterEach(() => {
  vi.unstubAllEnvs()
})

interface Report {
  readonly errors: number
  readonly settings: readonly Readonly<Record<string, string>>[]
  readonly variables: readonly object[]
  readonly diagnostics: readonly { readonly message: string }[]
}

async function config(env: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const text = await runInProcess('config', '-c', contract)
  const json = await runInProcess('config', '-c', contract, '--json')
  expect(json.code).toBe(text.code)
  const report = JSON.parse(json.stdout) as Report
  isConfig(report)
  expect(isConfig.errors).toBeNull()
  const setting = (variable: string) => report.settings.find((each) => each.variable === variable)
  return { ...text, all: text.stdout + json.stdout, report, setting }
}

describe('config', () => {
  it('shows every setting, and where it comes from', async () => {
    const { stdout, report, setting, code } = await config({
      PORT: '9000',
      ADMIN_TOKEN_FILE: join(folder, 'token'),
    })
    expect(code).toBe(0)
    expect(report.settings.map(({ variable }) => variable)).toEqual(
      Object.values(SETTINGS).map(({ variable }) => variable),
    )
    expect(setting('PORT')).toEqual({ variable: 'PORT', value: '9000', source: 'environment' })
    expect(setting('ADMIN_TOKEN')).toEqual({
      variable: 'ADMIN_TOKEN',
      value: '•••',
      source: 'file',
      file: join(folder, 'token'),
    })
    expect(setting('KEEP_ALIVE_TIMEOUT_MS')).toEqual({
      ...{ variable: 'KEEP_ALIVE_TIMEOUT_MS', value: '65000', unit: 'ms', source: 'default' },
    })
    expect(stdout).toMatch(/^PORT +9000 +environment$/m)
    expect(stdout).toMatch(/^KEEP_ALIVE_TIMEOUT_MS +65000 ms +default$/m)
  })

  it('shows no secret, wherever it comes from', async () => {
    const secrets = Object.values(SETTINGS).filter((each) => 'secret' in each && each.secret)
    expect(secrets.length).toBeGreaterThan(3)
    const env = Object.fromEntries(secrets.map(({ variable }) => [variable, SECRET]))
    const { all } = await config({ ...env, API_KEYS: SECRET, BANK_PASSWORD: SECRET })
    expect(all).not.toContain(SECRET)
  })

  it('shows what the contract takes from the environment', async () => {
    const { report, stdout } = await config({ BANK_USER: 'me', BANK_PASSWORD_FILE: join(folder, 'token') })
    expect(report.variables).toEqual([
      { variable: 'BANK_URL', source: 'default' },
      { variable: 'BANK_PASSWORD', source: 'file' },
      { variable: 'BANK_USER', source: 'environment' },
    ])
    expect(stdout).toMatch(/^BANK_URL +default$/m)
  })

  it('fails where a setting cannot be used, and shows the others', async () => {
    const { code, report, setting } = await config({ LOG_LEVEL: 'loud', PORT: '9' })
    expect(code).toBe(1)
    expect(setting('LOG_LEVEL')).toEqual({ variable: 'LOG_LEVEL', source: 'environment' })
    expect(setting('PORT')).toMatchObject({ value: '9' })
    expect(report.errors).toBe(1)
  })

  it('fails where settings do not go together', async () => {
    const { code, stdout } = await config({ TLS_CERT_FILE: '/cert.pem' })
    expect(code).toBe(1)
    expect(stdout).toContain('TLS_CERT_FILE needs TLS_KEY_FILE')
  })

  it('says which variable was meant', async () => {
    const { code, stdout } = await config({ LOG_LEVL: 'debug', BANK_PASSWORD_FILE: 'x' })
    expect(code).toBe(0)
    expect(stdout).toContain(
      'warning setting-unknown: LOG_LEVL is no setting and has no effect. Did you mean LOG_LEVEL?',
    )
  })
})

describe('serve', () => {
  it('shows a variable that has no effect beside what it may be the cause of', async () => {
    vi.stubEnv('TLS_CERT_FILE', '/cert.pem')
    vi.stubEnv('TLS_KEYFILE', '/key.pem')
    const { code, stderr } = await runInProcess('serve', '--contract', 'none.yaml')
    expect(code).toBe(1)
    expect(stderr).toContain('TLS_CERT_FILE needs TLS_KEY_FILE')
    expect(stderr).toContain('TLS_KEYFILE is no setting and has no effect. Did you mean TLS_KEY_FILE?')
  })
})

describe('a variable that resembles a setting', () => {
  const warned = (env: Readonly<Record<string, string>>, used: readonly string[] = []): readonly string[] => {
    const diagnostics = new Diagnostics()
    warnOfUnknownSettings(env, diagnostics, used)
    return diagnostics.list.map(({ message }) => message)
  }

  it.each([
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['log_level', 'LOG_LEVEL'],
    ['SOAPSTONE_PORT', 'PORT'],
    ['SOAPSTONE_LOG_LEVL', 'LOG_LEVEL'],
    ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_MS'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['ADMIN_TOKEN_FIEL', 'ADMIN_TOKEN_FILE'],
  ])('%s is told to be no setting, and %s to be meant', (name, meant) => {
    expect(warned({ [name]: 'x' })).toEqual([
      `${name} is no setting and has no effect. Did you mean ${meant}?`,
    ])
  })

  it('is told to have no effect where a setting cannot come from a file', () => {
    expect(warned({ LOG_LEVEL_FILE: '/x' })[0]).toMatch(/^LOG_LEVEL cannot come from a file: LOG_LEVEL_FILE/)
  })

  it.each([
    'PATH',
    'HOME',
    'HOSTNAME',
    'SSL_CERT_FILE',
    'PORTS',
    'NODE_ENV',
    'LENDING_PORT',
    'REDIS_PORT',
    'LANG',
  ])('%s is left alone', (name) => {
    expect(warned({ [name]: 'x' })).toEqual([])
  })

  it('is left alone where the contract uses it, it is empty, or the setting is there', () => {
    expect(warned({ DATABASE_URI: 'x', LOG_LEVL: '' }, ['DATABASE_URI'])).toEqual([])
    expect(warned({ DATABASE_URI: 'x', DATABASE_URL: 'y' })).toEqual([])
  })
})
