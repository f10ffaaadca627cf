import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { annotatedOperations, readContract } from '../oracle/contracts.js'
import { apiOf } from './api.js'
import { deploy, type Deployment } from './deployment.js'
import { type Provocation, provocations } from './provocations.js'
import { application } from './request-bodies.js'

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy()
})

afterAll(() => deployment.close())

const declared = annotatedOperations(readContract())

async function provoke(app: Deployment['app'], method: Provocation[2], path: string, body: Provocation[4]) {
  const request = apiOf(app)[method](`/v1${path}`)
  return body === undefined ? request : request.send(body)
}

describe('every declared fault', () => {
  it('is provoked below, but for one that needs a withdrawn application', () => {
    const covered = new Set(provocations.map(([operationId, fault]) => `${operationId} ${fault}`))
    covered.add('withdrawLoanApplication ApplicationNotWithdrawableFault')
    const all = declared.flatMap(({ operationId, faults }) =>
      Object.keys(faults).map((fault) => `${operationId} ${fault}`),
    )
    expect([...covered].sort()).toEqual(all.sort())
  })

  it.each(provocations)('%s answers %s', async (operationId, fault, method, path, body, detail) => {
    const expected = declared.find((operation) => operation.operationId === operationId)?.faults[fault]
    const response = await provoke(deployment.app, method, path, body)
    expect(response.body).toMatchObject({
      type: `/problems/declared-fault#${fault}`,
      status: expected,
      code: fault,
      fault: detail,
    })
    expect(response.status).toBe(expected)
    expect(response.type).toBe('application/problem+json')
    expect((response.body as { title: string }).title).not.toBe('')
  })

  it('withdrawLoanApplication answers ApplicationNotWithdrawableFault', async () => {
    const { headers } = await provoke(deployment.app, 'post', '/loan-applications', application({}))
    const path = (headers as { location: string }).location.replace('/v1', '')
    expect((await provoke(deployment.app, 'delete', path, undefined)).status).toBe(204)
    const { status, body } = await provoke(deployment.app, 'delete', path, undefined)
    expect(body).toMatchObject({
      code: 'ApplicationNotWithdrawableFault',
      fault: { code: 'LA09', status: 'withdrawn', message: 'The application cannot be withdrawn' },
    })
    expect(status).toBe(409)
  })

  it('leaves the breakers closed', () => {
    expect(deployment.adapter.backends().map(({ breaker }) => breaker)).toEqual([
      'closed',
      'closed',
      'closed',
    ])
  })
})

describe('a fault that no contract declares', () => {
  it("is the gateway's 502, without its words", async () => {
    const { status, text, body } = await provoke(deployment.app, 'get', '/accounts/AC-00000500', undefined)
    expect(status).toBe(502)
    expect(body).toMatchObject({ code: 'backend-fault' })
    expect(text).not.toContain('Ledger')
    expect(deployment.log.text()).not.toContain('Ledger')
  })
})
