import { clark } from '../../../base/qname.js'
import type { SoapFault, SoapOperation } from '../../../wsdl/model.js'
import { statusOfFault } from '../messages/fault-status.js'

/** The status of each fault, by its name. Faults that nothing tells apart on the wire have one status, or none: 502. */
export function statusesOf({ faults }: SoapOperation): ReadonlyMap<string, number> {
  const alike = new Map<string, Set<number>>()
  const guessed = faults.map((fault) => {
    const { name, type } = fault.element
    const status = statusOfFault(name.localName, type.name?.localName ?? '', fault.name)
    const key = signOf(fault)
    alike.set(key, (alike.get(key) ?? new Set()).add(status))
    return [fault.name, status, key] as const
  })
  return new Map(guessed.map(([name, status, key]) => [name, alike.get(key)?.size === 1 ? status : 502]))
}

/** What tells a fault on the wire. */
export function signOf({ element: { name, type } }: SoapFault): string {
  return `${clark(name)} ${type.name ? clark(type.name) : ''}`
}
