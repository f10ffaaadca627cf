import { AdapterError } from '../../base/errors.js'
import { WSA } from '../../base/namespaces.js'
import { clark } from '../../base/qname.js'
import type { Compiler } from '../../codec/compile.js'
import { JsonText } from '../../codec/json/text.js'
import { lenientValue, type ValueDecoder } from '../../codec/lenient-value.js'
import { parseWritten } from '../../json/parse.js'
import type { JsonObject, JsonValue } from '../../json/value.js'
import type { BlockMapping } from '../../mapping/operation/mapping.js'
import { isForUltimateReceiver, mustUnderstand } from '../../soap/header-block.js'
import { WSSE, XENC } from '../../ws-security/names.js'
import { internName } from '../../xml/names.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeName } from '../../xml/safe-name.js'
import { trimXml } from '../../xml/white-space.js'
import { encrypted } from './encrypted.js'

/** What the header of a response says. */
export interface AnswerHeader {
  /** The declared blocks, by their members. */
  readonly blocks: JsonObject
  /** Of WS-Addressing. */
  readonly relatesTo: string | undefined
}

interface Block {
  readonly member: string
  readonly codec: ValueDecoder
}

const RELATES_TO = `{${WSA}}RelatesTo`

/** Interned, so that a block that nobody understands is told by its name, where a specification has it. */
for (const localName of ['Action', 'FaultTo', 'From', 'MessageID', 'RelatesTo', 'ReplyTo', 'To']) {
  internName(`{${WSA}}${localName}`)
}
internName(`{${WSSE}}Security`)

/** Reads soap:Header of the responses of one operation. */
export class HeaderReader {
  readonly #blocks = new Map<string, Block>()
  /** Namespaces, and names in Clark notation. */
  readonly #understood: ReadonlySet<string>

  /** @param understood whose blocks others deal with, or nobody needs to */
  constructor(
    blocks: readonly BlockMapping[],
    compiler: Compiler,
    understood: {
      readonly addressing: boolean
      readonly security: boolean
      /** Names of blocks in Clark notation, which the contract lets pass. */
      readonly blocks?: readonly string[]
    },
  ) {
    for (const { element, member, value } of blocks) {
      this.#blocks.set(internName(clark(element)), { member, codec: lenientValue(value, compiler) })
    }
    this.#understood = new Set([
      ...(understood.addressing ? [WSA] : []),
      ...(understood.security ? [WSSE] : []),
      ...(understood.blocks ?? []).map(internName),
    ])
  }

  /**
   * Consumes soap:Header.
   *
   * @throws AdapterError `backend-mismatch` where a block must be understood and is not (SOAP 1.1, 4.2.3;
   *   SOAP 1.2 Part 1, 5.2.3), or is not as the WSDL says
   */
  read(reader: XmlReader): AnswerHeader {
    const blocks: Record<string, JsonValue> = {}
    let relatesTo: string | undefined
    while (reader.nextElement()) {
      const block = this.#blocks.get(reader.name)
      if (block) {
        const out = new JsonText()
        block.codec.decode(reader, out)
        blocks[block.member] = parseWritten(out.finish())
      } else if (reader.name === RELATES_TO) relatesTo = trimXml(reader.text())
      else this.#pass(reader)
    }
    return { blocks, relatesTo }
  }

  #pass(reader: XmlReader): void {
    const isOurs = mustUnderstand(reader) && isForUltimateReceiver(reader)
    const isUnderstood = this.#understood.has(reader.namespace) || this.#understood.has(reader.name)
    if (isOurs && !isUnderstood) {
      const block = safeName(reader.localName)
      const path = reader.path()
      if (reader.namespace === WSSE && reader.fragment().includes(XENC)) throw encrypted()
      throw new AdapterError(
        'backend-mismatch',
        `The response has a header block, ${block}, that must be understood, and the contract says nothing of it.`,
        { path },
      )
    }
    reader.skip()
  }
}
