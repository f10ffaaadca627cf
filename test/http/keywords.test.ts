import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ASSERTED_FORMATS } from '../../src/http/validation/schema.js'
import { type JudgedAnswer, type JudgedRequest, PrismJudge } from '../oracle/prism-judge.js'
import { keywordRows, keywordsDocument, parameterRows } from './keywords-contract.js'
import { sampleApp } from './sample-app.js'

const { app, facade } = sampleApp({}, { document: keywordsDocument })
let server: Server
let prism: PrismJudge
const counts = { taken: 0, refused: 0 }
const otherwise = new Map<string, number>()

beforeAll(async () => {
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  prism = await PrismJudge.of(keywordsDocument)
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  const names = [...otherwise].map(([name, times]) => `${name} (${times})`)
  console.log(
    `keywords: ${counts.taken} taken, ${counts.refused} refused; Prism judges otherwise: ${names.join(', ')}`,
  )
})

/** What Prism judges in another way, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  dependentRequired: 'draft 7',
  dependentSchemas: 'draft 7',
  maxContains: 'draft 7',
  minContains: 'draft 7',
  prefixItems: 'draft 7',
  unevaluatedItems: 'draft 7',
  unevaluatedProperties: 'draft 7',
  'format: decimal': 'not a format of JSON Schema',
  readOnly: 'a member that is read-only is ignored, not refused',
  'a header': 'empty is absent',
  'a boolean': 'empty is absent',
  'an integer': 'numbers as JavaScript reads them; empty is absent',
  'an integer in a path': 'numbers as JavaScript reads them',
  'an integer in a header': 'numbers as JavaScript reads them',
  'a required one': 'unknown parameters are taken, names have no case',
  'a repeated one': 'only the last counts',
}

async function send({ method, target, headers, body }: JudgedRequest): Promise<JudgedAnswer> {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/v1${target}`, {
    method,
    headers: { ...headers },
    ...(body !== undefined && { body }),
  })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  }
}

async function judged(name: string, request: JudgedRequest, taken: boolean): Promise<readonly string[]> {
  const calls = facade.calls.length
  const answer = await send(request)
  const what = `${request.target} ${String(request.body)}: ${answer.text}`
  expect(answer.status, what).toBe(taken ? 200 : 400)
  expect(facade.calls.length - calls, what).toBe(taken ? 1 : 0)
  counts[taken ? 'taken' : 'refused'] += 1
  const findings = (await prism.judge(request, answer)).request
  if ((findings.length === 0) !== taken) otherwise.set(name, (otherwise.get(name) ?? 0) + 1)
  const { errors = [] } = JSON.parse(answer.text) as { errors?: { pointer: string }[] }
  return errors.map(({ pointer }) => pointer)
}

describe('values in bodies', () => {
  it.each(keywordRows.map((row, n) => [row.keyword, row, n] as const))('by %s', async (keyword, row, n) => {
    const request = (value: unknown) => ({
      method: 'POST',
      target: `/keywords/${n}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value }),
    })
    for (const value of row.good) await judged(keyword, request(value), true)
    for (const [value, pointer] of row.bad) {
      const pointers = await judged(keyword, request(value), false)
      expect(pointers, JSON.stringify(value)).toContain(`/value${pointer}`)
    }
  })

  it('have every format that is asserted', () => {
    const formats = keywordRows.map(({ keyword }) => keyword.replace('format: ', ''))
    // double, float and int64 are of numbers, which JSON has no others of.
    const others = ['double', 'float', 'int64', 'uri-template']
    expect([...ASSERTED_FORMATS].filter((format) => !formats.includes(format)).sort()).toEqual(others)
  })
})

describe('parameters', () => {
  it.each(parameterRows.map(([what, ...row], n) => [what, row, n] as const))('%s', async (what, row, n) => {
    const [parameter, good, bad] = row
    const request = (text: string): JudgedRequest => ({
      method: 'GET',
      target: `/parameters/${n}${parameter.in === 'path' ? `/${text}` : parameter.in === 'query' ? `?${text}` : ''}`,
      headers: parameter.in === 'header' ? { 'p-q': text } : {},
    })
    for (const text of good) await judged(what, request(text), true)
    for (const text of bad) {
      const pointers = await judged(what, request(text), false)
      expect(
        pointers.some((pointer) => pointer.startsWith(parameter.in)),
        `${text} ${pointers.join(' ')}`,
      ).toBe(true)
    }
  })
})

it('Prism judges the same, but for what is listed', () => {
  expect([...otherwise.keys()].sort()).toEqual(Object.keys(OTHERWISE).sort())
})
