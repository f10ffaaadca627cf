import { fileURLToPath } from 'node:url'
import { type AdapterOptions, compileContract } from '../../src/adapter/adapter.js'
import type { InvokeOptions, RestOperation } from '../../src/adapter/rest.js'
import { AdapterError, type CallOutcome } from '../../src/base/errors.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { closing } from '../backend/calls.js'

const baseDir = fileURLToPath(new URL('.', import.meta.url))

const reference = { name: 'reference', in: 'path', required: true, schema: { type: 'string' } }
const payment = {
  description: 'The payment.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['paymentId', 'reference'],
        properties: { paymentId: { type: 'string' }, reference: { type: 'string' } },
      },
    },
  },
}
const requestBody = {
  required: true,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['reference', 'amount'],
        properties: { reference: { type: 'string' }, amount: { type: 'string', format: 'decimal' } },
      },
    },
  },
}
const write = (operationId: string, more: object) => ({
  post: {
    operationId,
    'x-soap': { backend: 'payments', operation: 'Pay', ...more },
    requestBody,
    responses: { 201: payment },
  },
})

/** What an operation may do to the backend, by its operationId. */
export const kinds = ['read', 'write', 'idempotent'] as const
export type Kind = (typeof kinds)[number]

/** Three operations of payments, one of each kind, on a backend with the settings given, not compiled. */
export function paymentContract(backend: object): AdapterOptions & { readonly contract: OpenApiObject } {
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Payments', version: '1.0.0' },
    'x-soap-backends': { payments: { wsdl: 'payments.wsdl', ...backend } },
    paths: {
      '/payments/{reference}': {
        get: {
          operationId: 'read',
          'x-soap': { backend: 'payments', operation: 'GetPayment', faults: { NotFoundFault: 404 } },
          parameters: [reference],
          responses: { 200: payment, 404: { description: 'Unknown.' } },
        },
      },
      '/payments': write('write', {}),
      '/idempotent-payments': write('idempotent', { retry: { idempotent: true } }),
    },
  }
  return { contract, baseDir, env: {} }
}

/** The same, compiled. */
export function paymentOperations(backend: object): Readonly<Record<Kind, RestOperation>> & {
  readonly state: () => { readonly breaker: string; readonly retries?: number; readonly inFlight: number }
} {
  const adapter = closing(compileContract(paymentContract(backend)))
  const operation = (kind: Kind) => {
    const found = adapter.operations.get(kind)
    if (!found) throw new Error(`no operation ${kind}`)
    return found
  }
  const [read, pay, idempotent] = kinds.map(operation)
  if (!read || !pay || !idempotent) throw new Error('operations are missing')
  const state = () => {
    const [only] = adapter.backends()
    if (!only) throw new Error('no backend')
    return only
  }
  return { read, write: pay, idempotent, state }
}

export interface Outcome {
  /** Of the response. */
  readonly status?: number
  /** Of the problem. */
  readonly code?: string
  readonly outcome?: CallOutcome
}

export async function outcomeOf(
  operation: RestOperation,
  options: InvokeOptions = {},
  name = 'R1',
): Promise<Outcome> {
  const isRead = operation.method === 'get'
  const request = isRead
    ? { path: { reference: name }, query: {}, headers: {} }
    : { path: {}, query: {}, headers: {}, body: { reference: name, amount: '10.00' } }
  try {
    const { status } = await operation.invoke(request, options)
    return { status }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    const { code, outcome } = error
    return { code, ...(outcome && { outcome }) }
  }
}

const envelope = (body: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`

/** The response that a request gets when all is well. */
export function paid(request: string): string {
  const name = request.includes('GetPayment') ? 'GetPaymentResponse' : 'PayResponse'
  const found = /Reference>([^<]*)</.exec(request)?.[1] ?? ''
  return envelope(
    `<t:${name} xmlns:t="urn:test:payments"><t:PaymentId>P</t:PaymentId><t:Reference>${found}</t:Reference></t:${name}>`,
  )
}

export function faulty(detail: string): string {
  return envelope(`<e:Fault><faultcode>e:Server</faultcode><faultstring>x</faultstring>${detail}</e:Fault>`)
}

/** A whole response of HTTP/1.1. */
export function http(status: number, body: string, ...fields: string[]): string {
  const head = [`HTTP/1.1 ${status} X`, 'Content-Type: text/xml; charset=utf-8', ...fields]
  return [...head, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}
