/**
 * Where a request belongs in a trace, as it travels in header fields (W3C Trace Context, sections 3.2 and 3.3).
 *
 * @example
 * ```ts
 * const traceContext: TraceContext = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }
 * await operation.invoke(request, { traceContext })
 * ```
 */
export interface TraceContext {
  readonly traceparent: string
  readonly tracestate?: string
}

/** Versions after 00 may be followed by more; ids that are zero are none, version ff is none (section 3.2.2). */
const TRACEPARENT =
  /^(?!ff)(?:00-|[0-9a-f]{2}-(?=.{52}(?:-|$)))(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/
const LENGTH = 55
const LONGEST = 512
const PRINTABLE = /^[\x20-\x7e]+$/

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * The trace context of a request; what is not well-formed counts as absent, and `tracestate` goes with `traceparent`.
 *
 * @param headers names in lower case
 */
export function readTraceContext({ traceparent, tracestate }: Fields): TraceContext | undefined {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined
  if (traceparent.length > (traceparent.startsWith('00') ? LENGTH : LONGEST)) return undefined
  if (!PRINTABLE.test(traceparent)) return undefined
  const state = typeof tracestate === 'object' ? tracestate.join(',') : tracestate
  const isPassedOn = state !== undefined && state.length <= LONGEST && PRINTABLE.test(state)
  return isPassedOn ? { traceparent, tracestate: state } : { traceparent }
}

/** 32 hexadecimal digits. */
export function traceIdOf({ traceparent }: TraceContext): string {
  return traceparent.slice(3, 35)
}
