import { clark } from '../base/qname.js'
import { BodyCodec } from '../codec/body.js'
import { JsonText, type ValueCodec } from '../codec/codec.js'
import { type OperationMapping } from '../mapping/operation-mapping.js'
import { dialect } from '../soap/envelope.js'
import { type ReceivedAttachments } from '../soap/xop.js'
import { type XmlReader } from '../xml/reader.js'
import { checkRelation } from './addressing.js'
import { type DeclaredFault, readAnswer } from './answer.js'
import { type AnswerHeader, HeaderReader } from './header-reader.js'
import { carve, checkCovered, type Received, unpack } from './received.js'
import { type Reply } from './reply.js'
import { type SoapResponse } from './rest.js'
import { type BackendRuntime } from './runtime.js'
import { SessionEnded } from './session.js'
import { verified } from './verified.js'

interface CompiledFault {
  readonly name: string
  readonly codec: ValueCodec
}

/** Reads the answers of one operation. */
export class ReplyReader {
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #namespace: string
  #output: BodyCodec | undefined
  #header: HeaderReader | undefined
  #faults: ReadonlyMap<string, CompiledFault> | undefined

  constructor(mapping: OperationMapping, runtime: BackendRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    this.#namespace = dialect(mapping.backend.soapVersion).namespace
  }

  warmUp(): void {
    this.#outputCodec()
    this.#headerReader()
    this.#faultCodecs()
  }

  /**
   * @param messageId of the call that is answered, where addresses are checked
   * @throws SessionEnded, or an AdapterError with a code that begins with `backend-`
   */
  read(response: SoapResponse, messageId: string | undefined): Reply {
    const { session, addressing } = this.#runtime
    const reply = this.#reply(response)
    const { answer, header } = reply
    if (addressing && messageId !== undefined) {
      checkRelation(header?.relatesTo, messageId, answer, addressing)
    }
    if (answer.kind === 'fault' && session?.isEndedBy(answer)) throw new SessionEnded()
    return reply
  }

  #reply(response: SoapResponse): Reply {
    const { security, maxResponseBytes } = this.#runtime
    const received = unpack(response, maxResponseBytes)
    if (security) {
      checkCovered(received, this.#mapping.backend.annotation.security)
      return this.#envelope({ ...received, response: verified(received.response, security) })
    }
    const carved = received.attachments ? undefined : carve(response)
    return (carved && this.#carved(carved)) ?? this.#envelope(received)
  }

  /** @returns undefined where the answer has to be read as it stands */
  #carved(carved: Received): Reply | undefined {
    try {
      const reply = this.#envelope(carved)
      return carved.attachments?.unreferred.length === 0 ? { ...reply, attachments: undefined } : undefined
    } catch {
      return undefined
    }
  }

  #envelope({ response, attachments }: Received): Reply {
    let header: AnswerHeader | undefined
    const answer = readAnswer(response, {
      namespace: this.#namespace,
      output: this.#outputCodec(),
      newText: () => new JsonText(attachments, this.#mapping.response.form === 'octets'),
      header: (reader) => {
        header = this.#headerReader().read(reader)
      },
      detail: (reader) => this.#declaredFault(reader, attachments),
    })
    return { answer, header, headers: response.headers, attachments }
  }

  #outputCodec(): BodyCodec | undefined {
    const { body } = this.#mapping.response
    if (body) this.#output ??= new BodyCodec(body, this.#runtime.compiler)
    return this.#output
  }

  #headerReader(): HeaderReader {
    const { compiler, addressing, security } = this.#runtime
    const understood = { addressing: addressing !== undefined, security: security !== undefined }
    this.#header ??= new HeaderReader(this.#mapping.response.blocks, compiler, understood)
    return this.#header
  }

  #faultCodecs(): ReadonlyMap<string, CompiledFault> {
    const { compiler } = this.#runtime
    this.#faults ??= new Map(
      // The first fault of an element counts, so it must come last.
      this.#mapping.faults
        .toReversed()
        .map(({ element, name, value }) => [clark(element), { name, codec: compiler.value(value) }]),
    )
    return this.#faults
  }

  #declaredFault(reader: XmlReader, attachments: ReceivedAttachments | undefined): DeclaredFault | undefined {
    const found = this.#faultCodecs().get(reader.name)
    if (!found) return undefined
    const out = new JsonText(attachments)
    found.codec.decode(reader, out)
    return { name: found.name, json: out.whole }
  }
}
