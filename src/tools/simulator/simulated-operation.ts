import { clark } from '../../base/qname.js'
import { BodyCodec } from '../../codec/body.js'
import { JsonText, type ValueCodec, XmlText } from '../../codec/codec.js'
import { Compiler } from '../../codec/compile.js'
import { Prefixes } from '../../codec/prefixes.js'
import { type JsonObject } from '../../json/value.js'
import { bodyOf, objectOf } from '../../mapping/body.js'
import { type CanonicalMappings } from '../../mapping/canonical.js'
import { namespacesOf } from '../../mapping/namespaces.js'
import { type BodyMapping } from '../../mapping/operation-mapping.js'
import { sampleObject } from '../../mapping/sample.js'
import { dialect, envelopeStart, writeEnvelope } from '../../soap/envelope.js'
import { type SoapMessage, type SoapOperation, type SoapVersion } from '../../wsdl/model.js'
import { internName } from '../../xml/names.js'
import { XmlReader } from '../../xml/reader.js'
import { contentTypeOf, faultAnswer } from './fault.js'
import { type SimulatedAnswer } from './options.js'
import { closeEnvelope, type HeaderBlock, type RequestBody } from './request-envelope.js'
import { type Correlation, FAULT_ACTION, readHeader, replyBlocks } from './request-header.js'

const everything = { optionals: 'all', complete: true } as const

/** Makes an answer, to a request that had a MessageID or to one that had none. */
type Answer = (correlation: Correlation | undefined) => SimulatedAnswer

/** One operation of a WSDL as its server would have it: the request is checked, the answer is always the same. */
export class SimulatedOperation {
  /** Clark name of the first child of soap:Body in a request; undefined where the body is empty. */
  readonly root: string | undefined
  readonly #prefixes = new Prefixes()
  readonly #compiler = new Compiler(this.#prefixes, true)
  #request: BodyCodec | undefined
  #headers: ReadonlyMap<string, ValueCodec> | undefined
  #answer: Answer | undefined

  constructor(
    readonly soap: SoapOperation,
    readonly soapVersion: SoapVersion,
    readonly canonical: CanonicalMappings,
  ) {
    const [first] = soap.input.body
    this.root = first && internName(clark(first.name))
  }

  get name(): string {
    return this.soap.name
  }

  /**
   * Reads the request to its end.
   *
   * @throws AdapterError or XmlError where it is not as the WSDL says
   */
  validate({ blocks, reader, more }: RequestBody): void {
    readHeader(blocks, (block) => this.#validateHeader(block))
    this.#request ??= new BodyCodec(this.#bodyOf(this.soap.input), this.#compiler)
    this.#request.decode(reader, new JsonText(), more)
    closeEnvelope(reader)
  }

  /** What is answered; the first call makes the body. */
  answer(correlation?: Correlation): SimulatedAnswer {
    this.#answer ??= this.#sampled()
    return this.#answer(correlation)
  }

  /** From now on the answer is this body, sent as it is. */
  answerWithBody(body: string): void {
    this.#answer = () => this.#answered(body)
  }

  /**
   * From now on the answer has this content.
   *
   * @param content JSON with the members that the WSDL's names have by themselves (docs/annotation.md)
   * @throws EncodeError where the WSDL does not allow it
   */
  answerWithJson(content: JsonObject): void {
    const { output } = this.soap
    if (output) this.#answer = this.#enveloped(output, this.#bodyOf(output), content)
  }

  /** From now on the answer is a declared fault; false where there is none of this name. */
  answerWithFault(name: string): boolean {
    const fault = this.soap.faults.find((declared) => declared.name === name)
    if (!fault) return false
    const detail = this.#bodyOf({ ...this.soap.input, body: [fault.element], at: fault.at })
    const out = new XmlText()
    new BodyCodec(detail, this.#compiler).encode(sampleObject(detail.object, everything), out)
    const declarations = this.#prefixes.declarations(namespacesOf(detail, true))
    this.#answer = (correlation) =>
      faultAnswer(this.soapVersion, {
        blame: 'sender',
        reason: `Simulated ${name}`,
        detail: { markup: out.whole, declarations },
        operation: this.name,
        blocks: replyBlocks(correlation, FAULT_ACTION),
      })
    return true
  }

  #validateHeader({ name, markup }: HeaderBlock): boolean {
    this.#headers ??= new Map(
      this.soap.input.headers.map(({ element }) => [
        internName(clark(element.name)),
        this.#compiler.value(this.canonical.value(element.type)),
      ]),
    )
    const codec = this.#headers.get(name)
    if (!codec) return false
    const reader = new XmlReader(markup)
    reader.nextElement()
    codec.decode(reader, new JsonText())
    return true
  }

  #sampled(): Answer {
    const { output } = this.soap
    if (!output) return () => ({ status: 202, body: '', operation: this.name, outcome: 'answered' })
    const body = this.#bodyOf(output)
    return this.#enveloped(output, body, sampleObject(body.object, everything))
  }

  #answered(body: string): SimulatedAnswer {
    return {
      status: 200,
      contentType: contentTypeOf(this.soapVersion),
      body,
      operation: this.name,
      outcome: 'answered',
    }
  }

  /** An envelope with this body, and with samples of the headers that the output declares. */
  #enveloped({ headers, at }: SoapMessage, body: BodyMapping, content: JsonObject): Answer {
    const header: BodyMapping = {
      wrapper: undefined,
      object: objectOf(
        headers.map(({ element }) => element),
        at,
        this.canonical,
      ),
    }
    const blocks = this.#markupOf(header, sampleObject(header.object, everything))
    const markup = this.#markupOf(body, content)
    const namespaces = new Set([...namespacesOf(header, true), ...namespacesOf(body, true)])
    const start = envelopeStart(dialect(this.soapVersion), this.#prefixes.declarations([...namespaces]))
    return (correlation) => {
      const addressing = replyBlocks(correlation, this.soap.replyAction)
      return this.#answered(writeEnvelope(start, addressing + blocks, markup))
    }
  }

  #markupOf(body: BodyMapping, content: JsonObject): string {
    const out = new XmlText()
    new BodyCodec(body, this.#compiler).encode(content, out)
    return out.whole
  }

  #bodyOf(message: SoapMessage): BodyMapping {
    return bodyOf(message, this.canonical)
  }
}
