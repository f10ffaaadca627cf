import { clark } from '../../base/qname.js'
import { type Port, type Service, type Wsdl } from '../../wsdl/model.js'

export interface ChosenPort {
  readonly service: Service
  readonly port: Port
  /** The WSDL has other SOAP ports, so that the annotation must say which. */
  readonly isOneOfSeveral: boolean
  /** Others of the WSDL are imported too. */
  readonly isOneOfChosen: boolean
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
  }))
}
