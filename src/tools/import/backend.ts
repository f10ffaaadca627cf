import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { type OpenApiObject } from '../../openapi/document.js'
import { type Port } from '../../wsdl/model.js'
import { kebab, plainWords, serviceWords } from './names.js'
import { type ChosenPort } from './ports.js'
import { type ImportOptions } from './options.js'
import { type SummaryWriter } from './summary.js'

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
  several: boolean,
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
  { service, port, isOneOfSeveral }: ChosenPort,
  name: string,
  baseDir: string,
  summary: SummaryWriter,
): OpenApiObject {
  return {
    wsdl: pathFrom(baseDir, wsdl),
    ...(isOneOfSeveral && { service: service.name.localName, port: port.name }),
    endpoint: endpointOf(port, name, summary),
  }
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
