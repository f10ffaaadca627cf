import express, { type Express } from 'express'
import { createRouter, type RouterOptions } from '../../src/http/router.js'
import type { CachePolicy, IdempotencyPolicy } from '../../src/mapping/operation/guarantees.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { facadeOf, type SampleFacade } from './sample-facade.js'

const accountId = { name: 'accountId', in: 'path', required: true, schema: { type: 'string' } }
const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }
const ok = { 200: { description: 'ok' } }

/** Payments that are paid once, and accounts that are read often. */
const document: OpenApiObject = {
  openapi: '3.1.0',
  info: { title: 'Marked', version: '1.0.0' },
  servers: [{ url: '/v1' }],
  paths: {
    '/payments': {
      post: {
        operationId: 'pay',
        parameters: [key, { name: 'X-Branch', in: 'header', schema: { type: 'string' } }],
        requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
        responses: { 201: { description: 'paid' } },
      },
    },
    '/payments/{reference}': {
      get: {
        operationId: 'getPayment',
        parameters: [{ name: 'reference', in: 'path', required: true, schema: { type: 'string' } }],
        responses: ok,
      },
    },
    '/accounts/{accountId}': {
      parameters: [accountId],
      get: {
        operationId: 'getAccount',
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'string' } }],
        responses: ok,
      },
      delete: { operationId: 'closeAccount', responses: { 204: { description: 'closed' } } },
    },
  },
}

export interface Marks {
  readonly pay?: Partial<IdempotencyPolicy>
  readonly getAccount?: Partial<CachePolicy>
}

/** A facade with marked operations behind its router, open to everybody. */
export function markedFacade({ pay, getAccount }: Marks): SampleFacade {
  const facade = facadeOf(document)
  const mark = (operationId: string, marks: object) => {
    Object.assign(facade.operations.get(operationId) ?? {}, marks)
  }
  if (pay) mark('pay', { idempotency: { key: 'required', headers: ['x-branch'], ...pay } })
  if (getAccount) {
    const policy = {
      maxAgeSeconds: 60,
      staleIfErrorSeconds: 0,
      shared: true,
      headers: [],
      vary: [],
      claims: [],
      ...getAccount,
    }
    mark('getAccount', { cache: policy })
  }
  return facade
}

export function appOf(facade: SampleFacade, options: RouterOptions): Express & { settled(): Promise<void> } {
  const router = createRouter(facade, { authentication: 'off', ...options })
  const app = express()
  app.use(router)
  return Object.assign(app, { settled: () => router.settled() })
}
