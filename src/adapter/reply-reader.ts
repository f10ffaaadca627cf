import { type SoapAnswer } from '../backend/soap-call.js'
import { type Segment } from '../base/byte-source.js'
import { type ByteStream } from '../base/byte-stream.js'
import { clark } from '../base/qname.js'
import { BodyCodec } from '../codec/body.js'
import { JsonText, type ValueCodec } from '../codec/codec.js'
import { type ListPager } from '../codec/list-pager.js'
import { type OperationMapping } from '../mapping/operation-mapping.js'
import { dialect } from '../soap/envelope.js'
import { type ReceivedAttachments } from '../soap/xop.js'
import { internName } from '../xml/names.js'
import { type XmlReader } from '../xml/reader.js'
import { checkRelation } from './addressing.js'
import { charsetOf, type DeclaredFault, readAnswer } from './answer.js'
import { type AnswerPage, readPages } from './answer-pages.js'
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

/** Of an answer that is being read. */
interface Seen {
  header?: AnswerHeader
}

/** Reads the answers of one operation. */
export class ReplyReader {
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #namespace: string
  /** Whether the text of an answer can be given before all of it has been read. */
  readonly isStreamable: boolean
  #output: BodyCodec | undefined
  #header: HeaderReader | undefined
  #faults: ReadonlyMap<string, CompiledFault> | undefined

  constructor(mapping: OperationMapping, runtime: BackendRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    this.#namespace = dialect(mapping.backend.soapVersion).namespace
    this.isStreamable = isStreamable(mapping) && runtime.security === undefined
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
    return this.#checked(this.#reply(response), messageId)
  }

  /**
   * Reads an answer while it arrives: up to some item of its first long list before it returns, to its end where it has
   * none.
   *
   * @throws as `read` does; the pages that follow throw what could not be known before
   */
  async readPages(
    response: SoapAnswer & { readonly rest: ByteStream },
    messageId: string | undefined,
  ): Promise<Reply> {
    const { rest, headers } = response
    const seen: Seen = {}
    const charset = charsetOf(headers['content-type'])
    const pages = readPages({ body: response.body, rest, charset }, (xml, pager) =>
      this.#envelope({ response: { ...response, body: xml }, attachments: undefined }, seen, pager),
    )
    const { value: first } = await pages.next()
    if (!first) throw new Error('an answer has one page at least')
    if (first.isLast) return this.#checked(first.result, messageId)
    const answer = { kind: 'output', json: '', segments: first.json, octets: undefined } as const
    const begun = this.#checked({ answer, header: seen.header, headers, attachments: undefined }, messageId)
    const cancel = (): void => {
      rest.close()
    }
    return { ...begun, rest: { pages: following(pages), cancel } }
  }

  #checked(reply: Reply, messageId: string | undefined): Reply {
    const { session, addressing } = this.#runtime
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

  /** @param seen takes the header as soon as it is read */
  #envelope({ response, attachments }: Received, seen: Seen = {}, pager?: ListPager): Reply {
    const answer = readAnswer(response, {
      namespace: this.#namespace,
      output: this.#outputCodec(),
      newText: () => new JsonText(attachments, this.#mapping.response.form === 'octets', pager),
      header: (reader) => {
        seen.header = this.#headerReader().read(reader)
      },
      detail: (reader) => this.#declaredFault(reader, attachments),
    })
    return { answer, header: seen.header, headers: response.headers, attachments }
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
        .map(({ element, name, value }) => [
          internName(clark(element)),
          { name, codec: compiler.value(value) },
        ]),
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

/** Nothing of the response may depend on what comes last, and what is read last on nothing that came before. */
function isStreamable({ response }: OperationMapping): boolean {
  const { form, body, attached, headers } = response
  const needsBody = headers.some(({ template }) =>
    template.some((part) => typeof part !== 'string' && part.kind === 'response' && part.part === 'body'),
  )
  return form === 'json' && !body?.object.type.encoded && attached.length === 0 && !needsBody
}

/** The JSON text of the pages after the first. */
async function* following(pages: AsyncIterable<AnswerPage<Reply>>): AsyncGenerator<readonly Segment[], void> {
  for await (const page of pages) {
    if (!page.isLast) yield page.json
    else if (page.result.answer.kind === 'output') {
      const { segments, json } = page.result.answer
      yield segments ?? [json]
    }
  }
}
