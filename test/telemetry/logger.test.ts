import { afterEach, describe, expect, it, vi } from 'vitest'
import { AdapterError, ContractError } from '../../src/base/errors.js'
import { causeChain, createLogger, logRequest, type RequestLine } from '../../src/telemetry/logger.js'

function logged(line: Partial<RequestLine>): Record<string, unknown> {
  const lines: string[] = []
  const logger = createLogger('info', { write: (text) => void lines.push(text) })
  const whole = {
    requestId: 'r',
    traceId: undefined,
    operationId: 'op',
    method: 'GET',
    status: 200,
    durationMs: 1.26,
    backend: 'core',
    problem: undefined,
    fault: undefined,
  }
  logRequest(logger, { ...whole, ...line })
  return JSON.parse(lines.join('')) as Record<string, unknown>
}

describe('the line of a request', () => {
  it('is one JSON object', () => {
    const line = logged({})
    expect(line).toMatchObject({
      level: 'info',
      requestId: 'r',
      operationId: 'op',
      method: 'GET',
      status: 200,
      durationMs: 1.3,
      backend: 'core',
      msg: 'request',
    })
    expect(new Date(String(line.time)).getTime()).toBeGreaterThan(0)
    expect(line).not.toHaveProperty('pid')
    expect(line).not.toHaveProperty('hostname')
  })

  it.each([
    [200, undefined, 'info'],
    [400, new AdapterError('request-invalid', 'x'), 'info'],
    [502, new AdapterError('backend-fault', 'x'), 'warn'],
    [500, new AdapterError('internal', 'x'), 'error'],
  ])('for %i has a level', (status, problem, level) => {
    expect(logged({ status, problem })).toMatchObject({ level, ...(problem && { problem: problem.code }) })
  })
})

describe('the time of a line', () => {
  afterEach(() => vi.useRealTimers())

  it.each([
    '2026-11-29T23:59:58.000Z',
    '2026-11-29T23:59:58.007Z',
    '2026-11-29T23:59:58.070Z',
    '2026-11-29T23:59:58.999Z',
    '2026-11-30T00:00:00.001Z',
    // The clock was set back.
    '2026-11-29T23:59:58.500Z',
  ])('is in UTC with milliseconds: %s', (time) => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) })
    expect(logged({}).time).toBe(time)
  })
})

describe('causes', () => {
  it('tell the messages of our own errors only', () => {
    const socket = Object.assign(new Error('connect SECRET'), { code: 'ECONNREFUSED' })
    const ours = new AdapterError('backend-unreachable', 'Ours.', { cause: socket })
    const chain = causeChain(new AdapterError('internal', 'x', { cause: ours }))
    expect(chain).toMatchObject([
      { name: 'AdapterError', code: 'backend-unreachable', message: 'Ours.' },
      { name: 'Error', code: 'ECONNREFUSED' },
    ])
    expect(chain[1]?.frames?.[0]).toContain('logger.test.ts')
    expect(JSON.stringify(chain)).not.toContain('SECRET')
  })

  it('end, even in a circle', () => {
    const circle = new Error('a')
    circle.cause = circle
    expect(causeChain(circle)).toHaveLength(5)
    expect(causeChain(new Error('x', { cause: 'SECRET' }))).toEqual([{ name: 'string' }])
    const contract = new ContractError([{ code: 'contract-empty', severity: 'error', message: 'm' }])
    expect(causeChain(new Error('x', { cause: contract }))).toEqual([
      { name: 'ContractError', message: 'error contract-empty: m' },
    ])
  })

  it('never show a message that spans lines as if it were a frame', () => {
    const error = new Error('x', { cause: new Error('first\n    at SECRET (value)\nthird') })
    expect(JSON.stringify(causeChain(error))).not.toContain('SECRET')
  })
})
