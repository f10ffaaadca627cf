import type { Adapter } from '../adapter/adapter.js'
import type { RestOperation, RestRequest } from '../adapter/rest.js'
import { AdapterError } from '../base/errors.js'
import type { OperationMapping } from '../mapping/operation/mapping.js'
import { selectedBy } from '../mapping/operation/selection.js'
import { CallRecorder, type CallSummary, type RecorderLimits } from './call-recorder.js'
import { type ContractView, contractView } from './contract-view.js'
import { restRequestView, restResponseView, soapRequestView, soapResponseView } from './messages.js'
import { type OperationRules, operationRules, rulesIdOf } from './operation-rules.js'
import type { Disclosure, MessageView } from './view.js'

export interface InspectorOptions {
  /** Whether values of recorded calls are shown. Default false: their places and kinds are. */
  readonly values?: boolean
  readonly limits?: Partial<RecorderLimits>
}

/** What a request that a person has written would become; nothing is sent. */
export interface Preview {
  /** Of the rules that it would be translated by. */
  readonly rulesId: string
  readonly restRequest: MessageView
  readonly soapRequest?: MessageView
  /** A sample of what the backend may answer, and what that becomes. */
  readonly soapResponse?: MessageView
  readonly restResponse?: MessageView
  readonly problem?: {
    readonly code: string
    readonly message: string
    readonly violations: readonly object[]
  }
}

const DEFAULT_LIMITS: RecorderLimits = { calls: 200, bytes: 32 * 1024 * 1024 }
/** Of what a person has written, and of samples, all is shown to that person. */
const OWN: Disclosure = { values: true }

/** What the translation did, for the last calls, and what it would do. */
export class Inspector {
  readonly shows: Disclosure
  readonly #recorder: CallRecorder
  #adapter: Adapter | undefined
  #mappings: ReadonlyMap<string, OperationMapping> = new Map()
  #contract: ContractView | undefined

  constructor({ values = false, limits }: InspectorOptions = {}) {
    this.shows = { values }
    this.#recorder = new CallRecorder({ ...DEFAULT_LIMITS, ...limits }, this.shows)
  }

  /** Looks at the calls of a contract, and of none before it, from now on. */
  attach(adapter: Adapter): void {
    adapter.inspect(this.#recorder.openTap)
    this.#adapter = adapter
    this.#mappings = new Map(adapter.joined.operations.map((mapping) => [rulesIdOf(mapping), mapping]))
    this.#contract = undefined
  }

  /** Newest first. */
  get calls(): readonly CallSummary[] {
    return this.#recorder.summaries
  }

  /** @returns JSON of a {@link RecordedCall}; undefined for one that is not kept */
  call(id: number): string | undefined {
    return this.#recorder.text(id)
  }

  clear(): void {
    this.#recorder.clear()
  }

  get contract(): ContractView | undefined {
    this.#contract ??= this.#adapter && contractView(this.#adapter)
    return this.#contract
  }

  rules(rulesId: string): OperationRules | undefined {
    const mapping = this.#mappings.get(rulesId)
    return mapping && operationRules(mapping)
  }

  /** @returns undefined for an operation that there is not. @throws AdapterError where there is no sample */
  sample(rulesId: string, optionals: 'all' | 'none'): RestRequest | undefined {
    const operation = this.#operation(rulesId)
    const mapping = this.#mappings.get(rulesId)
    const index = mapping ? this.#alternatives(rulesId).indexOf(mapping) : 0
    return (operation?.alternatives?.[index] ?? operation)?.sample({ optionals })
  }

  preview(rulesId: string, request: RestRequest): Preview | undefined {
    const operation = this.#operation(rulesId)
    if (!operation) return undefined
    const chosen = selectedBy(this.#alternatives(rulesId), request.query)
    const shown = {
      rulesId: chosen ? rulesIdOf(chosen) : rulesId,
      restRequest: restRequestView(operation, request, OWN),
    }
    try {
      const soapRequest = soapRequestView(operation.backend, operation.encode(request), OWN)
      return { ...shown, soapRequest, ...sampledAnswer(operation, request) }
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error
      const { code, message, violations } = error
      return { ...shown, problem: { code, message, violations } }
    }
  }

  #operation(rulesId: string): RestOperation | undefined {
    const mapping = this.#mappings.get(rulesId)
    return mapping && this.#adapter?.operations.get(mapping.rest.operationId)
  }

  /** Of the operation, in the order of the contract. */
  #alternatives(rulesId: string): readonly OperationMapping[] {
    const operationId = this.#mappings.get(rulesId)?.rest.operationId
    return [...this.#mappings.values()].filter(({ rest }) => rest.operationId === operationId)
  }
}

function sampledAnswer(
  operation: RestOperation,
  request: RestRequest,
): Pick<Preview, 'soapResponse' | 'restResponse'> {
  try {
    const sampled = operation.sampleResponse({ optionals: 'all' }, request)
    const soapResponse = soapResponseView(sampled, OWN)
    return { soapResponse, restResponse: restResponseView(operation.decode(sampled, request), OWN) }
  } catch (error) {
    // Nobody signs samples, and some are longer than anyone reads.
    if (error instanceof AdapterError) return {}
    throw error
  }
}
