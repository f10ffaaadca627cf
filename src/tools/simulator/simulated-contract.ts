import { checkContract } from '../../adapter/adapter.js'
import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { clark } from '../../base/qname.js'
import type { BodyMapping, MappedFaultMapping, OperationMapping } from '../../mapping/operation/mapping.js'
import { documentsIn } from '../../mapping/operation/message/documents.js'
import type { Port, SoapOperation } from '../../wsdl/model.js'

/** What a contract knows that no WSDL says: faults, and documents in texts. */
export class SimulatedContract {
  readonly #mapped: readonly OperationMapping[]

  private constructor(mapped: readonly OperationMapping[]) {
    this.#mapped = mapped
  }

  /** @param contract path of the OpenAPI document; none maps nothing */
  static read(contract: string | undefined, diagnostics: Diagnostics): SimulatedContract {
    if (contract === undefined) return new SimulatedContract([])
    const { joined, diagnostics: findings } = checkContract({ contract })
    // Nothing is called, so that addresses and credentials are not needed.
    const errors = findings.filter(
      ({ severity, code }) => severity === 'error' && code !== 'environment-missing',
    )
    diagnostics.list.push(...errors)
    return new SimulatedContract(joined.operations)
  }

  /** Whether the contract calls a port of a SOAP binding without an envelope. */
  isPlain(port: Port): boolean {
    return this.#mapped.some(
      ({ backend, soap }) =>
        backend.isPlain && port.binding.operations.some((operation) => isSame(operation, soap)),
    )
  }

  /** Several operations of the contract may call one of the WSDL: each maps its own. */
  faultsOf(soap: SoapOperation): readonly (readonly MappedFaultMapping[])[] {
    return this.#mapped.filter((one) => isSame(one.soap, soap)).map(({ mappedFaults }) => mappedFaults)
  }

  /** The bodies of an operation in which texts are documents: those of the first of the contract that calls it. */
  documentsOf(soap: SoapOperation): {
    readonly input: BodyMapping | undefined
    readonly output: BodyMapping | undefined
  } {
    const found = this.#mapped.find((one) => isSame(one.soap, soap))
    const withDocuments = (body: BodyMapping | undefined): BodyMapping | undefined =>
      documentsIn(body).length > 0 ? body : undefined
    return { input: withDocuments(found?.request.body), output: withDocuments(found?.response.body) }
  }
}

/** They are of two readings of a WSDL. */
function isSame(a: SoapOperation, b: SoapOperation): boolean {
  const [first] = a.input.body
  const [second] = b.input.body
  return a.name === b.name && (first && clark(first.name)) === (second && clark(second.name))
}
