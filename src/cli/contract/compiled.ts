import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { packageVersion } from '../../base/manifest.js'
import { isObject } from '../../openapi/document.js'
import { Failure } from '../terminal/report.js'
import { contractFiles, environmentChoices, expanded, MOST_FILES } from './files.js'

/** What `soapstone compile` writes: which contracts were judged, by which version, and what was in their files. */
interface Compiled {
  /** The version that judged them. */
  readonly soapstone: string
  /** Their paths, relative to the folder of the file. */
  readonly contracts: readonly string[]
  /** By path relative to that folder, the SHA-256 of each file in hex, null for one that was not there. */
  readonly files: Readonly<Record<string, string | null>>
  /** By text of the contracts, what variables made of it that chose a WSDL, a service or a port. */
  readonly chosen: Readonly<Record<string, string>>
}

/**
 * Writes down that contracts were found to be in order.
 *
 * @param output the file, to whose folder the paths in it are relative
 * @throws Failure where a contract has more files than are looked at, or `output` is one of them
 */
export function writeCompiled(contracts: readonly string[], output: string): void {
  const folder = dirname(resolve(output))
  const paths = new Set(contracts.flatMap((contract) => [...(contractFiles(contract, process.env) ?? [])]))
  if (paths.size >= MOST_FILES) {
    throw new Failure(
      `The contracts have more than ${MOST_FILES} files, too many to tell whether one changes.`,
      1,
    )
  }
  if (paths.has(resolve(output))) {
    throw new Failure(`${output} is a file of the contract. Name another by --output.`, 2)
  }
  const place = (path: string): string => relative(folder, path).split(sep).join('/')
  const compiled: Compiled = {
    soapstone: packageVersion(),
    contracts: contracts.map((contract) => place(resolve(contract))),
    files: Object.fromEntries([...paths].sort().map((path) => [place(path), digestOf(path)])),
    chosen: Object.fromEntries(
      contracts.flatMap((contract) => [...environmentChoices(contract, process.env)]),
    ),
  }
  writeFileSync(output, `${JSON.stringify(compiled, undefined, 2)}\n`)
}

/**
 * @param file what `soapstone compile` wrote
 * @returns the paths of its contracts
 * @throws Failure where it is of another version, or a file is not what it was, or the environment chooses another
 */
export function readCompiled(file: string): readonly string[] {
  const { soapstone, contracts, files, chosen } = parsed(file)
  const folder = dirname(resolve(file))
  const paths = contracts.map((contract) => relative('', resolve(folder, contract)))
  const command = commandFor(paths, file)
  const again = `Compile it again:\n  ${command}`
  const version = packageVersion()
  if (soapstone !== version) {
    throw new Failure(`${file} was compiled by soapstone ${soapstone}, and this is ${version}. ${again}`, 1)
  }
  for (const [place, digest] of Object.entries(files)) {
    const path = resolve(folder, place)
    const now = digestOf(path)
    if (now === digest) continue
    const change = now === null ? 'is gone' : digest === null ? 'was not there' : 'has changed'
    throw new Failure(`${relative('', path)} ${change} since ${file} was compiled. ${again}`, 1)
  }
  for (const [text, was] of Object.entries(chosen)) {
    const now = expanded(text, process.env)
    // What is missing the contract reports, in its place.
    if (now === undefined || now === was) continue
    throw new Failure(
      `The environment makes something else of ${text} than when ${file} was compiled. Set it as it was then, or compile again:\n  ${command}`,
      1,
    )
  }
  return paths
}

/** To be typed, or copied. */
function commandFor(contracts: readonly string[], output: string): string {
  const named = contracts.flatMap((contract) => ['--contract', shellWord(contract)])
  return ['soapstone compile', ...named, '--output', shellWord(output)].join(' ')
}

/** As a POSIX shell reads it back; paths of Windows are left as they are. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function digestOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return null
  }
}

function parsed(file: string): Compiled {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Failure(
      `${file} cannot be read. To have it written:\n  ${commandFor(['openapi.yaml'], file)}`,
      1,
    )
  }
  try {
    const value: unknown = JSON.parse(text)
    if (isCompiled(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new Failure(
    `${file} is nothing that soapstone compile writes; a contract is served by --contract.`,
    1,
  )
}

function isCompiled(value: unknown): value is Compiled {
  if (!isObject(value)) return false
  const { soapstone, contracts, files, chosen } = value as Partial<Record<keyof Compiled, unknown>>
  return (
    typeof soapstone === 'string' &&
    Array.isArray(contracts) &&
    contracts.length > 0 &&
    contracts.every((each) => typeof each === 'string') &&
    isObject(files) &&
    Object.values(files).every((each) => each === null || typeof each === 'string') &&
    isObject(chosen) &&
    Object.values(chosen).every((each) => typeof each === 'string')
  )
}
