import { afterAll, beforeAll, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

let site: Example
let api: string
beforeAll(async () => {
  site = await Example.start('crm-leads')
  api = /curl (http:\/\/\S+)\/v1\/leads\n/.exec(site.printed)?.[1] ?? ''
}, SLOW)
afterAll(() => site.stop())

interface Page {
  readonly total: number
  readonly next: string | null
  readonly items: readonly { readonly lastName: string }[]
}

async function page(path: string): Promise<Page> {
  const response = await fetch(`${api}/v1/leads${path}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Page
}

it('lists leads in pages, from the host that the login gives', async () => {
  const first = await page('')
  expect(first).toMatchObject({ total: 4 })
  expect(first.items).toHaveLength(3)
  const second = await page(`/pages/${first.next ?? ''}`)
  expect(second.next).toBeNull()
  expect(second.items.map(({ lastName }) => lastName)).toEqual(['Day'])
  const lost = await fetch(`${api}/v1/leads/pages/nowhere`)
  expect([lost.status, ((await lost.json()) as { code: string }).code]).toEqual([404, 'InvalidQueryLocator'])
})

it('creates leads, each of which may fail, and hears of them by a webhook', async () => {
  const leads = [
    { lastName: 'Eames', company: 'Lounge' },
    { lastName: 'Wegner', company: 'PP', email: 'nowhere' },
  ]
  const { body } = await site.post('/send', { leads })
  expect(body).toMatchObject({
    results: [
      { success: true, errors: [] },
      { id: null, success: false, errors: [{ statusCode: 'INVALID_EMAIL_ADDRESS', fields: ['Email'] }] },
    ],
  })
  const hooks = async (): Promise<unknown> => (await site.json('/hooks')).body
  await expect
    .poll(hooks, { timeout: 60_000 })
    .toMatchObject([{ type: 'lead.changed', data: { lead: { lastName: 'Eames' } } }])
}, 90_000)

it('logs in again when the CRM has ended the session', async () => {
  expect((await site.json('/end-sessions')).body).toEqual({ logins: 1 })
  await page('')
  expect((await site.json('/end-sessions')).body).toEqual({ logins: 2 })
})
