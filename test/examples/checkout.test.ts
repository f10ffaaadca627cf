import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

const BROWSER = '/usr/bin/chromium'

let example: Example
beforeAll(async () => {
  example = await Example.start('checkout')
}, SLOW)
afterAll(() => example.stop())

interface Order {
  readonly id: string
  readonly status: string
  readonly note: string
}
const orders = async (): Promise<readonly Order[]> => (await example.json('/orders')).body as Order[]
const booksOf = async (id: string): Promise<readonly unknown[]> => {
  const { body } = await example.json('/books')
  return (body as { reference: string }[]).filter(({ reference }) => reference === id)
}
const statusOf = async (id: string): Promise<string | undefined> =>
  (await orders()).find((order) => order.id === id)?.status
const pay = async (card: string): Promise<string> =>
  ((await example.post('/orders', { card })).body as Order).id
const WAIT = { timeout: 60_000, interval: 100 }

describe('a shop', () => {
  it('is paid, and hears of it by a webhook', async () => {
    const id = await pay('4111111111111111')
    await expect.poll(() => statusOf(id), WAIT).toBe('paid')
    expect(await booksOf(id)).toHaveLength(1)
  }, 90_000)

  it('is told why a card is declined', async () => {
    const id = await pay('4000000000000002')
    await expect.poll(() => statusOf(id), WAIT).toBe('declined')
    expect((await orders()).find((order) => order.id === id)?.note).toBe('The bank refuses this card')
    expect(await booksOf(id)).toHaveLength(0)
  }, 90_000)

  it('takes no webhook that is not signed', async () => {
    const response = await fetch(`${example.url}/hooks`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(401)
  })
})

describe.skipIf(!existsSync(BROWSER))(`the page, in ${BROWSER}`, () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage({ viewport: { width: 900, height: 800 } })
    await page.goto(example.url)
  }, SLOW)
  afterAll(() => browser.close())

  it('shows that nobody pays twice at a gateway that takes the money and hangs up', async () => {
    await page.getByRole('button', { name: 'Break the gateway' }).click()
    await page.getByRole('button', { name: 'Pay by card', exact: true }).click()
    const last = page.locator('#orders tr').last()
    await expect.poll(() => last.textContent(), WAIT).toMatch(/attempt \d+: .*asking again/)
    await expect.poll(() => last.textContent(), WAIT).toMatch(/paid.*once, after \d+ attempts/)
    await expect.poll(() => page.locator('#verdict').textContent(), WAIT).toMatch(/ 0 of them made twice/)
    const { SCREENSHOT: path } = process.env
    if (path !== undefined) await page.screenshot({ path, fullPage: true })
  }, 120_000)
})
