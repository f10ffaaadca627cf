import { clark } from '../../base/qname.js'
import { BodyCodec } from '../../codec/body.js'
import { JsonText, XmlText } from '../../codec/codec.js'
import { Compiler } from '../../codec/compile.js'
import { Prefixes } from '../../codec/prefixes.js'
import { type JsonObject } from '../../json/value.js'
import { bodyOf } from '../../mapping/body.js'
import { type CanonicalMappings } from '../../mapping/canonical.js'
import { namespacesOf } from '../../mapping/namespaces.js'
import { type BodyMapping } from '../../mapping/operation-mapping.js'
import { sampleObject } from '../../mapping/sample.js'
import { dialect, envelopeStart, writeEnvelope } from '../../soap/envelope.js'
import { type SoapMessage, type SoapOperation, type SoapVersion } from '../../wsdl/model.js'
import { contentTypeOf, faultAnswer } from './fault.js'
import { type SimulatedAnswer } from './options.js'
import { closeEnvelope, type RequestBody } from './request-envelope.js'

const everything = { optionals: 'all', complete: true } as const

/** One operation of a WSDL as its server would have it: the request is checked, the answer is always the same. */
export class SimulatedOperation {
  /** Clark name of the first child of soap:Body in a request; undefined where the body is empty. */
  readonly root: string | undefined
  readonly #prefixes = new Prefixes()
  readonly #compiler = new Compiler(this.#prefixes, true)
  #request: BodyCodec | undefined
  #answer: SimulatedAnswer | undefined

  constructor(
    readonly soap: SoapOperation,
    readonly soapVersion: SoapVersion,
    readonly canonical: CanonicalMappings,
  ) {
    const [first] = soap.input.body
    this.root = first && clark(first.name)
  }

  get name(): string {
    return this.soap.name
  }

  /**
   * Reads the request to its end.
   *
   * @throws AdapterError or XmlError where it is not as the WSDL says
   */
  validate({ reader, more }: RequestBody): void {
    this.#request ??= new BodyCodec(this.#bodyOf(this.soap.input), this.#compiler)
    this.#request.decode(reader, new JsonText(), more)
    closeEnvelope(reader)
  }

  /** What is answered; the first call makes it. */
  answer(): SimulatedAnswer {
    this.#answer ??= this.#sampled()
    return this.#answer
  }

  /** From now on the answer is this body, sent as it is. */
  answerWithBody(body: string): void {
    this.#answer = this.#answered(body)
  }

  /**
   * From now on the answer has this content.
   *
   * @param content JSON with the members that the WSDL's names have by themselves (docs/annotation.md)
   * @throws EncodeError where the WSDL does not allow it
   */
  answerWithJson(content: JsonObject): void {
    const { output } = this.soap
    if (output) this.#answer = this.#answered(this.#envelope(this.#bodyOf(output), content))
  }

  /** From now on the answer is a declared fault; false where there is none of this name. */
  answerWithFault(name: string): boolean {
    const fault = this.soap.faults.find((declared) => declared.name === name)
    if (!fault) return false
    const detail = this.#bodyOf({ ...this.soap.input, body: [fault.element], at: fault.at })
    const out = new XmlText()
    new BodyCodec(detail, this.#compiler).encode(sampleObject(detail.object, everything), out)
    this.#answer = faultAnswer(this.soapVersion, {
      blame: 'sender',
      reason: `Simulated ${name}`,
      detail: {
        markup: out.text,
        declarations: this.#prefixes.declarations(namespacesOf(detail, true)),
      },
      operation: this.name,
    })
    return true
  }

  #sampled(): SimulatedAnswer {
    const { output } = this.soap
    if (!output) return { status: 202, body: '', operation: this.name, outcome: 'answered' }
    const body = this.#bodyOf(output)
    return this.#answered(this.#envelope(body, sampleObject(body.object, everything)))
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

  #envelope(body: BodyMapping, content: JsonObject): string {
    const out = new XmlText()
    new BodyCodec(body, this.#compiler).encode(content, out)
    const declarations = this.#prefixes.declarations(namespacesOf(body, true))
    return writeEnvelope(envelopeStart(dialect(this.soapVersion), declarations), '', out.text)
  }

  #bodyOf(message: SoapMessage): BodyMapping {
    return bodyOf(message, this.canonical)
  }
}
