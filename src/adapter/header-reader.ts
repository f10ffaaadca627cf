import { AdapterError } from '../base/errors.js'
import { WSA } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import { JsonText, type ValueCodec } from '../codec/codec.js'
import { type Compiler } from '../codec/compile.js'
import { parseWritten } from '../json/parse.js'
import { type JsonObject, type JsonValue } from '../json/value.js'
import { type BlockMapping } from '../mapping/operation-mapping.js'
import { WSSE } from '../security/names.js'
import { isForUltimateReceiver, mustUnderstand } from '../soap/header-block.js'
import { internName } from '../xml/names.js'
import { type XmlReader } from '../xml/reader.js'
import { toldName } from '../xml/told-name.js'

/** What the header of an answer says. */
export interface AnswerHeader {
  /** The declared blocks, by their members. */
  readonly blocks: JsonObject
  /** Of WS-Addressing. */
  readonly relatesTo: string | undefined
}

interface Block {
  readonly member: string
  readonly codec: ValueCodec
}

const RELATES_TO = `{${WSA}}RelatesTo`

/** Interned, so that a block that nobody understands is told by its name, where a specification has it. */
for (const localName of ['Action', 'FaultTo', 'From', 'MessageID', 'RelatesTo', 'ReplyTo', 'To']) {
  internName(`{${WSA}}${localName}`)
}
internName(`{${WSSE}}Security`)

/** Reads soap:Header of the answers of one operation. */
export class HeaderReader {
  readonly #blocks = new Map<string, Block>()
  readonly #understood: ReadonlySet<string>

  /** @param understood namespaces whose blocks others deal with */
  constructor(
    blocks: readonly BlockMapping[],
    compiler: Compiler,
    understood: { readonly addressing: boolean; readonly security: boolean },
  ) {
    for (const { element, member, value } of blocks) {
      this.#blocks.set(internName(clark(element)), { member, codec: compiler.value(value) })
    }
    this.#understood = new Set([
      ...(understood.addressing ? [WSA] : []),
      ...(understood.security ? [WSSE] : []),
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
        blocks[block.member] = parseWritten(out.whole)
      } else if (reader.name === RELATES_TO) relatesTo = reader.text().trim()
      else this.#pass(reader)
    }
    return { blocks, relatesTo }
  }

  #pass(reader: XmlReader): void {
    const isOurs = mustUnderstand(reader) && isForUltimateReceiver(reader)
    if (isOurs && !this.#understood.has(reader.namespace)) {
      throw new AdapterError(
        'backend-mismatch',
        `The answer has a header block, ${toldName(reader.localName)}, that must be understood, and the contract says nothing of it.`,
        { path: reader.path() },
      )
    }
    reader.skip()
  }
}
