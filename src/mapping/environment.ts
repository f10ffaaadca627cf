import { readFileSync } from 'node:fs'
import { type Diagnostics, type SourceLocation } from '../base/diagnostic.js'

export type Environment = Readonly<Record<string, string | undefined>>

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
      `The environment variable ${name} is not set; set it, or ${name}_FILE, or write \${${name}:-default}.`,
      at,
    )
  }
  return missing.size === 0 ? expanded : undefined
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
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    diagnostics.error('environment-file', `The file that ${name}_FILE names cannot be read.`, at)
    return undefined
  }
}
