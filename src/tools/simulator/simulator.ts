import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { CanonicalMappings } from '../../mapping/canonical.js'
import { contractRoot } from '../../wsdl/contract-root.js'
import { loadWsdl } from '../../wsdl/load.js'
import { type Port, type Service } from '../../wsdl/model.js'
import { useExample } from './examples.js'
import { type SimulatorOptions } from './options.js'
import { PublishedWsdl } from './published-wsdl.js'
import { answerRequests } from './requests.js'
import { SimulatedOperation } from './simulated-operation.js'
import { SimulatedPort } from './simulated-port.js'

export interface Simulator {
  /** Without a path: `http://127.0.0.1:8090`. */
  readonly url: string
  readonly endpoints: readonly SimulatedEndpoint[]
  /** Warnings and notes of the WSDLs. */
  readonly diagnostics: readonly Diagnostic[]
  close(): Promise<void>
}

export interface SimulatedEndpoint {
  readonly service: string
  readonly port: string
  readonly soapVersion: '1.1' | '1.2'
  /** The path is that of the port's soap:address, where no other port has it. */
  readonly url: string
  readonly operations: readonly string[]
}

/**
 * Serves every SOAP port of the WSDLs: requests are checked against the schemas, answers are samples that the
 * schemas allow, the same at every call.
 *
 * @throws ContractError with every diagnostic, where a WSDL, an example or the name of a fault cannot be used
 * @throws Error where the TCP port is taken
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const diagnostics = new Diagnostics()
  const ports = options.wsdls.flatMap((wsdl) => portsOf(wsdl, diagnostics))
  const byPath = withPaths(ports)
  const all = byPath.flatMap((port) => port.operations)
  if (options.examples !== undefined) useExamples(options.examples, all, diagnostics)
  for (const [operation, fault] of options.faults ?? []) useFault(operation, fault, all, diagnostics)
  if (diagnostics.hasErrors) throw new ContractError(diagnostics.list)

  const { host = '127.0.0.1', listenPort = 0 } = options
  const server = createServer(answerRequests(new Map(byPath.map((port) => [port.path, port])), options))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listenPort, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    url,
    endpoints: byPath.map(({ service, name, soapVersion, path, operations }) => ({
      service,
      port: name,
      soapVersion,
      url: `${url}${path}`,
      operations: operations.map((operation) => operation.name),
    })),
    diagnostics: diagnostics.list,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error) reject(error)
          else resolve()
        })
        server.closeAllConnections()
      }),
  }
}

interface LoadedPort {
  readonly service: Service
  readonly port: Port
  readonly wsdl: PublishedWsdl
  readonly canonical: CanonicalMappings
}

function portsOf(file: string, diagnostics: Diagnostics): LoadedPort[] {
  const loaded = loadWsdl(file, { root: contractRoot(file) })
  diagnostics.list.push(...loaded.diagnostics)
  const { wsdl } = loaded
  if (!wsdl) return []
  const canonical = new CanonicalMappings(wsdl.schemas)
  const published = new PublishedWsdl(file)
  const ports = wsdl.services.flatMap((service) =>
    service.ports.map((port) => ({ service, port, wsdl: published, canonical })),
  )
  if (ports.length === 0) diagnostics.error('port-missing', 'The WSDL has no SOAP port.', { file, line: 1 })
  return ports
}

function withPaths(ports: readonly LoadedPort[]): SimulatedPort[] {
  const taken = new Set<string>()
  return ports.map(({ service, port, wsdl, canonical }) => {
    const { soapVersion, operations } = port.binding
    const named = `/${service.name.localName}/${port.name}`
    let path = pathOf(port.endpoint) ?? named
    for (let number = 1; taken.has(path); number++) path = number === 1 ? named : `${named}-${number}`
    taken.add(path)
    const simulated = operations.map((soap) => new SimulatedOperation(soap, soapVersion, canonical))
    return new SimulatedPort(service.name.localName, port.name, soapVersion, path, wsdl, simulated)
  })
}

function pathOf(endpoint: string | undefined): string | undefined {
  return endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).pathname : undefined
}

function useExamples(
  folder: string,
  operations: readonly SimulatedOperation[],
  diagnostics: Diagnostics,
): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    for (const operation of operations) useExample(folder, operation, diagnostics)
  } else diagnostics.error('examples-missing', `There is no folder ${folder}.`)
}

function useFault(
  name: string,
  fault: string,
  operations: readonly SimulatedOperation[],
  diagnostics: Diagnostics,
): void {
  const named = operations.filter((operation) => operation.name === name)
  if (named.length === 0) {
    const known = [...new Set(operations.map((operation) => operation.name))].join(', ')
    diagnostics.error('operation-unknown', `There is no operation ${name}; there are ${known}.`)
  }
  for (const operation of named) {
    if (operation.answerWithFault(fault)) continue
    const known = operation.soap.faults.map((declared) => declared.name).join(', ')
    diagnostics.error(
      'fault-unknown',
      `${name} declares no fault ${fault}; it declares ${known === '' ? 'none' : known}.`,
      operation.soap.at,
    )
  }
}
