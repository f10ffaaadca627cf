/** Preloaded: soapstone runs as if its code had no tracing in it. */
import { register } from 'node:module'

const stub = `
export const SEMANTIC_CONVENTIONS = ''
export const isTracing = () => false
export const inSpan = (name, details, work) => work()
export const fail = () => undefined
export const beginServerSpan = () => undefined
export const beginSpan = () => undefined
export const flushSpans = async () => undefined
`
const hooks = `
export async function resolve(specifier, context, next) {
  return specifier.endsWith('/telemetry/tracing.js')
    ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(stub)}`)}, shortCircuit: true }
    : next(specifier, context)
}
`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
