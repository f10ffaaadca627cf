import { PLAIN_XML, plainDocument } from '../../adapter/request/plain-document.js'
import { AdapterError } from '../../base/errors.js'
import { clark } from '../../base/qname.js'
import { BodyCodec } from '../../codec/body.js'
import { type ValueCodec, XmlText } from '../../codec/codec.js'
import { Compiler } from '../../codec/compile.js'
import { JsonText } from '../../codec/json/text.js'
import { Prefixes } from '../../codec/prefixes.js'
import type { JsonObject } from '../../json/value.js'
import type { CanonicalMappings } from '../../mapping/canonical/canonical.js'
import type { BodyMapping } from '../../mapping/operation/mapping.js'
import { bodyOf, objectOf } from '../../mapping/operation/message/body.js'
import { NO_SAMPLE, sampleObject } from '../../mapping/sample/sample.js'
import { dialect, envelopeStart, writeEnvelope } from '../../soap/envelope.js'
import { contentTypeOf, type FaultToWrite } from '../../soap/fault-writer.js'
import type { SoapMessage, SoapOperation, SoapVersion } from '../../wsdl/model.js'
import { internName } from '../../xml/names.js'
import { XmlReader } from '../../xml/reader.js'
import { faultAnswer } from './fault.js'
import type { SimulatedAnswer } from './options.js'
import { closeEnvelope, type HeaderBlock, type RequestBody } from './request-envelope.js'
import { type Correlation, FAULT_ACTION, readHeader, replyBlocks } from './request-header.js'

const everything = { optionals: 'all', complete: true } as const

/** Makes a response, to a request that had a MessageID or to one that had none. */
type Answer = (correlation: Correlation | undefined) => SimulatedAnswer

/** One operation of a WSDL as its server would have it: the request is checked, the response is always the same. */
export class SimulatedOperation {
  /** Clark name of the first child of soap:Body in a request; undefined where the body is empty. */
  readonly root: string | undefined
  readonly #compiler = new Compiler(new Prefixes(), { complete: true })
  #request: BodyCodec | undefined
  #output: BodyMapping | undefined
  #headers: ReadonlyMap<string, ValueCodec> | undefined
  #answer: Answer | undefined

  constructor(
    readonly soap: SoapOperation,
    readonly soapVersion: SoapVersion,
    readonly canonical: CanonicalMappings,
    /** Whether its messages have no envelope. */
    readonly isPlain = false,
  ) {
    const [first] = soap.input.body
    this.root = first && internName(clark(first.name))
  }

  get name(): string {
    return this.soap.name
  }

  /** From now on texts in these bodies are documents, in requests and in samples. */
  useDocuments({ input, output }: Record<'input' | 'output', BodyMapping | undefined>): void {
    if (input) this.#request = new BodyCodec(input, this.#compiler)
    this.#output = output
  }

  /**
   * Reads the request to its end.
   *
   * @throws AdapterError or XmlError where it is not as the WSDL says
   */
  validate({ blocks, reader, more }: RequestBody): void {
    readHeader(blocks, (block) => this.#validateHeader(block))
    this.#request ??= new BodyCodec(bodyOf(this.soap.input, this.canonical, 'element'), this.#compiler)
    const dropped = new JsonText()
    this.#request.decode(reader, dropped, more)
    dropped.release()
    closeEnvelope(reader)
  }

  /**
   * Reads a request without an envelope.
   *
   * @param reader on the start tag of its element
   * @throws AdapterError or XmlError where it is not as the WSDL says
   */
  validateDocument(reader: XmlReader): void {
    this.#request ??= new BodyCodec(bodyOf(this.soap.input, this.canonical, 'element'), this.#compiler)
    const dropped = new JsonText()
    this.#request.decode(reader, dropped, true)
    dropped.release()
    reader.end()
  }

  /** What is answered; the first call makes the body. */
  answer(correlation?: Correlation): SimulatedAnswer {
    this.#answer ??= this.#sampled()
    return this.#answer(correlation)
  }

  /** From now on the response is this body, sent as it is. */
  answerWithBody(body: string): void {
    this.#answer = () => this.#answered(body)
  }

  /**
   * From now on the response has this content.
   *
   * @param content JSON with the members that the WSDL's names have by themselves (docs/annotation.md)
   * @throws EncodeError where the WSDL does not allow it
   */
  answerWithJson(content: JsonObject): void {
    const { output } = this.soap
    if (output) this.#answer = this.#enveloped(output, this.#bodyOf(output), content)
  }

  /** From now on the response is a declared fault; false where there is none of this name. */
  answerWithFault(name: string): boolean {
    const fault = this.soap.faults.find((declared) => declared.name === name)
    if (!fault) return false
    const detail = this.#bodyOf({ ...this.soap.input, body: [fault.element], at: fault.at })
    const out = new XmlText()
    const sample = sampleObject(detail.object, everything)
    if (!sample)
      throw new AdapterError('backend-mismatch', `The fault ${name} cannot be simulated: ${NO_SAMPLE}.`)
    new BodyCodec(detail, this.#compiler).encode(sample, out)
    const declarations = this.#compiler.declarations(detail)
    if (this.isPlain) {
      const body = plainDocument(out.whole, declarations)
      this.#answer = () => ({ ...this.#answered(body), status: 500, outcome: 'fault' })
      return true
    }
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

  /** From now on the response is this fault, which the WSDL does not declare. */
  answerWithUndeclared(fault: FaultToWrite): void {
    this.#answer = (correlation) => ({
      ...faultAnswer(this.soapVersion, {
        ...fault,
        operation: this.name,
        blocks: replyBlocks(correlation, FAULT_ACTION),
      }),
      outcome: 'fault',
    })
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
    const dropped = new JsonText()
    codec.decode(reader, dropped)
    dropped.release()
    return true
  }

  #sampled(): Answer {
    const { output } = this.soap
    if (!output) return () => ({ status: 202, body: '', operation: this.name, outcome: 'answered' })
    const body = this.#output ?? this.#bodyOf(output)
    const sample = sampleObject(body.object, everything)
    if (sample) return this.#enveloped(output, body, sample)
    return (correlation) =>
      faultAnswer(this.soapVersion, {
        blame: 'receiver',
        reason: `The response cannot be simulated: ${NO_SAMPLE}`,
        operation: this.name,
        blocks: replyBlocks(correlation, FAULT_ACTION),
      })
  }

  #answered(body: string): SimulatedAnswer {
    return {
      status: 200,
      contentType: this.isPlain ? PLAIN_XML : contentTypeOf(this.soapVersion),
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
    const sample = sampleObject(header.object, everything)
    const blocks = sample ? this.#markupOf(header, sample) : ''
    const markup = this.#markupOf(body, content)
    const declarations = this.#compiler.declarations(header, body)
    if (this.isPlain) {
      const document = plainDocument(markup, declarations)
      return () => this.#answered(document)
    }
    const start = envelopeStart(dialect(this.soapVersion), declarations)
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
