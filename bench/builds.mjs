import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { apiKeys } from './api-key.mjs'
import { median } from './load.mjs'
import { Process } from './process.mjs'

/** The root of the build that is measured by default. */
export const ownBuild = fileURLToPath(new URL('..', import.meta.url))

export const ledgerContract = fileURLToPath(new URL('contract/openapi.yaml', import.meta.url))

/**
 * A copy of that contract which promises something else.
 *
 * @param name tells its folder from others
 * @param pattern what is written otherwise, as `String.replace` takes both
 * @returns its path
 * @throws Error where the contract has nothing of the kind
 */
export function changedLedger(directory, name, pattern, replacement) {
  const text = readFileSync(ledgerContract, 'utf8')
  const changed = text.replace(pattern, replacement)
  if (changed === text) throw new Error(`the contract has nothing to change for one that is ${name}`)
  const folder = mkdtempSync(join(directory, `${name}-`))
  const contract = join(folder, 'openapi.yaml')
  writeFileSync(contract, changed)
  copyFileSync(join(dirname(ledgerContract), 'ledger.wsdl'), join(folder, 'ledger.wsdl'))
  return contract
}

/**
 * The builds of this project that are measured.
 *
 * @param against the root of another build: a checkout with its `dist` and `node_modules`
 * @returns by name, the root: `soapstone` first, then `against` where there is one
 */
export function buildsOf(against) {
  return { soapstone: ownBuild, ...(against !== undefined && { against: resolve(against) }) }
}

/**
 * A module of a build.
 *
 * @param path below `dist`
 * @param formerly where older builds have it
 */
export function importFrom(build, path, formerly = path) {
  const file = resolve(build, 'dist', path)
  return import(pathToFileURL(existsSync(file) ? file : resolve(build, 'dist', formerly)).href)
}

/**
 * Soapstone as users run it.
 *
 * @param log the file that takes its log
 * @param settings what differs from the default settings, by variable
 */
export function startSoapstone({
  build = ownBuild,
  contract = ledgerContract,
  backendUrl,
  log,
  execArgv,
  settings = {},
}) {
  const env = {
    SOAPSTONE_BUILD: build,
    API_KEYS: apiKeys,
    SETTINGS: JSON.stringify(settings),
    ...(backendUrl !== undefined && { LEDGER_URL: `${backendUrl}/ledger` }),
  }
  return Process.start('soapstone.mjs', { args: [contract], env, log, execArgv })
}

/**
 * How many times as much this build took as the other one: of each round by itself, since what disturbs one of a round
 * disturbs the other, too.
 *
 * @param runs by build, what was measured in each round
 * @returns by figure, the median of the ratios; undefined where there is no other build
 */
export function timesAgainst({ soapstone, against }) {
  if (against === undefined) return undefined
  return Object.fromEntries(
    Object.keys(soapstone[0]).map((key) => [
      key,
      median(soapstone.map((run, round) => run[key] / against[round][key])),
    ]),
  )
}
