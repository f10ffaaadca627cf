import { AdapterError } from '../../base/errors.js'
import type { ValueCodec } from '../../codec/codec.js'
import type { Compiler } from '../../codec/compile.js'
import { JsonText } from '../../codec/json/text.js'
import { quote } from '../../json/write.js'
import type { MappedFaultMapping, MappedValue } from '../../mapping/operation/mapping.js'
import { meets } from '../../soap/fault-condition.js'
import { readFaultContent, valueAt } from '../../soap/fault-content.js'
import { escapeText } from '../../xml/escape.js'
import { withoutXmlLimits, XmlReader } from '../../xml/reader.js'

/** A fault that no WSDL declares, as the contract maps it. */
export interface MappedFault {
  readonly mapping: MappedFaultMapping
  /** The values as a JSON object; absent where the contract takes none. */
  readonly json: string | undefined
  /** The first value that the problem's schema requires, and the fault does not give as it should be. */
  readonly missing: string | undefined
}

/** A longer value, in UTF-16 code units, is not given. */
const LONGEST_VALUE = 4_096

interface CompiledValue {
  readonly value: MappedValue
  readonly codec: ValueCodec
}

/** Tells the faults that the contract maps, and takes their values. */
export class MappedFaults {
  readonly #faults: readonly {
    readonly mapping: MappedFaultMapping
    readonly values: readonly CompiledValue[]
  }[]

  constructor(mappings: readonly MappedFaultMapping[], compiler: Compiler) {
    this.#faults = mappings.map((mapping) => ({
      mapping,
      values: mapping.values.map((value) => ({ value, codec: compiler.value(value.value) })),
    }))
  }

  /**
   * @param fault the element as a document of its own
   * @returns undefined where it is none of those that are mapped
   */
  read(fault: string): MappedFault | undefined {
    const content = readFaultContent(fault)
    const found = this.#faults.find(({ mapping }) => meets(content, mapping.when))
    if (!found) return undefined
    const { mapping, values } = found
    if (values.length === 0) return { mapping, json: undefined, missing: undefined }
    let missing: string | undefined
    const members = values.flatMap(({ value, codec }) => {
      const json = jsonOf(valueAt(content, value.path), codec)
      if (json !== undefined) return [`${quote(value.name)}:${json}`]
      if (value.required) missing ??= value.name
      return []
    })
    return { mapping, json: `{${members.join(',')}}`, missing }
  }
}

/** @returns undefined where the text is too long, or is not what the schema takes */
function jsonOf(text: string | undefined, codec: ValueCodec): string | undefined {
  if (text === undefined || text.length > LONGEST_VALUE) return undefined
  const reader = new XmlReader(`<value>${escapeText(text)}</value>`, withoutXmlLimits)
  reader.nextElement()
  const out = new JsonText()
  try {
    codec.decode(reader, out)
    return out.finish()
  } catch (error) {
    if (error instanceof AdapterError && error.code === 'backend-mismatch') return undefined
    throw error
  }
}
