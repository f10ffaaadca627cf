import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GraphiqlPage, readGraphiql } from '../../src/graphql/graphiql.js'
import { contractOf, graphqlApp, returns } from './graphql-app.js'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const BROWSER = '/usr/bin/chromium'
const isThere = existsSync(BROWSER)
if (!isThere) console.log(`${BROWSER} is not installed: GraphiQL is not tried`)

const document = contractOf({
  '/greeting': {
    get: {
      operationId: 'getGreeting',
      responses: returns({ type: 'object', properties: { words: { type: 'string' } } }),
    },
  },
})
let page: GraphiqlPage

beforeAll(async () => {
  page = await readGraphiql()
})

it('is not there unless it is asked for', async () => {
  const { app } = graphqlApp(document)
  expect((await request(app).get('/graphiql')).status).toBe(404)
})

it('loads from its own host alone', async () => {
  const { app } = graphqlApp(document, { graphql: { page } })
  const { status, headers } = await request(app).get('/graphiql')
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).not.toMatch(/https?:|unsafe-eval|\*/)
  expect((await request(app).post('/graphiql').send({})).status).toBe(405)
})

describe.runIf(isThere)('in a browser', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    const { app, facade } = graphqlApp(document, { graphql: { page } })
    facade.answers.set('getGreeting', () => ({ status: 200, headers: {}, body: '{"words":"good day"}' }))
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(async () => {
    await browser.close()
    server.close()
    server.closeAllConnections()
  })

  it('knows the schema and asks what is typed, without a complaint', async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    tab.setDefaultTimeout(60_000)
    const [complaints, hosts]: [string[], Set<string>] = [[], new Set()]
    tab.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    tab.on('pageerror', (error) => complaints.push(error.message))
    tab.on('request', (sent) => {
      const { protocol, host } = new URL(sent.url())
      if (protocol !== 'data:' && protocol !== 'blob:') hosts.add(host)
    })
    const { port } = server.address() as AddressInfo
    await tab.goto(`http://127.0.0.1:${port}/graphiql`)
    const editor = tab.getByRole('region', { name: 'Operation Editor' })
    await editor.locator('.view-lines').click()
    await tab.keyboard.press('Control+A')
    // The editor closes the first brace itself.
    await tab.keyboard.insertText('{ greeting { words } ')
    // What the editor proposes may lie over the button.
    await tab.keyboard.press('Control+Enter')
    await tab.getByText('"good day"').waitFor()
    // The documentation is made of what introspection told.
    await tab.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    await tab.getByRole('link', { name: 'Query' }).first().click()
    await tab.getByText('GreetingResult').first().waitFor()
    const { SCREENSHOT } = process.env
    if (SCREENSHOT !== undefined) await tab.screenshot({ path: SCREENSHOT })
    expect(complaints).toEqual([])
    expect([...hosts]).toEqual([`127.0.0.1:${port}`])
    await tab.close()
  })
})
