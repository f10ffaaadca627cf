/** What to simulate, and how well it behaves. */
export interface SimulatorOptions {
  /** Paths of local WSDLs. */
  readonly wsdls: readonly string[]
  /** TCP port; 0, the default, takes a free one. */
  readonly listenPort?: number
  /** Address to listen on; by default 127.0.0.1. */
  readonly host?: string
  /** Milliseconds before each response. */
  readonly latencyMs?: number
  /** Share of calls, 0–100, that are answered with a bare HTTP 503, spread evenly over the calls. */
  readonly failurePercent?: number
  /** Operations that answer with a fault: name of the operation → name of the wsdl:fault, or of one that the contract maps. */
  readonly faults?: ReadonlyMap<string, string>
  /** Path of an OpenAPI document: its undeclared faults may be named, too, and texts that it says are documents are some. */
  readonly contract?: string
  /** Folder of responses: `OP.json` holds the output element's content as JSON, `OP.xml` the response as it is sent. */
  readonly examples?: string
  /** Told of each call that was answered. */
  readonly onCall?: (call: SimulatedCall) => void
}

/** One call, for a log: names of the WSDL and numbers. */
export interface SimulatedCall {
  /** `none` where the request is for no operation. */
  readonly operation: string
  readonly status: number
  readonly outcome: 'answered' | 'fault' | 'refused' | 'failed'
}

/** A response as it goes out. */
export interface SimulatedAnswer {
  readonly status: number
  /** Absent where there is no body. */
  readonly contentType?: string
  readonly body: string
  readonly operation: string
  readonly outcome: SimulatedCall['outcome']
}
