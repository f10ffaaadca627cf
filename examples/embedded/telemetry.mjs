import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { Histogram, Registry } from 'prom-client'

// Metrics of the app: one more, for what the adapter does.
const registry = new Registry()
const calls = new Histogram({
  name: 'shop_soap_call_seconds',
  help: 'Calls of SOAP backends.',
  labelNames: ['operation', 'outcome'],
  registers: [registry],
})
export const metrics = { registry, calls }

// Tracing of the app. The adapter makes its spans with the API of OpenTelemetry, so that they go where the app's go: here to stdout.
const print = {
  export(spans, done) {
    for (const { name, duration, attributes } of spans) {
      const took = (duration[0] * 1000 + duration[1] / 1e6).toFixed(1)
      console.log(`span ${name} ${took} ms ${attributes['http.response.status_code'] ?? ''}`)
    }
    done({ code: 0 })
  },
  shutdown: async () => {},
}
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(print)] }))
