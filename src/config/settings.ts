import { readFileSync } from 'node:fs'
import { type Diagnostics } from '../base/diagnostic.js'
import { checkTogether } from './settings-check.js'
import { type Setting } from './setting.js'
import { SETTINGS, type Settings } from './settings-table.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings from environment variables; an empty variable counts as missing.
 *
 * @param diagnostics gets one error for each variable that cannot be used
 * @returns undefined where one cannot
 */
export function readSettings(env: Environment, diagnostics: Diagnostics): Settings | undefined {
  const before = diagnostics.list.length
  const values = Object.entries<Setting<unknown>>(SETTINGS).map(([name, setting]) => {
    const text = textOf(setting, env, diagnostics)
    if (text === undefined || text === '') return [name, setting.default]
    const value = setting.read(text)
    if (value === undefined) {
      diagnostics.error('setting-invalid', `${setting.variable} must be ${setting.expected}.`)
    }
    return [name, value]
  })
  if (diagnostics.list.length > before) return undefined
  const settings = Object.fromEntries(values) as Settings
  checkTogether(settings, diagnostics)
  return diagnostics.list.length === before ? settings : undefined
}

function textOf(
  { variable, secret }: Setting<unknown>,
  env: Environment,
  diagnostics: Diagnostics,
): string | undefined {
  const text = env[variable]
  const file = env[`${variable}_FILE`]
  if (!secret || (text !== undefined && text !== '') || file === undefined || file === '') return text
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    diagnostics.error('setting-invalid', `${variable}_FILE must name a file that can be read.`)
    return undefined
  }
}

/** What applies where the environment says nothing. */
export function defaultSettings(): Settings {
  const values = Object.entries(SETTINGS).map(([name, setting]) => [name, setting.default])
  return Object.fromEntries(values) as Settings
}

/** The table of docs/settings.md. */
export function settingsTable(): string {
  const rows = Object.values<Setting<unknown>>(SETTINGS).map(
    ({ variable, default: value, unit, expected, description, secret }) => {
      const shown = String(value) === '' ? '' : `\`${String(value)}\`${unit === '' ? '' : ` ${unit}`}`
      const file = secret ? `; or \`${variable}_FILE\`` : ''
      return `| \`${variable}\` | ${description}${file} | ${expected} | ${shown} |`
    },
  )
  return ['| variable | meaning | value | default |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
