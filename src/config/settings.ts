import { type Diagnostics } from '../base/diagnostic.js'
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
  const values = Object.entries(SETTINGS).map(([name, setting]) => {
    const text = env[setting.variable]
    if (text === undefined || text === '') return [name, setting.default]
    const value = setting.read(text)
    if (value === undefined) {
      diagnostics.error('setting-invalid', `${setting.variable} must be ${setting.expected}.`)
    }
    return [name, value]
  })
  return diagnostics.list.length === before ? (Object.fromEntries(values) as Settings) : undefined
}

/** What applies where the environment says nothing. */
export function defaultSettings(): Settings {
  const values = Object.entries(SETTINGS).map(([name, setting]) => [name, setting.default])
  return Object.fromEntries(values) as Settings
}

/** The table of docs/settings.md. */
export function settingsTable(): string {
  const rows = Object.values(SETTINGS).map(
    ({ variable, default: value, unit, expected, description }) =>
      `| \`${variable}\` | ${description} | ${expected} | \`${String(value)}\`${unit === '' ? '' : ` ${unit}`} |`,
  )
  return ['| variable | meaning | value | default |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
