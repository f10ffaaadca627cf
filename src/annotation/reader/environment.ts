import { readFileSync } from 'node:fs'
import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { didYouMean, nearest } from '../../base/diagnostic/did-you-mean.js'
import type { Environment } from '../../base/environment.js'

/**
 * Puts values of the environment into a text: `${NAME}`, `${NAME:-default}`. A variable may also come from a
 * file: `NAME_FILE` names it, as container platforms mount secrets. No message ever holds a value.
 *
 * @returns undefined, with a diagnostic, where a variable is missing or its file cannot be read
 */
export function expand(
  text: string,
  env: Environment,
  at: SourceLocation,
  diagnostics: Diagnostics,
): string | undefined {
  const missing = new Set<string>()
  const expanded = text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (_, name: string, fallback?: string) => {
      const value = read(name, env, at, diagnostics) ?? fallback
      if (value === undefined) missing.add(name)
      return value ?? ''
    },
  )
  for (const name of missing) {
    diagnostics.error(
      'environment-missing',
      `The environment variable ${name} is not set; set it, or ${name}_FILE, or write \${${name}:-default}.${didYouMean(name, setLike(env), MOST_EDITS)}`,
      at,
    )
  }
  return missing.size === 0 ? expanded : undefined
}

const MOST_EDITS = 2

/** The variables that are set, without `_FILE` where they have it. */
function setLike(env: Environment): readonly string[] {
  return Object.keys(env).flatMap((name) => (name.endsWith('_FILE') ? [name, name.slice(0, -5)] : [name]))
}

/**
 * Warns of variables whose default is taken while the environment has one that is nearly called so: a mistaken letter
 * would else be seen only in what the service does.
 *
 * @param written texts of the contract with their places, of which those with `${NAME:-default}` matter
 */
export function warnOfMistaken(
  written: Iterable<{ readonly text: string; readonly at: SourceLocation }>,
  env: Environment,
  diagnostics: Diagnostics,
): void {
  const uses = [...written].flatMap(({ text, at }) =>
    [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]{0,255})(:-)?[^}]{0,4096}\}/g)].map(
      ([, name = '', fallback]) => ({
        ...{ name, at, isDefaulted: fallback !== undefined },
      }),
    ),
  )
  const known = new Set(uses.flatMap(({ name }) => [name, `${name}_FILE`]))
  const others = Object.keys(env).filter((name) => !known.has(name))
  for (const { name, at, isDefaulted } of uses) {
    if (!isDefaulted || isSet(env, name) || isSet(env, `${name}_FILE`)) continue
    const meant = nearest(name, others, MOST_EDITS) ?? nearest(`${name}_FILE`, others, MOST_EDITS)
    if (meant === undefined) continue
    diagnostics.warning(
      'environment-mistaken',
      `${name} is not set and its default is taken, but ${meant} is set. Is ${name} what was meant?`,
      at,
    )
  }
}

function isSet(env: Environment, name: string): boolean {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  return value !== undefined && value !== ''
}

function read(
  name: string,
  env: Environment,
  at: SourceLocation,
  diagnostics: Diagnostics,
): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value !== undefined && value !== '') return value
  const file = Object.hasOwn(env, `${name}_FILE`) ? env[`${name}_FILE`] : undefined
  if (file === undefined || file === '') return undefined
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    if (text === '') diagnostics.error('environment-file', `The file that ${name}_FILE names is empty.`, at)
    return text
  } catch {
    diagnostics.error('environment-file', `The file that ${name}_FILE names cannot be read.`, at)
    return undefined
  }
}
