import type { CallTap, OpenTap } from '../adapter/call-tap.js'
import type { RestRequest, RestResponse, SoapRequest } from '../adapter/rest.js'
import type { SoapAnswer } from '../backend/soap-call.js'
import { AdapterError } from '../base/errors.js'
import type { OperationMapping } from '../mapping/operation/mapping.js'
import { restRequestView, restResponseView, soapRequestView, soapResponseView } from './messages.js'
import { rulesIdOf } from './operation-rules.js'
import type { Disclosure, MessageView } from './view.js'

export interface CallSummary {
  readonly id: number
  /** When it began, of the clock of this process. */
  readonly at: string
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly backend: string
  /** Of the response or of the problem. */
  readonly outcome: string
  readonly isFailed: boolean
  readonly milliseconds: number
}

export interface RecordedCall extends CallSummary {
  readonly soapOperation: string
  /** Of the rules by which it was translated. */
  readonly rulesId: string
  readonly requestId: string | undefined
  /** In order, in milliseconds; those that were reached. */
  readonly stages: readonly { readonly name: Stage; readonly milliseconds: number }[]
  readonly restRequest: MessageView
  readonly soapRequest?: MessageView
  readonly soapResponse?: MessageView
  readonly restResponse?: MessageView
  /** Of an error that is no response: its code and what the client is told. */
  readonly problem?: { readonly code: string; readonly message: string }
  /** The fault that the backend answered with, where the contract knows it. */
  readonly fault?: string
}

export type Stage = 'encode' | 'backend' | 'decode' | 'respond'

export interface RecorderLimits {
  readonly calls: number
  readonly bytes: number
}

interface Kept {
  readonly summary: CallSummary
  /** As it is sent to the page: a text is what takes exactly the memory that its length says. */
  readonly text: string
}

/** The last calls, within bounds of number and memory. */
export class CallRecorder {
  readonly #limits: RecorderLimits
  readonly #disclosure: Disclosure
  readonly #kept = new Map<number, Kept>()
  #bytes = 0
  #lastId = 0

  constructor(limits: RecorderLimits, disclosure: Disclosure) {
    this.#limits = limits
    this.#disclosure = disclosure
  }

  /** Newest first. */
  get summaries(): readonly CallSummary[] {
    return [...this.#kept.values()].map(({ summary }) => summary).reverse()
  }

  /** What is kept, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** @returns a {@link RecordedCall} as JSON */
  text(id: number): string | undefined {
    return this.#kept.get(id)?.text
  }

  clear(): void {
    this.#kept.clear()
    this.#bytes = 0
  }

  readonly openTap: OpenTap = (mapping, request, { requestId }) =>
    new RecordingTap({
      ...{ id: ++this.#lastId, mapping, request, requestId, disclosure: this.#disclosure },
      keep: (call) => {
        this.#keep(call)
      },
    })

  #keep(call: RecordedCall): void {
    const { id, at, operationId, method, path, backend, outcome, isFailed, milliseconds } = call
    const summary = { id, at, operationId, method, path, backend, outcome, isFailed, milliseconds }
    const text = JSON.stringify(call)
    this.#kept.set(id, { summary, text })
    this.#bytes += 2 * text.length
    for (const [oldest, kept] of this.#kept) {
      if (this.#kept.size <= this.#limits.calls && this.#bytes <= this.#limits.bytes) break
      this.#kept.delete(oldest)
      this.#bytes -= 2 * kept.text.length
    }
  }
}

interface Begun {
  readonly id: number
  readonly mapping: OperationMapping
  readonly request: RestRequest
  readonly requestId: string | undefined
  readonly disclosure: Disclosure
  readonly keep: (call: RecordedCall) => void
}

interface End extends Pick<RecordedCall, 'outcome' | 'isFailed' | 'problem' | 'fault'> {
  readonly restResponse?: () => MessageView
}

class RecordingTap implements CallTap {
  readonly #begun: Begun
  readonly #at = new Date().toISOString()
  readonly #startedAt = performance.now()
  #sent: { readonly call: SoapRequest; readonly at: number } | undefined
  #received: { readonly answer: Parameters<CallTap['received']>[0]; readonly at: number } | undefined
  #decodedAt: number | undefined

  constructor(begun: Begun) {
    this.#begun = begun
  }

  sent(call: SoapRequest): void {
    this.#sent = { call, at: performance.now() }
    this.#received = undefined
    this.#decodedAt = undefined
  }

  received(answer: SoapAnswer): void {
    this.#received = { answer, at: performance.now() }
  }

  decoded(): void {
    this.#decodedAt = performance.now()
  }

  answered(response: RestResponse): void {
    const { disclosure } = this.#begun
    this.#end({
      outcome: String(response.status),
      isFailed: response.status >= 400,
      restResponse: () => restResponseView(response, disclosure),
      ...(response.fault !== undefined && { fault: response.fault }),
    })
  }

  failed(error: unknown): void {
    const problem =
      error instanceof AdapterError
        ? { code: error.code, message: error.message }
        : { code: 'internal', message: 'The service failed; its log says why.' }
    this.#end({ outcome: problem.code, isFailed: true, problem })
  }

  /** Looks at the messages after the response is on its way. */
  #end(end: End): void {
    const endedAt = performance.now()
    setImmediate(() => {
      this.#begun.keep(this.#recorded(end, endedAt))
    })
  }

  #recorded({ restResponse, ...end }: End, endedAt: number): RecordedCall {
    const { id, mapping, request, requestId, disclosure } = this.#begun
    const { rest, backend, soap } = mapping
    return {
      ...{ id, at: this.#at, requestId, backend: backend.name },
      ...{ soapOperation: soap.name, rulesId: rulesIdOf(mapping) },
      ...{ operationId: rest.operationId, method: rest.method, path: rest.path },
      ...end,
      milliseconds: rounded(endedAt - this.#startedAt),
      stages: this.#stages(endedAt),
      restRequest: restRequestView(rest, request, disclosure),
      ...(this.#sent && { soapRequest: soapRequestView(backend.name, this.#sent.call, disclosure) }),
      ...(this.#received && { soapResponse: soapResponseView(this.#received.answer, disclosure) }),
      ...(restResponse && { restResponse: restResponse() }),
    }
  }

  #stages(endedAt: number): RecordedCall['stages'] {
    const marks: readonly (readonly [Stage, number | undefined])[] = [
      ['encode', this.#sent?.at],
      ['backend', this.#received?.at],
      ['decode', this.#decodedAt],
      ['respond', undefined],
    ]
    const stages: { name: Stage; milliseconds: number }[] = []
    let from = this.#startedAt
    for (const [name, to = endedAt] of marks) {
      stages.push({ name, milliseconds: rounded(to - from) })
      from = to
      if (to === endedAt) break
    }
    return stages
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100
}
