import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { nearest } from '../base/diagnostic/did-you-mean.js'
import type { Environment } from '../base/environment.js'
import type { Setting } from './setting.js'
import { SETTINGS } from './settings-table.js'

/** Shorter names are too much alike to say what was meant. */
const LEAST_LENGTH = 6
const MOST_EDITS = 2
/** Of OpenSSL. */
const OF_OTHERS = new Set(['SSL_CERT_FILE'])

/**
 * Warns of variables that are nearly called like a setting and have no effect: a letter too few, a unit left out, letters of
 * the wrong case, `_FILE` behind what cannot come from a file. Values are not looked at.
 *
 * @param used variables that somebody else reads, as the contract does
 */
export function warnOfUnknownSettings(
  env: Environment,
  diagnostics: Diagnostics,
  used: Iterable<string> = [],
): void {
  const settings = Object.values<Setting<unknown>>(SETTINGS)
  const variables = settings.map(({ variable }) => variable)
  const files = settings.flatMap(({ variable, secret }) => (secret ? [`${variable}_FILE`] : []))
  const known = new Set([...variables, ...files])
  const others = new Set([...used].flatMap((name) => [name, `${name}_FILE`]))
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || known.has(name) || others.has(name) || OF_OTHERS.has(name))
      continue
    const plain = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : undefined
    if (plain !== undefined && known.has(plain)) {
      diagnostics.warning(
        'setting-unknown',
        `${plain} cannot come from a file: ${name} has no effect. Set ${plain}.`,
      )
      continue
    }
    const meant = meantBy(name, known)
    if (meant === undefined || isSet(env, meant)) continue
    diagnostics.warning('setting-unknown', `${name} is no setting and has no effect. Did you mean ${meant}?`)
  }
}

function meantBy(name: string, known: ReadonlySet<string>): string | undefined {
  const own = name.toUpperCase().replace(/^SOAPSTONE_/, '')
  if (known.has(own)) return own
  if (own.length < LEAST_LENGTH) return undefined
  const units = ['MS', 'S', 'BYTES', 'HOURS'].map((unit) => `${own}_${unit}`)
  const longer = units.find((variable) => known.has(variable))
  return longer ?? nearest(own, known, MOST_EDITS)
}

function isSet(env: Environment, name: string): boolean {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  return value !== undefined && value !== ''
}
