import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Adapter } from '../../../src/adapter/adapter.js'
import { SessionEnded } from '../../../src/adapter/reply/session-ended.js'
import { Session } from '../../../src/adapter/session/session.js'
import { AdapterError } from '../../../src/base/errors.js'
import { findings, till, type TillContract } from '../header-contract.js'

interface Seen {
  readonly path: 'login' | 'sell'
  readonly body: string
  readonly cookie: string | undefined
}

interface Answer {
  readonly status?: number
  readonly header?: string
  readonly body: string
  readonly cookies?: readonly string[]
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const envelope = ({ header = '', body }: Answer): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:till"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
const sold: Answer = { body: '<t:SellResponse><t:Receipt>r</t:Receipt></t:SellResponse>' }
const loggedIn = (id: string): string =>
  `<t:LoginResponse><t:Result><t:Session>${id}</t:Session></t:Result></t:LoginResponse>`
const fault = (code: string, detail = ''): Answer => ({
  status: 500,
  body: `<s:Fault><faultcode>${code}</faultcode><faultstring>no</faultstring><detail>${detail}</detail></s:Fault>`,
})

/** A till that counts, in front of an adapter. */
async function open(
  contract: TillContract,
  answer: (seen: Seen, count: number) => Answer | Promise<Answer>,
): Promise<{ adapter: Adapter; seen: Seen[]; sell: (item?: string) => Promise<unknown> }> {
  const seen: Seen[] = []
  const server: Server = createServer((req, res) => {
    void textOf(req).then(async (body) => {
      const call: Seen = {
        path: body.includes(':Login>') ? 'login' : 'sell',
        body,
        cookie: req.headers.cookie,
      }
      seen.push(call)
      const count = seen.filter(({ path }) => path === call.path).length
      const given = await answer(call, count)
      res.writeHead(given.status ?? 200, {
        'content-type': 'text/xml',
        ...(given.cookies && { 'set-cookie': [...given.cookies] }),
      })
      res.end(envelope(given))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const adapter = till({ ...contract, backend: `endpoint: '${endpoint}', ${contract.backend ?? ''}` })
  closing.push(
    () => adapter.close(),
    () => new Promise((resolve) => server.close(resolve)),
  )
  const operation = adapter.operations.get('sell')
  if (!operation) throw new Error('there is no sell')
  return {
    adapter,
    seen,
    sell: (item = 'bread') => operation.invoke({ path: {}, query: {}, headers: {}, body: { item } }),
  }
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of req) text += String(chunk)
  return text
}

const login = "operation: Login, request: { Name: '${TILL_USER}', Password: '${TILL_PASSWORD}' }"
const byBody = {
  backend: `session: { ${login}, token: $response.body#/result/session, faults: [Client.Session, SessionExpired] }`,
  operation: 'headers: { SessionHeader/Id: $session.token }',
}
const paths = (seen: readonly Seen[]): string => seen.map(({ path }) => path).join(' ')

describe('a session', () => {
  test('begins with the first call and is used by the next', async () => {
    const { sell, seen } = await open(byBody, ({ path }) =>
      path === 'login' ? { body: loggedIn('s&amp;1') } : sold,
    )
    await sell()
    await sell()
    expect(paths(seen)).toBe('login sell sell')
    expect(seen[0]?.body).toMatch(/:Name>adapter<.*:Password>pass &amp; word</)
    expect(seen[0]?.body).not.toContain('SessionHeader')
    expect(seen[2]?.body).toContain(':Id>s&amp;1</')
  })

  test.each(['', ', timestamp: {}'])(
    'whose token is a SAML assertion sends it with calls alone%s',
    async (more) => {
      const assertion = '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1"/>'
      const { sell, seen } = await open(
        {
          backend: `session: { ${login}, token: $response.body#/result/session }, security: { saml: { assertion: $session.token }${more} }`,
        },
        ({ path }) => (path === 'login' ? { body: loggedIn(assertion.replaceAll('<', '&lt;')) } : sold),
      )
      await sell()
      expect(paths(seen)).toBe('login sell')
      expect(seen.map(({ body }) => body.includes('Assertion'))).toEqual([false, true])
      expect(seen.map(({ body }) => body.includes(':Timestamp'))).toEqual([more !== '', more !== ''])
      expect(seen[1]?.body).toContain(assertion)
    },
  )

  test('logs in with a SAML assertion that is a constant', async () => {
    const assertion = '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1"/>'
    const { sell, seen } = await open(
      { backend: `${byBody.backend}, security: { saml: { assertion: '${assertion}' } }` },
      ({ path }) => (path === 'login' ? { body: loggedIn('s1') } : sold),
    )
    await sell()
    expect(seen.map(({ body }) => body.includes(assertion))).toEqual([true, true])
  })

  test('is not begun with the SAML assertion of one of its callers', () => {
    const backend = `${byBody.backend}, security: { saml: { assertion: $request.header.X-User } }`
    expect(findings({ backend }).join('\n')).toContain('wss-policy: The login belongs to no request')
  })

  test('is begun once for many calls at the same time', async () => {
    const { sell, seen } = await open(byBody, ({ path }) =>
      path === 'login' ? { body: loggedIn('s1') } : sold,
    )
    await Promise.all(Array.from({ length: 20 }, () => sell()))
    expect(seen.filter(({ path }) => path === 'login')).toHaveLength(1)
    expect(seen.filter(({ path }) => path === 'sell')).toHaveLength(20)
  })

  test.each([
    ['its code', fault('s:Client.Session')],
    ['an element of its detail', fault('s:Server', '<t:SessionExpired/>')],
  ])('that a fault ends, told by %s, is begun anew and the call made again', async (_, ended) => {
    const { sell, seen } = await open(byBody, ({ path }, count) => {
      if (path === 'login') return { body: loggedIn(`s${count}`) }
      return count === 1 ? ended : sold
    })
    expect(await sell()).toMatchObject({ status: 200, body: '{"receipt":"r"}' })
    expect(paths(seen)).toBe('login sell login sell')
    expect(seen[3]?.body).toContain(':Id>s2<')
  })

  test('that ends again at once is an error, not a loop', async () => {
    const { sell, seen } = await open(byBody, ({ path }, count) =>
      path === 'login' ? { body: loggedIn(`s${count}`) } : fault('s:Client.Session'),
    )
    await expect(sell()).rejects.toMatchObject({ code: 'backend-login' })
    expect(paths(seen)).toBe('login sell login sell')
  })

  test('whose login is refused is not tried again and again: accounts get locked', async () => {
    const { sell, seen } = await open(byBody, () => fault('s:Client.Authentication'))
    await expect(sell()).rejects.toMatchObject({ code: 'backend-login' })
    await expect(sell()).rejects.toMatchObject({ code: 'backend-login' })
    expect(paths(seen)).toBe('login')
  })

  test('whose login failed for another reason is tried again', async () => {
    const { sell, seen } = await open(byBody, ({ path }, count) =>
      path === 'login'
        ? count === 1
          ? { status: 200, body: '<t:Nonsense/>' }
          : { body: loggedIn('s') }
        : sold,
    )
    await expect(sell()).rejects.toMatchObject({ code: 'backend-mismatch' })
    expect(await sell()).toMatchObject({ status: 200 })
    expect(paths(seen)).toBe('login login sell')
  })

  test('other faults do not touch', async () => {
    const { sell, seen } = await open(byBody, ({ path }, count) =>
      path === 'login' ? { body: loggedIn('s') } : count === 1 ? fault('s:Client.Other') : sold,
    )
    await expect(sell()).rejects.toMatchObject({ code: 'backend-fault' })
    await sell()
    expect(paths(seen)).toBe('login sell sell')
  })

  test('can be a header block of the answer to the login', async () => {
    const contract = {
      ...byBody,
      backend: `session: { ${login}, token: $response.soapHeader#/sessionHeader/id }`,
    }
    const header = '<t:SessionHeader><t:Id>from-header</t:Id></t:SessionHeader>'
    const { sell, seen } = await open(contract, ({ path }) =>
      path === 'login' ? { header, body: loggedIn('s') } : sold,
    )
    await sell()
    expect(seen[1]?.body).toContain(':Id>from-header<')
  })

  test('can be a cookie, and an element of the body', async () => {
    const contract = {
      backend: `session: { ${login}, token: $response.body#/result/session, cookie: JSESSIONID }`,
      operation: 'request: { Ticket: $session.token }, headers: {}',
    }
    const cookies = [
      'other=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Path=/',
      'JSESSIONID=a1.b2; Path=/; HttpOnly',
    ]
    const { sell, seen } = await open(contract, ({ path }) =>
      path === 'login' ? { body: loggedIn('t'), cookies } : sold,
    )
    await sell()
    expect(seen.map(({ cookie }) => cookie)).toEqual([undefined, 'JSESSIONID=a1.b2'])
    expect(seen[1]?.body).toContain(':Ticket>t<')
  })

  test.each([
    ['an empty token', { body: loggedIn('') }],
    ['no cookie', { body: loggedIn('t'), cookies: ['JSESSIONIDX=1'] }],
  ])('is refused where the response has %s', async (_, answer) => {
    const backend = `session: { ${login}, token: $response.body#/result/session, cookie: JSESSIONID }`
    const { sell } = await open({ ...byBody, backend }, () => answer)
    await expect(sell()).rejects.toMatchObject({ code: 'backend-login' })
  })
})

describe('a contract', () => {
  test.each<[string, string, RegExp]>([
    [
      'names no operation',
      'session: { token: $response.body#/a }',
      /^annotation-invalid: operation is missing/,
    ],
    [
      'names an unknown operation',
      'session: { operation: Logon, token: $response.body#/a }',
      /^operation-unknown: .*Logon/,
    ],
    ['has neither token nor cookie', `session: { ${login} }`, /^session-token: A session needs/],
    [
      'points to nothing',
      `session: { ${login}, token: $response.body#/result/token }`,
      /^session-token: .*no \/result\/token/,
    ],
    [
      'points to no scalar',
      `session: { ${login}, token: $response.body#/result }`,
      /^session-token: .*not a scalar/,
    ],
    [
      'takes the token from a request',
      `session: { ${login}, token: $request.header.X }`,
      /^session-token: The token must be/,
    ],
    [
      'leaves out the password',
      'session: { operation: Login, request: { Name: a }, token: $response.body#/result/session }',
      /^member-missing: .*Password/,
    ],
    [
      'has an unknown key',
      `session: { ${login}, cookie: c, lifetime: 5 }`,
      /^annotation-unknown: There is no lifetime/,
    ],
  ])('that %s is told so', (_, backend, message) => {
    expect(findings({ ...byBody, backend })).toContainEqual(expect.stringMatching(message))
  })
})

describe('the lifetime', () => {
  test('of a token is kept: none is used after it', async () => {
    let logins = 0
    const session = new Session(() => Promise.resolve(`t${++logins}`), 0)
    const tokens = [await session.use(() => 1000, echo), await session.use(() => 1000, echo)]
    expect(tokens).toEqual(['t1', 't2'])
  })

  test('of a call bounds the wait for a login, which goes on for others', async () => {
    let begin: (token: string) => void = () => undefined
    const begun = new Promise<string>((resolve) => (begin = resolve))
    const session = new Session(() => begun)
    const late = session.use(() => 1, echo)
    const patient = session.use(() => 60_000, echo)
    await expect(late).rejects.toMatchObject({ code: 'backend-timeout' })
    begin('t')
    expect(await patient).toBe('t')
  })

  test('of a session that ends during several calls costs one login', async () => {
    let logins = 0
    const session = new Session(() => Promise.resolve(`t${++logins}`))
    const once = (token: string) =>
      token === 't1' ? Promise.reject(new SessionEnded()) : Promise.resolve(token)
    const tokens = await Promise.all([1, 2, 3].map(() => session.use(() => 1000, once)))
    expect([tokens, logins]).toEqual([['t2', 't2', 't2'], 2])
  })

  test('is not ended by other errors', async () => {
    let logins = 0
    const session = new Session(() => Promise.resolve(`t${++logins}`))
    const failure = new AdapterError('backend-timeout', 'x')
    await expect(
      session.use(
        () => 1000,
        () => Promise.reject(failure),
      ),
    ).rejects.toBe(failure)
    expect(await session.use(() => 1000, echo)).toBe('t1')
  })
})

function echo(token: string): Promise<string> {
  return Promise.resolve(token)
}
