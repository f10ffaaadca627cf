import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OpenApiObject } from '../../../src/openapi/document.js'
import { type SampleApp, sampleApp } from '../sample-app.js'
import { sampleDocument } from '../sample-facade.js'

const CHROMIUM = '/usr/bin/chromium'
const absent = existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not installed`
/** Milliseconds for a browser on a machine that has others to serve. */
const SLOW = 120_000

const keyed: OpenApiObject = {
  ...sampleDocument,
  info: {
    title: 'Bank & <Clinic>',
    version: '1.0.0',
    description:
      'Reads <see cref="T:Bank.Account"/> by **`id`**.<br/>\n\n- one\n- two <img src=x onerror="document.title=\'run\'">\n\n<para>Done.</para>',
  },
  components: {
    ...(sampleDocument.components as object),
    securitySchemes: { Key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
  },
}

describe('ways to the docs', () => {
  it.each([
    ['/', './docs/'],
    ['/v1', './docs/'],
    ['/v1/', './../docs/'],
  ])('%s', async (path, location) => {
    const { app } = sampleApp()
    const response = await request(app).get(path)
    expect([response.status, response.headers.location]).toEqual([307, location])
    expect((await request(app).post(path)).status).toBe(405)
  })

  it('are not there without docs, or where the API has something at the path', async () => {
    const none = sampleApp({}, { docs: false }).app
    for (const path of ['/', '/v1', '/v1/']) expect((await request(none).get(path)).status).toBe(404)
    const paths = { '/': { get: { operationId: 'root', responses: { 200: { description: 'ok' } } } } }
    const { app } = sampleApp({}, { document: { ...sampleDocument, paths } })
    expect((await request(app).get('/v1/').expect(200)).body).toMatchObject({ operationId: 'root' })
    expect((await request(app).get('/v1')).status).toBe(307)
  })
})

describe('what the page asks for', () => {
  it('is an outline, and one operation with what it refers to', async () => {
    const { app } = sampleApp({}, { document: keyed, offeredKey: 'demo' })
    const outline = await request(app).get('/docs/outline.json').expect(200)
    expect(outline.body).toMatchObject({
      title: 'Bank & <Clinic>',
      basePath: '/v1',
      offeredKey: 'demo',
      schemes: [{ type: 'apiKey', name: 'X-API-Key' }],
      tags: [
        {
          name: 'Other',
          operations: [{ id: 'listAccounts', method: 'get', path: '/accounts' }, {}, {}, {}, {}, {}, {}, {}],
        },
      ],
    })
    const operation = await request(app).get('/docs/operations/pay').expect(200)
    const { paths, components } = operation.body as Record<string, Record<string, object>>
    expect(Object.keys(paths ?? {})).toEqual(['/payments'])
    expect(Object.keys(components?.schemas ?? {}).sort()).toEqual([
      'Line',
      'Payment',
      'Problem',
      'ProblemError',
    ])
    expect(Object.keys(components?.responses ?? {}).sort()).toEqual(['OtherError', 'TooManyRequests'])
    expect((await request(app).get('/docs/operations/none')).status).toBe(404)
    expect((await request(app).get('/docs/operations/__proto__')).status).toBe(404)
  })

  it('offers no key but that of the demo', async () => {
    const { app } = sampleApp({}, { document: keyed })
    expect((await request(app).get('/docs/outline.json')).body).not.toHaveProperty('offeredKey')
  })
})

describe.skipIf(absent)(`the page in a browser${absent ? ` (skipped: ${absent})` : ''}`, () => {
  let browser: Browser
  let server: Server | undefined
  let messages: string[]

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  }, SLOW)
  afterEach(() => {
    server?.close()
    server?.closeAllConnections()
    server = undefined
  })
  afterAll(async () => {
    await browser.close()
  })

  async function open(sample: SampleApp, path = '/', colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    server = createServer(sample.app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const page = await browser.newPage({ colorScheme })
    messages = []
    page.on('console', (message) => messages.push(message.text()))
    page.on('pageerror', (error) => messages.push(error.message))
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
    await page.locator('details.tag').first().waitFor({ timeout: SLOW })
    return page
  }

  it.each(['light', 'dark'] as const)(
    'is collapsed, names the API and shows texts as texts, in %s',
    async (scheme) => {
      const page = await open(sampleApp({}, { document: keyed }), '/', scheme)
      expect(await page.title()).toBe('Bank & <Clinic>')
      expect(await page.locator('details[open]').count()).toBe(0)
      const header = await page.locator('header').innerText()
      expect(header).toContain('Reads Bank.Account by id.')
      expect(header).toContain('Done.')
      expect(header).not.toMatch(/<(?!Clinic)|onerror/)
      expect(await page.locator('header li').allInnerTexts()).toEqual(['one', 'two'])
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(ground).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(18, 24, 31)')
      expect(messages).toEqual([])
    },
    SLOW,
  )

  it(
    'filters, opens an operation by the keyboard, and sends it with the key that is offered',
    async () => {
      const sample = sampleApp({}, { document: keyed, offeredKey: 'demo-key' })
      sample.facade.answers.set('getAccount', ({ request: { path, headers } }) => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: `{"id":9007199254740993,"account":"${path['account-id'] ?? ''}","key":"${String(headers['x-api-key'])}"}`,
      }))
      const page = await open(sample)
      await page.getByRole('button', { name: 'demo-key' }).click()
      await page.getByLabel('Filter operations').fill('get account-id')
      await page.getByRole('status').getByText('1 operation matches').waitFor({ timeout: SLOW })
      await page.locator('#getAccount > summary').focus()
      await page.keyboard.press('Enter')
      await page.getByLabel('account-id (path, required)').fill('AC/1')
      await page.keyboard.press('Enter')
      await page.locator('#getAccount h4').waitFor({ timeout: SLOW })
      expect(await page.locator('#getAccount h4').innerText()).toMatch(/^200 OK/)
      const shown = await page.locator('#getAccount form pre').first().innerText()
      expect(shown).toBe('{\n  "id": 9007199254740993,\n  "account": "AC/1",\n  "key": "demo-key"\n}')
      expect(messages).toEqual([])
    },
    SLOW,
  )

  it(
    'opens the operation that the address names, with its examples',
    async () => {
      const page = await open(sampleApp({}, { document: keyed }), '/docs/#pay')
      await page.locator('#pay > div summary', { hasText: '429' }).click({ timeout: SLOW })
      await page.locator('#pay pre', { hasText: 'rate-limited' }).waitFor({ timeout: SLOW })
      expect(messages).toEqual([])
    },
    SLOW,
  )

  it(
    'fills in what must be sent and what the author gives an example of, and of two alike the operation’s own',
    async () => {
      const schema = { type: 'string' }
      const responses = { 200: { description: 'ok' } }
      const accounts = {
        parameters: [
          { name: 'id', in: 'path', required: true, schema, example: 'A-1' },
          { name: 'at', in: 'query', schema, example: 'shared' },
        ],
        get: { operationId: 'read', responses },
        delete: {
          operationId: 'close',
          parameters: [
            { name: 'id', in: 'path', required: true, schema, example: 'A-2' },
            { name: 'reason', in: 'query', schema: { enum: ['MOVED', 'OTHER'] } },
          ],
          responses,
        },
      }
      const page = await open(
        sampleApp({}, { document: { ...keyed, paths: { '/accounts/{id}': accounts } } }),
      )
      const formOf = async (id: string) => {
        await page.locator(`#${id} > summary`).click()
        await page.locator(`#${id} form`).waitFor({ timeout: SLOW })
        return page.evaluate(`[...document.querySelectorAll('#${id} .field')].map((field) => {
          const { value, placeholder } = field.querySelector('input')
          return [field.querySelector('label').textContent, value, placeholder]
        })`)
      }
      await page.locator('details.tag > summary').click()
      expect(await formOf('read')).toEqual([
        ['id (path, required)', 'A-1', ''],
        ['at (query)', 'shared', ''],
      ])
      expect(await formOf('close')).toEqual([
        ['at (query)', 'shared', ''],
        ['id (path, required)', 'A-2', ''],
        ['reason (query)', '', 'MOVED'],
      ])
      expect(messages).toEqual([])
    },
    SLOW,
  )

  it(
    'shows 2,500 operations',
    async () => {
      const paths = Array.from({ length: 2_500 }, (_, number) => {
        const operation = {
          ...{ operationId: `get${number}`, tags: [`Tag ${number % 50}`], summary: `Get the ${number}th` },
          responses: { 200: { description: 'ok' } },
        }
        return [`/things/${number}`, { get: operation }] as const
      })
      const document = { ...keyed, paths: Object.fromEntries(paths) }
      const page = await open(sampleApp({}, { document }))
      await expect.poll(() => page.locator('details.tag').count(), { timeout: SLOW }).toBe(50)
      expect(await page.locator('details.operation').count()).toBe(0)
      await page.getByLabel('Filter operations').fill('get2499')
      await page.locator('#get2499 > summary').click()
      await page.locator('#get2499 form').waitFor({ timeout: SLOW })
    },
    SLOW,
  )
})
