import { clark } from '../../base/qname.js'
import type { Port, Service, Wsdl } from '../../wsdl/model.js'
import type { ImportOptions } from './options.js'

export interface ChosenPort {
  readonly service: Service
  readonly port: Port
  /** The WSDL has other SOAP ports, so that the annotation must say which. */
  readonly isOneOfSeveral: boolean
  /** Others of the WSDL are imported too. */
  readonly isOneOfChosen: boolean
  /** SOAP ports of the same portType, which the same operations can be called at. */
  readonly others: readonly string[]
}

export interface PortChoice {
  readonly service?: string | undefined
  readonly port?: string | undefined
}

/** One SOAP port for each portType: the one with the most operations, of equals the first. */
export function choosePorts({ services }: Wsdl, { service, port }: PortChoice): ChosenPort[] {
  const all = services.flatMap((s) => s.ports.map((p) => ({ service: s, port: p })))
  const wanted = all.filter(
    (candidate) =>
      (service === undefined || candidate.service.name.localName === service) &&
      (port === undefined || candidate.port.name === port),
  )
  const chosen = new Map<string, { readonly service: Service; readonly port: Port }>()
  for (const candidate of wanted) {
    if (candidate.port.binding.operations.length === 0) continue
    const key = clark(candidate.port.binding.portType)
    const known = chosen.get(key)
    if (!known || known.port.binding.operations.length < candidate.port.binding.operations.length)
      chosen.set(key, candidate)
  }
  return [...chosen.values()].map((candidate) => ({
    ...candidate,
    isOneOfSeveral: all.length > 1,
    isOneOfChosen: chosen.size > 1,
    others: wanted
      .filter(
        (other) =>
          other !== candidate &&
          clark(other.port.binding.portType) === clark(candidate.port.binding.portType),
      )
      .map((other) => `${other.service.name.localName}/${other.port.name}`),
  }))
}

/** Why no port of a WSDL has an operation to import. */
export function nothingUsable(
  { services }: Wsdl,
  { service, port, operations }: Pick<ImportOptions, 'service' | 'port' | 'operations'>,
): string {
  const all = services.flatMap(({ name, ports }) =>
    ports.map((own) => ({ port: own, name: `${name.localName}/${own.name}`, service: name.localName })),
  )
  if (all.length === 0) return 'the WSDL has no service with a SOAP port.'
  const chosen = all.filter(
    (own) =>
      (service === undefined || own.service === service) && (port === undefined || own.port.name === port),
  )
  if (chosen.length === 0) {
    return `no SOAP port is the one asked for; there is ${all.map(({ name }) => name).join(', ')}.`
  }
  const leftOut = new Set(chosen.flatMap((own) => own.port.binding.leftOut.map(({ name }) => name)))
  if (leftOut.size > 0) {
    return `of each operation something that it needs is missing or wrong, as the warnings say: ${[...leftOut].join(', ')}.`
  }
  const names = new Set(chosen.flatMap((own) => own.port.binding.names))
  if (operations && names.size > 0) {
    return `no operation is called ${operations.join(' or ')}; there is ${[...names].join(', ')}.`
  }
  return `no SOAP port has an operation; there is ${chosen.map(({ name }) => name).join(', ')}.`
}
