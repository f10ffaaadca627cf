import { relative, resolve } from 'node:path'
import { expand } from '../../annotation/reader/environment.js'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { Environment } from '../../base/environment.js'
import { ContractError } from '../../base/errors.js'
import { showFindings } from '../terminal/findings.js'
import { Failure } from '../terminal/report.js'

export interface FetchArguments {
  /** Folder that WSDLs with a URL are kept in. */
  readonly fetch?: string
  readonly allowHost?: readonly string[]
  readonly force?: true
}

/**
 * The paths of WSDLs; those that are URLs are downloaded first.
 *
 * @throws Failure where a URL may not or cannot be downloaded, or a file of the folder was edited
 * @throws ContractError with what stands in the way
 */
export async function localWsdls(
  wsdls: readonly string[],
  { fetch: folder, allowHost = [], force }: FetchArguments,
  env: Environment = process.env,
): Promise<string[]> {
  const urls = new Map(wsdls.filter(isUrl).map((wsdl) => [wsdl, urlOf(wsdl)]))
  if (folder === undefined || urls.size === 0) {
    refuseUnused(folder, allowHost, [...urls.keys()])
    return wsdls.map((wsdl) => resolve(wsdl))
  }
  const [{ fetchWsdls }, { keepFiles }] = await Promise.all([
    import('../../tools/fetch/fetch.js'),
    import('../../tools/fetch/folder.js'),
  ])
  const credentials = credentialsOf(env)
  const fetched = await fetchWsdls([...urls.values()], {
    allowedHosts: allowHost,
    ...(credentials && { credentials }),
  })
  if (fetched.diagnostics.some(({ severity }) => severity === 'error')) {
    throw new ContractError(fetched.diagnostics)
  }
  showFindings(fetched.diagnostics, process.stderr)
  const { written, edited } = keepFiles(folder, fetched.files, { force: force === true })
  if (edited.length > 0) {
    throw new Failure(
      `${edited.join(', ')} in ${folder} was edited since it was fetched, and is not what the server has; nothing was written. --force replaces it.`,
      1,
    )
  }
  const kept = fetched.files.length - written.length
  process.stderr.write(
    `Fetched into ${folder}: ${written.length} files written, ${kept} as they were. From now on these files count.\n`,
  )
  const files = new Map([...urls.keys()].map((wsdl, index) => [wsdl, fetched.wsdls[index] ?? '']))
  return wsdls.map((wsdl) => {
    const file = files.get(wsdl)
    return file === undefined ? resolve(wsdl) : resolve(folder, file)
  })
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text)
}

/** @throws Failure */
function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Failure('Only http: and https: URLs are fetched.', 2)
  }
  if (url.username !== '' || url.password !== '') {
    throw new Failure('A URL with a password ends up in logs: set FETCH_USERNAME and FETCH_PASSWORD.', 2)
  }
  return url
}

/** @throws Failure */
function refuseUnused(folder: string | undefined, hosts: readonly string[], urls: readonly string[]): void {
  const [url] = urls
  if (url !== undefined) {
    const example = relative('.', resolve('wsdl', new URL(url).hostname))
    throw new Failure(`${url} is a URL; --fetch ${example} downloads it into that folder.`, 2)
  }
  if (folder !== undefined) throw new Failure('--fetch is for WSDLs that are URLs; none is.', 2)
  if (hosts.length > 0) throw new Failure('--allow-host goes with --fetch.', 2)
}

/** @throws ContractError where only one of both is set, or a file cannot be read */
function credentialsOf(env: Environment): { username: string; password: string } | undefined {
  const diagnostics = new Diagnostics()
  const at = { file: 'environment', line: 1 }
  const isSet = (name: string) =>
    [env[name], env[`${name}_FILE`]].some((value) => value !== undefined && value !== '')
  if (!isSet('FETCH_USERNAME') && !isSet('FETCH_PASSWORD')) return undefined
  const username = expand('${FETCH_USERNAME}', env, at, diagnostics)
  const password = expand('${FETCH_PASSWORD}', env, at, diagnostics)
  if (username === undefined || password === undefined) throw new ContractError(diagnostics.list)
  return { username, password }
}
