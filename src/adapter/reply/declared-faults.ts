import { clark } from '../../base/qname.js'
import type { Compiler } from '../../codec/compile.js'
import { JsonText } from '../../codec/json/text.js'
import { lenientValue, type ValueDecoder } from '../../codec/lenient-value.js'
import type { FaultMapping, OperationMapping } from '../../mapping/operation/mapping.js'
import { typeIn } from '../../soap/fault-content.js'
import type { ReceivedAttachments } from '../../soap/xop.js'
import { internName } from '../../xml/names.js'
import type { XmlReader } from '../../xml/reader.js'
import type { DeclaredFault } from './answer.js'

interface CompiledFault {
  readonly mapping: FaultMapping
  readonly codec: ValueDecoder
}

/** Reads the details of the faults that an operation declares. */
export class DeclaredFaults {
  readonly #all: readonly CompiledFault[]
  readonly #byElement = new Map<string, CompiledFault[]>()
  /** Names of accessors say little in SOAP encoding: stacks qualify them or not, or call them by their type. */
  readonly #isEncoded: boolean

  constructor({ faults, soap }: Pick<OperationMapping, 'faults' | 'soap'>, compiler: Compiler) {
    this.#isEncoded = soap.style === 'rpc' && soap.input.use === 'encoded'
    this.#all = faults.map((mapping) => ({ mapping, codec: lenientValue(mapping.value, compiler) }))
    for (const fault of this.#all) {
      const key = internName(clark(fault.mapping.element))
      const same = this.#byElement.get(key)
      if (same) same.push(fault)
      else this.#byElement.set(key, [fault])
    }
  }

  /**
   * @param reader on a child of the detail
   * @returns undefined for one that is not a declared fault; it is not consumed then
   */
  read(reader: XmlReader, attachments: ReceivedAttachments | undefined): DeclaredFault | undefined {
    const found = this.#named(reader) ?? (this.#isEncoded ? this.#loose(reader) : undefined)
    if (!found) return undefined
    const { name } = found.mapping
    // One that is nil has no detail. In SOAP encoding PHP writes so beside every fault that a WSDL does not declare.
    if (reader.isNil()) {
      if (this.#isEncoded) return undefined
      reader.skip()
      return { name, json: undefined }
    }
    const out = new JsonText(attachments)
    found.codec.decode(reader, out)
    return { name, json: out.finish() }
  }

  /** Of several faults with one element that of the xsi:type, else the first. */
  #named(reader: XmlReader): CompiledFault | undefined {
    const faults = this.#byElement.get(reader.name)
    const [first, ...others] = faults ?? []
    if (!first || others.length === 0) return first
    const type = reader.typeName()
    const typed = faults?.find(({ mapping }) => mapping.type && clark(mapping.type) === type)
    return typed ?? first
  }

  /** By xsi:type, else by the name without its namespace: only where that leaves one. */
  #loose(reader: XmlReader): CompiledFault | undefined {
    const type = typeIn(reader)
    const typed = this.#all.filter(
      ({ mapping }) =>
        type !== undefined &&
        mapping.type?.localName === type.localName &&
        mapping.type.namespace === type.namespace,
    )
    const named = this.#all.filter(({ mapping }) => mapping.element.localName === reader.localName)
    const both = typed.filter((fault) => named.includes(fault))
    const [only, ...others] = both.length > 0 ? both : typed.length > 0 ? typed : named
    return others.length === 0 ? only : undefined
  }
}
