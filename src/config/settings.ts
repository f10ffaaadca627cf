import { readFileSync } from 'node:fs'
import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import type { Setting } from './setting.js'
import { checkTogether } from './settings-check.js'
import { SETTINGS, type Settings } from './settings-table.js'

type Environment = Readonly<Record<string, string | undefined>>

/** One setting, as it applies, and where it comes from. */
export interface EffectiveSetting {
  /** Its name in `Settings`. */
  readonly name: string
  readonly setting: Setting<unknown>
  readonly source: 'default' | 'environment' | 'file'
  /** The path of the file, where it comes from one. */
  readonly file?: string
  /** Absent where it cannot be used. */
  readonly value?: unknown
}

/**
 * Reads each setting from environment variables; an empty variable counts as missing.
 *
 * @param diagnostics gets one error for each variable that cannot be used
 */
export function effectiveSettings(env: Environment, diagnostics: Diagnostics): readonly EffectiveSetting[] {
  return Object.entries<Setting<unknown>>(SETTINGS).map(([name, setting]) => {
    const { text, source, file } = written(setting, env, diagnostics)
    const from = { name, setting, source, ...(file !== undefined && { file }) }
    if (text === undefined || text === '') {
      return source === 'default' ? { ...from, value: setting.default } : from
    }
    const value = setting.read(text)
    if (value !== undefined) return { ...from, value }
    diagnostics.error('setting-invalid', `${setting.variable} must be ${setting.expected}.`)
    return from
  })
}

/**
 * Reads the settings from environment variables; an empty variable counts as missing.
 *
 * @param diagnostics gets one error for each variable that cannot be used
 * @returns undefined where one cannot
 */
export function readSettings(env: Environment, diagnostics: Diagnostics): Settings | undefined {
  const before = diagnostics.list.length
  const values = effectiveSettings(env, diagnostics).map(({ name, value }) => [name, value])
  if (diagnostics.list.length > before) return undefined
  const settings = Object.fromEntries(values) as Settings
  checkTogether(settings, diagnostics)
  return diagnostics.list.length === before ? settings : undefined
}

interface Written extends Pick<EffectiveSetting, 'source' | 'file'> {
  readonly text?: string
}

function written(
  { variable, secret: isSecret }: Setting<unknown>,
  env: Environment,
  diagnostics: Diagnostics,
): Written {
  const text = env[variable]
  const file = env[`${variable}_FILE`]
  if (text !== undefined && text !== '') return { text, source: 'environment' }
  if (!isSecret || file === undefined || file === '') return { source: 'default' }
  try {
    const secret = readFileSync(file, 'utf8').trim()
    // Without it the service would be open where it was meant to be closed, or keep what it was meant to hide.
    if (secret === '') diagnostics.error('setting-invalid', `${variable}_FILE names a file that is empty.`)
    return { text: secret, source: 'file', file }
  } catch {
    diagnostics.error('setting-invalid', `${variable}_FILE must name a file that can be read.`)
    return { source: 'file', file }
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
