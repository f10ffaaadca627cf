import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { CanonicalMappings } from '../../mapping/canonical/canonical.js'
import type { MappedFaultMapping } from '../../mapping/operation/mapping.js'
import { contractRoot } from '../../wsdl/contract-root.js'
import { loadWsdl } from '../../wsdl/load.js'
import type { Port, Service } from '../../wsdl/model.js'
import { PublishedWsdl } from '../../wsdl/published-wsdl.js'
import { useExample } from './examples.js'
import { sampleMappedFault } from './mapped-fault.js'
import type { SimulatorOptions } from './options.js'
import { PlainPort } from './plain-port.js'
import { answerRequests } from './requests.js'
import { SimulatedContract } from './simulated-contract.js'
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
  /** `none` where messages have no envelope. */
  readonly soapVersion: '1.1' | '1.2' | 'none'
  /** The path is that of the port's soap:address, where no other port has it. */
  readonly url: string
  readonly operations: readonly string[]
}

/**
 * Serves every SOAP port of the WSDLs: requests are checked against the schemas, answers are samples that the
 * schemas allow, the same at every call.
 *
 * @throws ContractError with every diagnostic, where a WSDL, the contract, an example or the name of a fault cannot be used
 * @throws Error where the TCP port is taken
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const diagnostics = new Diagnostics()
  const ports = options.wsdls.flatMap((wsdl) => portsOf(wsdl, diagnostics))
  const mapped = SimulatedContract.read(options.contract, diagnostics)
  const byPath = withPaths(ports, mapped)
  const all = byPath.flatMap((port) => port.operations)
  for (const operation of all) operation.useDocuments(mapped.documentsOf(operation.soap))
  if (options.examples !== undefined) useExamples(options.examples, all, diagnostics)
  const choice = { operations: all, mapped, diagnostics }
  for (const [operation, fault] of options.faults ?? []) useFault(operation, fault, choice)
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
    endpoints: byPath.map((simulated) => ({
      service: simulated.service,
      port: simulated.name,
      soapVersion: simulated instanceof SimulatedPort ? simulated.soapVersion : 'none',
      url: `${url}${simulated.path}`,
      operations: simulated.operations.map((operation) => operation.name),
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
  for (const one of loaded.diagnostics) diagnostics.list.push(one)
  const { wsdl } = loaded
  if (!wsdl) return []
  const canonical = new CanonicalMappings(wsdl.schemas)
  const published = new PublishedWsdl(file)
  const ports = wsdl.services.flatMap((service) =>
    [...service.ports, ...service.httpPorts].map((port) => ({ service, port, wsdl: published, canonical })),
  )
  if (ports.length === 0)
    diagnostics.error('port-missing', 'The WSDL has no port to SOAP or HTTP.', { file, line: 1 })
  else if (
    ports.every(({ port: { binding } }) => binding.operations.length === 0) &&
    ports.some(({ port: { binding } }) => binding.leftOut.length > 0)
  ) {
    diagnostics.error(
      'port-missing',
      'No operation can be simulated: something that they need is missing or wrong, as the warnings say.',
      { file, line: 1 },
    )
  }
  return ports
}

function withPaths(ports: readonly LoadedPort[], contract: SimulatedContract): (SimulatedPort | PlainPort)[] {
  const taken = new Set<string>()
  return ports.map(({ service, port, wsdl, canonical }) => {
    const { soapVersion, operations, leftOut } = port.binding
    const named = `/${service.name.localName}/${port.name}`
    let path = pathOf(port.endpoint) ?? named
    for (let number = 1; taken.has(path); number++) path = number === 1 ? named : `${named}-${number}`
    taken.add(path)
    const isPlain = port.binding.isHttp || contract.isPlain(port)
    const simulated = operations.map((soap) => new SimulatedOperation(soap, soapVersion, canonical, isPlain))
    if (isPlain) return new PlainPort(service.name.localName, port.name, path, wsdl, simulated)
    return new SimulatedPort({
      service: service.name.localName,
      name: port.name,
      soapVersion,
      path,
      wsdl,
      operations: simulated,
      leftOut: leftOut.map(({ name }) => name),
    })
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

interface Choice {
  readonly operations: readonly SimulatedOperation[]
  readonly mapped: SimulatedContract
  readonly diagnostics: Diagnostics
}

function useFault(name: string, fault: string, { operations, mapped, diagnostics }: Choice): void {
  const named = operations.filter((operation) => operation.name === name)
  if (named.length === 0) {
    const known = [...new Set(operations.map((operation) => operation.name))].join(', ')
    diagnostics.error('operation-unknown', `There is no operation ${name}; there are ${known}.`)
  }
  for (const operation of named) {
    if (operation.answerWithFault(fault)) continue
    const contracts = mapped.faultsOf(operation.soap)
    const all = contracts.find((faults) => faults.some((each) => each.name === fault))
    const mapping = all?.find((each) => each.name === fault)
    if (all && mapping) useMapped(operation, mapping, { all, diagnostics })
    else {
      const declared = operation.soap.faults.map((each) => each.name).join(', ')
      const others = [...new Set(contracts.flat().map((each) => each.name))].join(', ')
      diagnostics.error(
        'fault-unknown',
        `${name} declares no fault ${fault}; it declares ${declared === '' ? 'none' : declared}${others === '' ? '' : `, and the contract maps ${others}`}.`,
        operation.soap.at,
      )
    }
  }
}

function useMapped(
  operation: SimulatedOperation,
  mapping: MappedFaultMapping,
  { all, diagnostics }: { readonly all: readonly MappedFaultMapping[]; readonly diagnostics: Diagnostics },
): void {
  const written = operation.isPlain ? undefined : sampleMappedFault(operation.soapVersion, mapping, all)
  if (written) operation.answerWithUndeclared(written)
  else {
    diagnostics.error(
      'fault-unknown',
      `No fault was found for ${operation.name} that the contract takes for ${mapping.name}: one before it is told by the same, or what it is told by does not go together with its values.`,
      operation.soap.at,
    )
  }
}
