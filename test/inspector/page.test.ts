import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { requestText } from '../../src/cli/message/request-text.js'
import { parseRestRequest } from '../../src/cli/message/rest-request.js'
import { Inspector } from '../../src/inspector/inspector.js'
import { type InspectorServer, startInspectorServer } from '../../src/inspector/server.js'
import { call, SampledBackend } from './inspected.js'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 60_000 } } })

const BROWSER = '/usr/bin/chromium'
const isThere = existsSync(BROWSER)
if (!isThere) console.log(`${BROWSER} is not installed: the page of the inspector is not tried`)

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const own = { host: '127.0.0.1', port: 0, parseRequest: parseRestRequest, requestText }
const TOKEN = 'a-token-of-operators'

describe.runIf(isThere)('the page of the inspector', () => {
  let backend: SampledBackend
  let inspector: Inspector
  let server: InspectorServer
  let browser: Browser
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    backend = await SampledBackend.start()
    inspector = new Inspector()
    inspector.attach(backend.adapter)
    server = await startInspectorServer(inspector, { ...own, token: '' })
    browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    await backend.close()
  })
  beforeEach(async () => {
    inspector.clear()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.setDefaultTimeout(60_000)
    complaints = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
  })
  afterEach(async () => {
    await page.close()
  })

  /** The labels of what is lit in a tree. */
  const lit = async (tree: string): Promise<readonly string[]> => {
    const found = await page.locator(`[aria-label="${tree}"] .lit`).all()
    return Promise.all(found.map(async (each) => (await each.getAttribute('aria-label')) ?? ''))
  }
  const focused = (attribute: string): Promise<string> =>
    page.evaluate<string>(`document.activeElement.getAttribute('${attribute}')`)

  async function openCall(operationId: string): Promise<void> {
    await call(backend.adapter, operationId)
    const [last] = inspector.calls
    await page.goto(`${server.url}#/calls/${String(last?.id)}`)
    await page.locator('[role="tree"]').first().waitFor()
  }

  it('lists calls as they come, and shows one with its four messages', async () => {
    await page.goto(server.url)
    await page.getByText('No call yet').waitFor()
    await call(backend.adapter, 'getAccount')
    await page.locator('.list a').click()
    for (const name of ['REST request', 'SOAP envelope', 'SOAP answer', 'REST response']) {
      // Strict: there is one of each.
      await page.getByRole('tree', { name }).waitFor()
    }
    await expect.poll(() => page.locator('.stages li').count()).toBe(4)
    // Values are hidden, where they stand is not.
    expect(await page.getByRole('treeitem', { name: 'accountId: hidden string' }).count()).toBeGreaterThan(0)
    expect(complaints).toEqual([])
  })

  it('lights what a value became when it is pointed at, and says by which rule', async () => {
    await openCall('listTransactions')
    await page
      .getByRole('tree', { name: 'REST request' })
      .getByRole('treeitem', { name: /^accountId/ })
      .hover()
    await expect.poll(() => lit('SOAP envelope')).toEqual(['element AccountId: hidden'])
    expect(await page.locator('#rule').innerText()).toMatch(
      /accountId ↔ AccountId: [^]*path\.accountId ↔ Body\/GetTransactionHistory\/AccountId/,
    )
    expect(await lit('SOAP answer')).toEqual([])
  })

  it('does so for the keyboard, and the other way round, item by item', async () => {
    await openCall('listTransactions')
    const answer = page.getByRole('tree', { name: 'SOAP answer' })
    await answer.getByRole('treeitem').first().focus()
    for (
      let n = 0;
      n < 60 && (await lit('REST response')).every((label) => !label.startsWith('amount'));
      n++
    ) {
      await page.keyboard.press('ArrowDown')
    }
    expect((await lit('REST response')).filter((label) => label.startsWith('amount'))).toHaveLength(1)
    expect(await focused('role')).toBe('treeitem')
    await page.keyboard.press('Home')
    expect(await focused('aria-label')).toBe('Envelope')
    // A tree is one stop of the Tab key.
    expect(await page.locator('[aria-label="SOAP answer"] [role="treeitem"][tabindex="0"]').count()).toBe(1)
  })

  it('shows the envelope of what a person writes, before anything is sent', async () => {
    const before = inspector.calls.length
    await page.goto(`${server.url}#/try/createPayment`)
    const envelope = page.getByRole('tree', { name: 'SOAP envelope' })
    await envelope.waitFor()
    const text = await page.locator('#request').inputValue()
    await page.locator('#request').fill(text.replace(/"value": "[^"]*"/, '"value": "845.67"'))
    await page.keyboard.press('Control+Enter')
    await envelope.getByText('845.67').waitFor()
    await page.locator('#request').fill('{"body": {}}')
    await page.getByRole('button', { name: 'Show the envelope' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('request-unencodable')
    expect(inspector.calls).toHaveLength(before)
  })

  it('shows the contract, what maps to what, and what is left', async () => {
    await page.goto(`${server.url}#/contract`)
    await page.getByRole('searchbox').fill('closeAccount')
    await page.getByRole('link', { name: 'closeAccount' }).click()
    await page.getByRole('cell', { name: 'path.accountId' }).waitFor()
    expect(await page.getByRole('cell', { name: 'Body/CloseAccount/AccountId' }).count()).toBe(1)
  })

  it('asks for the token of operators, where there is one', async () => {
    const guarded = await startInspectorServer(inspector, { ...own, token: TOKEN })
    await page.goto(guarded.url)
    await page.getByLabel('ADMIN_TOKEN').fill(TOKEN)
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByText('No call yet').waitFor()
    await guarded.close()
  })

  it.each(['light', 'dark'] as const)('is accessible in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme })
    await call(backend.adapter, 'createPayment')
    const id = String(inspector.calls[0]?.id)
    const seen: [hash: string, until: string][] = [
      ['#/calls', '.list a'],
      [`#/calls/${id}`, '[role="tree"]'],
      ['#/try/getLoan', '[role="tree"]'],
      ['#/contract', 'table'],
      ['#/contract/getCustomer', 'table'],
    ]
    for (const [hash, until] of seen) {
      await page.goto('about:blank')
      await page.goto(server.url + hash)
      await page.locator(until).first().waitFor()
      const linked = page.locator('[role="treeitem"].linked > .row')
      if ((await linked.count()) > 0) await linked.first().hover()
      // For an item of a tree that rule takes the texts of all items below it, too.
      const violations =
        await page.evaluate(`(() => { ${axe}; return axe.run({ rules: { 'label-content-name-mismatch': { enabled: false } } }) })().then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')))`)
      expect(violations, hash).toEqual([])
    }
  })

  it('fits a narrow window', async () => {
    await page.setViewportSize({ width: 400, height: 800 })
    await openCall('getCustomer')
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
    expect(overflow).toBeLessThanOrEqual(0)
  })
})
