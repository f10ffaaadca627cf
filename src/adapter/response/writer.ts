import { bodyOf, type Segment, textOf } from '../../base/bytes/source.js'
import { parseWritten } from '../../json/parse.js'
import type { JsonValue } from '../../json/value.js'
import type { OperationMapping } from '../../mapping/operation/mapping.js'
import { MEDIA_TYPE } from '../../mapping/operation/message/response.js'
import type { ReceivedAttachments } from '../../soap/xop.js'
import type { OutputAnswer } from '../reply/answer.js'
import type { AnswerHeader } from '../reply/header-reader.js'
import type { Reply, ReplyRest } from '../reply/reply.js'
import type { RestRequest, RestResponse } from '../rest.js'
import {
  bodiesOf,
  bytesMediaType,
  endOfPart,
  hasPart,
  notFound,
  selectedPart,
  startOfPart,
  textBody,
  withMembers,
} from './body.js'
import { declaredFault } from './declared-fault.js'
import { attachedMembers, declaredParts } from './declared-parts.js'
import type { Answered } from './fault-problem.js'
import { fill } from './headers.js'
import { mappedFault } from './mapped-fault.js'

/** Makes the REST responses of one operation from what its backend has answered. */
export class ResponseWriter {
  readonly #mapping: OperationMapping
  readonly #contentType: Readonly<Record<string, string>>

  constructor(mapping: OperationMapping) {
    this.#mapping = mapping
    this.#contentType = contentTypeOf(mapping.response)
  }

  /** @throws AdapterError `backend-fault`, `backend-mismatch` or `resource-not-found` */
  write(
    { answer, header, attachments, rest }: Reply,
    request: RestRequest | undefined,
    answered: Answered = {},
  ): RestResponse {
    if (answer.kind === 'fault') {
      if (answer.mapped) return mappedFault(answer.mapped, answered)
      return declaredFault(answer, this.#mapping.faults, answered)
    }
    const { status, mediaType, headers } = this.#mapping.response
    if (answer.kind === 'empty' || mediaType === undefined) {
      return { status, headers: this.#filled(undefined, header, request), body: '' }
    }
    const value: Pick<RestResponse, 'headers' | 'body' | 'rest'> = rest
      ? this.#begun(answer, rest)
      : this.#bodyOf(answer, attachments)
    if (headers.length === 0) {
      return value.rest ? { status, ...value } : { status, headers: value.headers, body: value.body }
    }
    const filled = this.#filled(rest ? undefined : this.#parsed(answer), header, request)
    return { status, ...value, headers: { ...value.headers, ...filled } }
  }

  /** What headers are taken from. A response that is still being read has none that is taken from its body. */
  #parsed({ json }: OutputAnswer): JsonValue {
    const { form } = this.#mapping.response
    return parseWritten(textOf(form === 'json' ? this.#selected([json]) : [json]))
  }

  /** The first page of a response that is still being read, and those that follow. */
  #begun(answer: OutputAnswer, rest: ReplyRest): Pick<RestResponse, 'headers' | 'body' | 'rest'> {
    const { selected } = this.#mapping.response
    const { segments = [] } = answer
    const first = selected === undefined ? segments : startOfPart(segments, selected)
    const following = selected === undefined ? rest.pages : endOfPart(rest.pages)
    return {
      headers: this.#contentType,
      body: bodyOf(first),
      rest: { bodies: bodiesOf(following), cancel: rest.cancel },
    }
  }

  #bodyOf(
    answer: OutputAnswer,
    attachments: ReceivedAttachments | undefined,
  ): Pick<RestResponse, 'headers' | 'body'> {
    const { form, attached } = this.#mapping.response
    if (form === 'bytes') return this.#bytes(answer, attachments)
    const headers = this.#contentType
    const whole = answer.segments ?? [answer.json]
    const segments = this.#selected(whole)
    if (form === 'text') return { headers, body: textBody(segments) }
    if (attached.length === 0) return { headers, body: bodyOf(segments) }
    return { headers, body: bodyOf(withMembers(segments, attachedMembers(attached, attachments))) }
  }

  #selected(whole: readonly Segment[]): readonly Segment[] {
    const { selected, absentIsNull = false } = this.#mapping.response
    if (selected === undefined) return whole
    if (absentIsNull && !hasPart(whole, selected)) return ['null']
    return selectedPart(whole, selected)
  }

  #bytes(
    answer: OutputAnswer,
    attachments: ReceivedAttachments | undefined,
  ): Pick<RestResponse, 'headers' | 'body'> {
    const { rest, soap, response } = this.#mapping
    const { part, status } = response
    const found = part && declaredParts(soap.output?.attachments ?? [], attachments).get(part.part)
    const bytes = part ? found && attachments?.taken(found) : answer.bytes
    if (!bytes) throw notFound()
    const declared = rest.responses.find((candidate) => Number(candidate.status) === status)?.content ?? []
    const { [MEDIA_TYPE]: said } = JSON.parse(textOf([answer.json])) as Readonly<Record<string, unknown>>
    const mediaTypes = declared.map(({ mediaType }) => mediaType)
    const contentType = bytesMediaType(mediaTypes, typeof said === 'string' ? said : undefined, bytes)
    return { headers: { 'content-type': contentType }, body: bytes.content }
  }

  #filled(
    body: JsonValue | undefined,
    header: AnswerHeader | undefined,
    request: RestRequest | undefined,
  ): Record<string, string> {
    const values = { request, response: { body, soapHeader: header?.blocks } }
    return Object.fromEntries(
      this.#mapping.response.headers.flatMap(({ name, template }) => {
        const text = fill(template, values)
        return text === undefined ? [] : [[name, text]]
      }),
    )
  }
}

/** Text is in UTF-8, whatever the contract says of it. */
function contentTypeOf({ mediaType, form }: OperationMapping['response']): Record<string, string> {
  if (mediaType === undefined) return {}
  const isBare = form === 'text' && mediaType.startsWith('text/') && !mediaType.includes(';')
  return { 'content-type': isBare ? `${mediaType}; charset=utf-8` : mediaType }
}
