import type * as Api from '@opentelemetry/api'
import type { Attributes, Context, Span, SpanKind, Tracer, TracerProvider } from '@opentelemetry/api'
import { AdapterError } from '../base/errors.js'
import { onDemand } from '../base/on-demand.js'
import type { TraceContext } from '../base/trace-context.js'

export type { Attributes, Span } from '@opentelemetry/api'

/** The semantic conventions of OpenTelemetry that names and attributes of spans follow. */
export const SEMANTIC_CONVENTIONS = '1.45.0'

const NAME = 'soapstone'

const api = onDemand((require) => require('@opentelemetry/api') as typeof Api)

/** Where all copies of the API of this major version keep what an SDK has registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')

/**
 * What makes spans; undefined where the process has no SDK, so that nothing is done then, and the API is not even loaded. The
 * API hands out proxies before an SDK is registered, and those tell.
 */
function activeTracer(): Tracer | undefined {
  if (!(REGISTERED in globalThis)) return undefined
  const provider = api().trace.getTracerProvider()
  return isProxy(provider) ? provider.getDelegateTracer(NAME) : provider.getTracer(NAME)
}

/** Whether anything may make spans: without it nothing need be prepared for one. */
export function isTracing(): boolean {
  return REGISTERED in globalThis
}

interface Proxy extends TracerProvider {
  getDelegate(): TracerProvider
  getDelegateTracer(name: string): Tracer | undefined
}

function isProxy(provider: TracerProvider): provider is Proxy {
  return 'getDelegateTracer' in provider && 'getDelegate' in provider
}

function isFlushable(
  provider: TracerProvider,
): provider is TracerProvider & { forceFlush(): Promise<unknown> } {
  return 'forceFlush' in provider
}

const LONGEST_FLUSH_MS = 2_000

/** Has the SDK send what it has gathered, before the process ends; what takes longer than two seconds is lost. */
export async function flushSpans(): Promise<void> {
  if (!(REGISTERED in globalThis)) return
  const provider = api().trace.getTracerProvider()
  const delegate = isProxy(provider) ? provider.getDelegate() : provider
  if (!isFlushable(delegate)) return
  const flushed = delegate.forceFlush().catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => (timer = setTimeout(resolve, LONGEST_FLUSH_MS)))
  await Promise.race([flushed, late])
  clearTimeout(timer)
}

export interface SpanDetails {
  /** Default: `INTERNAL`. */
  readonly kind?: keyof typeof SpanKind
  readonly attributes?: Attributes
}

/**
 * Does work within a span, which ends when the work does; with its code or name as `error.type` where it throws. Messages
 * of errors never get into a span.
 *
 * @param details made only where there is a span
 */
export function inSpan<T>(name: string, details: () => SpanDetails, work: (span?: Span) => T): T {
  const tracer = activeTracer()
  if (!tracer) return work()
  const { context, trace } = api()
  const span = tracer.startSpan(name, optionsOf(details()))
  return context.with(trace.setSpan(context.active(), span), () => {
    try {
      const result = work(span)
      if (result instanceof Promise) return endWith(span, result) as T
      span.end()
      return result
    } catch (error) {
      fail(span, error)
      span.end()
      throw error
    }
  })
}

async function endWith<T>(span: Span, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    fail(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** Marks a span as failed, by the code or the name of the error alone, or by a status. */
export function fail(span: Span, error: unknown): void {
  span.setAttribute('error.type', typeOf(error))
  span.setStatus({ code: api().SpanStatusCode.ERROR })
}

function typeOf(error: unknown): string {
  if (error instanceof AdapterError) return error.code
  if (error instanceof Error) return error.name
  return typeof error === 'number' ? String(error) : typeof error
}

/** A span that is ended by whoever asked for it. */
export interface OpenSpan {
  readonly span: Span
  /** Does work within it. */
  run<T>(work: () => T): T
  /** Header fields for whoever is called within it: W3C Trace Context, and what the SDK's propagators add. */
  readonly fields: TraceContext & Readonly<Record<string, string>>
}

/**
 * Begins the span of a request that has come: below the span that is active already, where the server's own
 * instrumentation made one, else below what the header fields say.
 *
 * @param startTime of performance.now()
 * @returns undefined where the process has no SDK
 */
export function beginServerSpan(
  name: string,
  {
    headers,
    attributes,
    startTime,
  }: {
    readonly headers: Readonly<Record<string, unknown>>
    /** Made only where there is a span. */
    readonly attributes: () => Attributes
    readonly startTime: number
  },
): OpenSpan | undefined {
  const tracer = activeTracer()
  if (!tracer) return undefined
  const { context, propagation, trace } = api()
  const active = context.active()
  const isWithin = trace.getSpan(active) !== undefined
  const parent = isWithin ? active : propagation.extract(active, headers)
  const options = optionsOf({ kind: isWithin ? 'INTERNAL' : 'SERVER', attributes: attributes() })
  return openSpan(tracer.startSpan(name, { ...options, startTime }, parent), parent)
}

/** Begins a span below the active one. @returns undefined where the process has no SDK */
export function beginSpan(name: string, details: () => SpanDetails): OpenSpan | undefined {
  const tracer = activeTracer()
  return tracer && openSpan(tracer.startSpan(name, optionsOf(details())), api().context.active())
}

function optionsOf({ kind = 'INTERNAL', attributes = {} }: SpanDetails): Api.SpanOptions {
  return { kind: api().SpanKind[kind], attributes }
}

function openSpan(span: Span, parent: Context): OpenSpan {
  const { context, propagation, trace } = api()
  const within = trace.setSpan(parent, span)
  const fields: Record<string, string> = {}
  propagation.inject(within, fields)
  const { traceId, spanId, traceFlags } = span.spanContext()
  const flags = traceFlags.toString(16).padStart(2, '0')
  return {
    span,
    run: (work) => context.with(within, work),
    fields: { traceparent: `00-${traceId}-${spanId}-${flags}`, ...fields },
  }
}
