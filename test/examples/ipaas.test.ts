import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

const script = 'examples/ipaas/check.mjs'
const folder = mkdtempSync(join(tmpdir(), 'ipaas-test-'))
let example: Example
let key: string
beforeAll(async () => {
  example = await Example.start('ipaas')
  key = /X-API-Key: (\S+)'/.exec(example.printed)?.[1] ?? ''
}, SLOW)
afterAll(async () => {
  await example.stop()
  rmSync(folder, { recursive: true })
})

function check(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
}

function file(name: string, document: object): string {
  writeFileSync(join(folder, name), JSON.stringify(document))
  return join(folder, name)
}

it('serves a platform that has the key, and nobody else', async () => {
  const subject = 'The lift sings'
  expect(await example.post('/v1/tickets', { subject, note: null })).toMatchObject({ status: 401 })
  const opened = await example.post('/v1/tickets', { subject, note: 'In tune' }, { 'x-api-key': key })
  const ticket = { number: 3, subject, state: 'OPEN', note: 'In tune' }
  expect(opened).toEqual({ status: 201, body: ticket })
  const closed = await example.json('/v1/tickets?state=CLOSED', { headers: { 'x-api-key': key } })
  expect(closed.body).toEqual({
    tickets: [{ number: 2, subject: 'No coffee on floor 3', state: 'CLOSED' }],
  })
})

it('says which platform imports which of the published documents', () => {
  const verdicts = [...example.printed.matchAll(/^(\S+) +(3\.[01]) {2}(yes|no)/gm)].map((found) =>
    found.slice(1).join(' '),
  )
  expect(verdicts).toEqual([
    'power-automate 3.0 no',
    'power-automate 3.1 no',
    'azure-api-management 3.0 yes',
    'azure-api-management 3.1 yes',
    'mulesoft 3.0 yes',
    'mulesoft 3.1 no',
    'salesforce 3.0 yes',
    'salesforce 3.1 no',
    'workato 3.0 yes',
    'workato 3.1 yes',
  ])
})

describe('check.mjs', () => {
  const self = { type: 'object', properties: { in: { $ref: '#/components/schemas/Self' } } }
  const parameter = (where: string, name: string) => ({ name, in: where, required: true })
  const get = (more: object) => ({ responses: { '200': { description: 'Good.' } }, ...more })
  const document = (more: object) => ({
    openapi: '3.0.3',
    servers: [{ url: 'https://a.example' }],
    paths: {},
    ...more,
  })
  it.each([
    ['azure-api-management', { components: { schemas: { Self: self } } }, 'contains itself: Self'],
    ['azure-api-management', { paths: { $ref: 'other.yaml#/paths' } }, 'another document: other.yaml#/paths'],
    [
      'azure-api-management',
      {
        paths: {
          '/a/{id}': { get: get({ parameters: [parameter('path', 'id'), parameter('query', 'ID')] }) },
        },
      },
      'of one name: ID of GET /a/{id}',
    ],
    ['salesforce', { paths: { '/a': { get: get({ requestBody: {} }) } } }, 'a GET with a body: GET /a'],
    ['salesforce', { openapi: '3.1.0' }, 'is OpenAPI 3.1; 2.0, 3.0 is read'],
    ['workato', { servers: [{ url: '/v1' }] }, '/v1 is relative'],
    [
      'power-automate',
      { swagger: '2.0', openapi: undefined, info: { title: 'x'.repeat(1_000_000) } },
      'less than',
    ],
  ])('%s: refuses what it cannot import', (platform, more, reason) => {
    const refused = check('--for', platform, file('refused.json', document(more)))
    expect(refused.status).toBe(1)
    expect(refused.stdout.split('\n').find((line) => line.startsWith(platform))).toContain(reason)
    expect(refused.stderr).toBe(`None of the files is imported by ${platform}.\n`)
  })

  it('passes where one of the files will do', () => {
    const files = [file('old.json', document({})), file('new.json', document({ openapi: '3.1.0' }))]
    expect(check('--for', 'salesforce', ...files)).toMatchObject({ status: 0, stderr: '' })
  })

  it.each([
    [['--for', 'nobody', 'x.json'], 'There is no platform nobody.'],
    [[], 'node check.mjs'],
    [[file('none.json', {})], 'is no OpenAPI document'],
  ])('says what is wrong with %j', (args, text) => {
    expect(check(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(text) as string })
  })
})
