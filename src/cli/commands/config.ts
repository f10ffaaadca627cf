import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { Environment } from '../../base/environment.js'
import type { Setting } from '../../config/setting.js'
import { type EffectiveSetting, effectiveSettings } from '../../config/settings.js'
import { checkTogether } from '../../config/settings-check.js'
import type { Settings } from '../../config/settings-table.js'
import { warnOfUnknownSettings } from '../../config/unknown-settings.js'
import { contractsOption } from '../contract/contract.js'
import { type Colours, colours } from '../terminal/colours.js'
import { findingsOf, findingsText } from '../terminal/findings.js'

interface Options {
  readonly contract: readonly string[]
  readonly json?: true
}

/** What `--json` writes of a setting: docs/schemas/config.schema.json. */
interface ShownSetting {
  readonly variable: string
  /** As text, `•••` for secrets; absent where it cannot be used. */
  readonly value?: string
  readonly unit?: string
  readonly source: EffectiveSetting['source']
  readonly file?: string
}

interface ShownVariable {
  readonly variable: string
  readonly source: 'default' | 'environment' | 'file' | 'missing'
}

/** Hashes are no secrets, but nobody needs to see them beside the names of clients. */
const MASKED = new Set(['API_KEYS'])
const MASK = '•••'

export function configCommand(): Command {
  return new Command('config')
    .description('Show the settings as they apply here, and where each comes from; secrets are masked.')
    .addOption(contractsOption())
    .option('--json', 'write settings, variables and findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone config --contract openapi.yaml\n\nVariables of the contract are listed too, where it is there. Exits with 1 where a setting cannot be used.',
    )
    .action(({ contract, json }: Options) => {
      const variables = variablesOf(contract)
      const diagnostics = new Diagnostics()
      const effective = effectiveSettings(process.env, diagnostics)
      if (!diagnostics.hasErrors) checkTogether(settingsOf(effective), diagnostics)
      warnOfUnknownSettings(process.env, diagnostics, variables.keys())
      const settings = effective.map(shown)
      const used = [...variables].map(([variable, isDefaulted]) =>
        shownVariable(variable, isDefaulted, process.env),
      )
      if (json) {
        const report = { ...findingsOf(diagnostics.list), settings, variables: used }
        process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
      } else {
        process.stdout.write(text(settings, used, colours(process.stdout)))
        const found = findingsText(diagnostics.list, colours(process.stdout))
        if (found !== '') process.stdout.write(`\n${found}\n`)
      }
      if (diagnostics.hasErrors) process.exitCode = 1
    })
}

function settingsOf(effective: readonly EffectiveSetting[]): Settings {
  return Object.fromEntries(effective.map(({ name, value }) => [name, value])) as Settings
}

/**
 * The variables that contracts take values from.
 *
 * @returns whether each has a default wherever it is used; none of a file that is not there
 */
export function variablesOf(contracts: readonly string[]): ReadonlyMap<string, boolean> {
  const variables = new Map<string, boolean>()
  for (const [, name = '', fallback] of contracts.flatMap((contract) => [
    ...textOf(contract).matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]{0,255})(:-)?[^}]{0,4096}\}/g),
  ])) {
    variables.set(name, fallback !== undefined && (variables.get(name) ?? true))
  }
  return variables
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function shown({ setting, source, file, value }: EffectiveSetting): ShownSetting {
  const { variable, unit } = setting
  return {
    variable,
    ...(value !== undefined && { value: valueText(setting, value) }),
    ...(unit !== '' && { unit }),
    source,
    ...(file !== undefined && { file }),
  }
}

function valueText({ variable, secret }: Setting<unknown>, value: unknown): string {
  const text = String(value)
  return text !== '' && (secret || MASKED.has(variable)) ? MASK : text
}

function shownVariable(variable: string, isDefaulted: boolean, env: Environment): ShownVariable {
  const isSet = (name: string): boolean => Object.hasOwn(env, name) && (env[name] ?? '') !== ''
  if (isSet(variable)) return { variable, source: 'environment' }
  if (isSet(`${variable}_FILE`)) return { variable, source: 'file' }
  return { variable, source: isDefaulted ? 'default' : 'missing' }
}

function text(
  settings: readonly ShownSetting[],
  variables: readonly ShownVariable[],
  paint: Colours,
): string {
  const { bold, dim, red } = paint
  const name = Math.max(...[...settings, ...variables].map(({ variable }) => variable.length))
  const values = settings.map(({ value, unit }) =>
    value === undefined ? 'unusable' : value === '' ? '–' : unit === undefined ? value : `${value} ${unit}`,
  )
  const width = Math.max(...values.map((value) => value.length).filter((length) => length <= WIDEST))
  const rows = settings.map(({ variable, source, file, value }, index) => {
    const from = file === undefined ? source : `${source} ${file}`
    const line = `${variable.padEnd(name)}  ${(values[index] ?? '').padEnd(width)}  ${from}`
    return value === undefined ? red(line) : source === 'default' ? dim(line) : bold(line)
  })
  const used = variables.map(({ variable, source }) => {
    const line = `${variable.padEnd(name)}  ${source}`
    return source === 'missing' ? red(line) : source === 'default' ? dim(line) : bold(line)
  })
  const ofContract = used.length === 0 ? [] : ['', 'Variables of the contract:', '', ...used]
  return `${[...rows, ...ofContract].join('\n')}\n`
}

/** A value that is longer stands over the edge of its column. */
const WIDEST = 40
