import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { readSettings } from '../../config/settings.js'
import type { Settings } from '../../config/settings-table.js'

/** @throws ContractError with one diagnostic for each variable that cannot be used */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  const diagnostics = new Diagnostics()
  const settings = readSettings(env, diagnostics)
  if (!settings) throw new ContractError(diagnostics.list)
  return settings
}
