import { resolve } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { contractRoot } from '../../wsdl/contract-root.js'
import { loadWsdl } from '../../wsdl/load.js'
import type { Port, Service, Wsdl } from '../../wsdl/model.js'
import { Changes } from './change.js'
import type { Desk } from './desk.js'
import { compareDetails, type Detail } from './detail.js'
import { judge } from './effect.js'
import { compareOperations } from './operation.js'
import { lostOperation, nameOf, partnerOf } from './partner.js'
import type { DiffReport } from './report.js'
import { TypeWalk } from './walk.js'

/**
 * Compares two versions of a WSDL, for SOAP clients of the old one.
 *
 * @param old path of a local file
 * @param next path of a local file
 * @throws ContractError where one of them cannot be used
 */
export function diffWsdls(old: string, next: string): DiffReport {
  const [was, is] = [usableWsdl(old), usableWsdl(next)]
  const desk: Desk = {
    walk: new TypeWalk({ old: was.schemas, new: is.schemas }),
    changes: new Changes(),
  }
  const names = new Set<string>()
  const partners = matchPorts(portsOf(was), portsOf(is))
  for (const [from, to] of partners.pairs) {
    comparePorts(desk, from, to)
    for (const { name, inputName } of from.port.binding.operations) names.add(`${name} ${inputName}`)
  }
  for (const { service, port } of partners.gone) {
    const what = `the port ${service.name.localName}/${port.name} is removed`
    const found = { ...judge('removed', 'request'), direction: 'service', what, old: port.at } as const
    desk.changes.add(
      { ...found, meaning: 'Its clients find nothing there.', advice: 'Call another port.' },
      { operation: '', path: '' },
    )
  }
  for (const { service, port } of partners.more) {
    const what = `the port ${service.name.localName}/${port.name} is new`
    const found = { ...judge('added', 'request'), direction: 'service', what, new: port.at } as const
    desk.changes.add({ ...found, meaning: 'It may be called.' }, { operation: '', path: '' })
  }
  const leftOut = [was, is].flatMap(leftOutOf)
  return {
    old,
    new: next,
    changes: desk.changes.sorted(),
    operations: names.size,
    ...(leftOut.length > 0 && { leftOut }),
  }
}

function leftOutOf({ bindings }: Wsdl): readonly Diagnostic[] {
  return [...bindings.values()].flatMap(({ leftOut }) => leftOut.flatMap(({ findings }) => findings))
}

/** @throws ContractError */
function usableWsdl(file: string): Wsdl {
  const { wsdl, diagnostics } = loadWsdl(file, { root: contractRoot(resolve(file)) })
  if (!wsdl || diagnostics.some(({ severity }) => severity === 'error')) {
    throw new ContractError(diagnostics.filter(({ severity }) => severity !== 'note'))
  }
  return wsdl
}

interface ServicePort {
  readonly service: Service
  readonly port: Port
}

function portsOf({ services }: Wsdl): readonly ServicePort[] {
  return services.flatMap((service) => service.ports.map((port) => ({ service, port })))
}

interface Partners {
  readonly pairs: readonly (readonly [ServicePort, ServicePort])[]
  readonly gone: readonly ServicePort[]
  readonly more: readonly ServicePort[]
}

/** Ports of the same names; where those differ, of the same SOAP version in the same order. */
function matchPorts(old: readonly ServicePort[], next: readonly ServicePort[]): Partners {
  const free = new Set(next)
  const pairs: (readonly [ServicePort, ServicePort])[] = []
  const pair = (unpaired: readonly ServicePort[], isPartner: (a: ServicePort, b: ServicePort) => boolean) =>
    unpaired.filter((from) => {
      const to = [...free].find((candidate) => isPartner(from, candidate))
      if (!to) return true
      free.delete(to)
      pairs.push([from, to])
      return false
    })
  const unnamed = pair(
    old,
    (a, b) => a.service.name.localName === b.service.name.localName && a.port.name === b.port.name,
  )
  const versions = pair(unnamed, (a, b) => a.port.binding.soapVersion === b.port.binding.soapVersion)
  const gone = old.length === 1 && next.length === 1 ? pair(versions, () => true) : versions
  return { pairs, gone, more: [...free] }
}

function comparePorts(desk: Desk, from: ServicePort, to: ServicePort): void {
  const [old, next] = [from.port, to.port]
  const details: readonly Detail[] = [
    ['SOAP version', old.binding.soapVersion, next.binding.soapVersion],
    ['transport', old.binding.transport, next.binding.transport],
    ['address', old.endpoint ?? '(none)', next.endpoint ?? '(none)'],
  ]
  compareDetails(desk, details, { old: old.at, new: next.at }, { operation: '' })
  const overloads = old.binding.operations
  const free = new Set(next.binding.operations)
  for (const operation of overloads) {
    const name = nameOf(operation, overloads)
    const partner = partnerOf(operation, [...free], overloads)
    if (partner) {
      free.delete(partner)
      compareOperations(desk, { old: operation, next: partner, operation: { operation: name } })
    } else {
      const { leftOut } = next.binding
      lostOperation(desk.changes, operation, { leftOut, at: next.at }, { operation: name })
    }
  }
  for (const added of free) {
    if (old.binding.leftOut.some(({ name }) => name === added.name)) continue
    desk.changes.add(
      {
        verdict: 'compatible',
        direction: 'service',
        what: 'the operation is new',
        meaning: 'It may be called.',
        advice: '',
        old: old.at,
        new: added.at,
      },
      { operation: nameOf(added, next.binding.operations), path: '' },
    )
  }
}
