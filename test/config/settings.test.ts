import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { defaultSettings, readSettings, settingsTable } from '../../src/config/settings.js'
import { SETTINGS } from '../../src/config/settings-table.js'

describe('settings', () => {
  it('are not without a secret whose file is empty', () => {
    const folder = mkdtempSync(join(tmpdir(), 'soapstone-settings-'))
    const file = join(folder, 'secret')
    try {
      const secrets = Object.values(SETTINGS).filter((setting) => 'secret' in setting && setting.secret)
      expect(secrets.length).toBeGreaterThan(2)
      for (const { variable } of secrets) {
        for (const text of ['', ' \n']) {
          writeFileSync(file, text)
          const diagnostics = new Diagnostics()
          expect(readSettings({ [`${variable}_FILE`]: file }, diagnostics)).toBeUndefined()
          expect(diagnostics.list.map(({ message }) => message)).toEqual([
            `${variable}_FILE names a file that is empty.`,
          ])
        }
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('have defaults', () => {
    const diagnostics = new Diagnostics()
    expect(readSettings({ PORT: '' }, diagnostics)).toEqual(defaultSettings())
    expect(diagnostics.list).toEqual([])
    expect(defaultSettings()).toMatchObject({
      host: '0.0.0.0',
      listenPort: 8080,
      logLevel: 'info',
      docs: true,
      maxBodyBytes: 1_048_576,
      shutdownGraceMs: 10_000,
    })
  })

  it('are read from the environment', () => {
    const env = {
      PORT: '0',
      HOST: '::1',
      LOG_LEVEL: 'silent',
      DOCS: 'false',
      MAX_BODY_BYTES: '2048',
      UNKNOWN: 'x',
    }
    expect(readSettings(env, new Diagnostics())).toEqual({
      ...defaultSettings(),
      listenPort: 0,
      host: '::1',
      logLevel: 'silent',
      docs: false,
      maxBodyBytes: 2048,
    })
  })

  it('that are wrong are all reported, without their values', () => {
    const diagnostics = new Diagnostics()
    const env = {
      PORT: '80a',
      HOST: 'a b',
      LOG_LEVEL: 'loud',
      DOCS: 'yes',
      MAX_BODY_BYTES: '0',
      KEEP_ALIVE_TIMEOUT_MS: '-1',
    }
    expect(readSettings(env, diagnostics)).toBeUndefined()
    expect(diagnostics.list.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'setting-invalid: HOST must be a host name or an IP address.',
      'setting-invalid: PORT must be a whole number from 0 to 65535.',
      'setting-invalid: LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.',
      'setting-invalid: DOCS must be true or false.',
      'setting-invalid: MAX_BODY_BYTES must be a whole number from 1 to 1073741824.',
      'setting-invalid: KEEP_ALIVE_TIMEOUT_MS must be a whole number from 0 to 3600000.',
    ])
  })

  it.each(Object.values(SETTINGS).map((setting) => [setting.variable, setting] as const))(
    'the default of %s is a value that it takes',
    (_variable, setting) => {
      expect(setting.read(String(setting.default))).toEqual(setting.default)
    },
  )

  it('are documented as they are', () => {
    const page = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8')
    const cells = (table: string) =>
      table
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .map((line) => line.split('|').map((cell) => cell.trim()))
    expect(cells(page)).toEqual(cells(settingsTable()))
  })
})
