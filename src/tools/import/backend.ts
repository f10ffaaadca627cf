import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import type { OpenApiObject } from '../../openapi/document.js'
import type { Port } from '../../wsdl/model.js'
import type { ImportOptions } from './options.js'
import type { ChosenPort } from './ports.js'
import { pathSecretOf } from './proposals/notifications.js'
import { proposals } from './proposals/policies.js'
import { blockOf, type DesignSettings } from './settings/settings.js'
import type { SummaryWriter } from './summary/summary.js'
import { kebab, plainWords, serviceWords } from './words/names.js'

/** What a service is about: by its name, or by that of its file. */
export function nounOf(wsdl: string, service: string): string[] {
  return serviceWords(service, basename(wsdl).replace(/\.[^.]*$/, ''))
}

/**
 * The name of a backend: `CoreBankingService` is `core-banking`; several ports of a WSDL go by their port types.
 *
 * @param several the document has others
 */
export function backendName(
  wsdl: string,
  { service, port, isOneOfChosen }: ChosenPort,
  { backend }: ImportOptions,
  { several }: { readonly several: boolean },
): string {
  const own = isOneOfChosen
    ? kebab(serviceWords(port.binding.portType.localName))
    : kebab(nounOf(wsdl, service.name.localName))
  if (backend === undefined) return own
  return several ? `${backend}-${own}` : backend
}

/** The entry of `x-soap-backends`. */
export function backendEntry(
  wsdl: string,
  {
    chosenPort: { service, port, isOneOfSeveral },
    name,
    baseDir,
    calls,
    summary,
    settings,
  }: {
    readonly chosenPort: ChosenPort
    readonly name: string
    readonly baseDir: string
    /** Whether it calls us, and is not called. */
    readonly calls: boolean
    readonly summary: SummaryWriter
    readonly settings: DesignSettings
  },
): OpenApiObject {
  const { session } = settings
  const blocks = blocksOf(port)
  const headers = Object.entries(settings.soapHeaders ?? {}).filter(([key]) => blocks.has(blockOf(key)))
  const hasLogin = port.binding.operations.some((operation) => operation.name === session?.operation)
  const place = {
    wsdl: pathFrom(baseDir, wsdl),
    ...(isOneOfSeveral && { service: service.name.localName, port: port.name }),
  }
  if (calls) return { ...place, receive: { pathSecret: `\${${pathSecretOf(name)}}` } }
  return {
    ...place,
    ...proposals(port, name, summary),
    endpoint: endpointOf(port, name, summary),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...(hasLogin && session && { session }),
  }
}

/** Names of the SOAP headers of its requests. */
export function blocksOf({ binding }: Port): ReadonlySet<string> {
  return new Set(
    binding.operations.flatMap(({ input }) => input.headers.map(({ element }) => element.name.localName)),
  )
}

/** @returns the entry of a backend whose nil elements must have attributes, which are then passed over */
export function withNilAttributes(entry: OpenApiObject): OpenApiObject {
  return { ...entry, lenient: ['nilAttributes'] }
}

/** A path for the document, with `/` on every system. */
function pathFrom(baseDir: string, file: string): string {
  const path = relative(resolve(baseDir), resolve(file))
  return (path === '' || isAbsolute(path) ? resolve(file) : path).split(sep).join('/')
}

function endpointOf({ endpoint, name: port }: Port, name: string, summary: SummaryWriter): string {
  const variable = variableOf(name)
  const usable =
    endpoint !== undefined &&
    !/[{}$\s]/.test(endpoint) &&
    URL.canParse(endpoint) &&
    /^https?:$/.test(new URL(endpoint).protocol)
  if (usable) return `\${${variable}:-${endpoint}}`
  summary.advise(`The WSDL gives no usable address for the port ${port}: set ${variable}`)
  return `\${${variable}:-http://localhost/}`
}

function variableOf(name: string): string {
  const words = plainWords(name).join('_').toUpperCase()
  return `${/^\d/.test(words) ? 'BACKEND_' : ''}${words}_URL`
}
