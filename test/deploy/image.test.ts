import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startCoreBanking } from '../../src/demo/core-banking/service.js'
import { Container } from './image/container.js'
import { commandsOf, type DockerRun, parseDockerRun } from './image/docker-run.js'
import { type ImageConfig, Images, whyNoImages } from './image/images.js'

// Images are copied as a whole where there is no overlay file system.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = (name: string) => readFileSync(join(root, name), 'utf8')
const guide = page('docs/operations.md')
const runsOf = (text: string) => commandsOf(text, 'docker run').map(parseDockerRun)

const PLAIN: DockerRun = {
  isReadOnly: true,
  ports: [],
  volumes: [],
  env: [],
  image: 'soapstone',
  command: [],
}
const STORE = '/var/lib/soapstone'

describe('docker run as the pages print it', () => {
  it('is understood', () => {
    const [first] = commandsOf(
      '```sh\ndocker run -p 8080:80 \\\n  -v ./a:/b:ro -e X=1 image do it # that\n```\n',
      'docker run',
    )
    expect(first && parseDockerRun(first)).toEqual({
      isReadOnly: false,
      ports: [['8080', '80']],
      volumes: [{ source: './a', target: '/b', isReadOnly: true }],
      env: ['X=1'],
      image: 'image',
      command: ['do', 'it'],
    })
    expect(() => parseDockerRun('docker run --privileged image')).toThrow('--privileged')
  })

  it('is in the pages', () => {
    expect(runsOf(page('README.md'))).toHaveLength(2)
    expect(runsOf(guide)).toHaveLength(3)
  })
})

const reason = whyNoImages()
if (reason !== undefined) console.warn(`skipped: the image is not built, ${reason}`)

describe.skipIf(reason !== undefined)('the image', () => {
  let images: Images
  let config: ImageConfig
  let folder: string
  let ports: readonly number[] = []
  const cleanups: (() => unknown)[] = []
  let key: string
  let banking: Awaited<ReturnType<typeof startCoreBanking>>
  const started: Container[] = []

  beforeAll(async () => {
    images = new Images()
    cleanups.push(() => {
      images.remove()
    })
    const context = mkdtempSync(join(tmpdir(), 'soapstone-context-'))
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    })
    for (const file of files.trim().split('\n')) {
      if (!/^(?:test|docs|bench|deploy)\//.test(file) && existsSync(join(root, file)))
        cpSync(join(root, file), join(context, file))
    }
    images.build(context, 'soapstone')
    rmSync(context, { recursive: true })
    config = images.config('soapstone')
    folder = mkdtempSync(join(tmpdir(), 'soapstone-host-'))
    cleanups.push(() => {
      rmSync(folder, { recursive: true })
    })
    banking = await startCoreBanking()
    cleanups.push(() => banking.close())
    ports = [await freePort(), await freePort()]
    // The command of the page that makes a key, and the file that it says.
    const [made] = runsOf(guide)
    const making = start(made ?? PLAIN)
    expect(await making.exited).toBe(0)
    const line = making.output.split('\n').find((each) => each.includes('sha256:')) ?? ''
    key =
      making.output
        .split(/\s/)
        .find((word) => word !== '' && !line.includes(word) && /^[A-Za-z0-9_-]{30,}$/.test(word)) ?? ''
    mkdirSync(join(folder, 'keys'))
    writeFileSync(join(folder, 'keys/api-keys'), `${line}\n`)
  }, 900_000)

  afterEach(async () => {
    for (const container of started.splice(0)) await container.stop()
  })

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })

  function start(
    run: DockerRun,
    more: { env?: readonly string[]; command?: readonly string[]; at?: string } = {},
  ): Container {
    const at = more.at ?? images.mount(run.image)
    const [port = 0, adminPort = 0] = ports
    // What -p would do: the ports of the host are others.
    const env = [`PORT=${port}`, `ADMIN_PORT=${adminPort}`, ...(more.env ?? [])]
    const container = new Container(run, { root: at, config: images.config(run.image), folder, ...more, env })
    started.push(container)
    return container
  }

  const url = (path: string) => `http://127.0.0.1:${ports[0]}${path}`

  async function pay(idempotencyKey: string): Promise<Response> {
    return fetch(url('/v1/payments'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key, 'idempotency-key': idempotencyKey },
      body: JSON.stringify({
        instructionId: `I-${idempotencyKey}`,
        debtorAccountId: 'AC-00000101',
        creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
        amount: { value: '1.00', currency: 'EUR' },
        remittanceLines: ['Rent'],
      }),
    })
  }

  it('runs as nobody in particular, writes to its volume alone, and says so', () => {
    expect(config).toMatchObject({ User: '1000:1000', WorkingDir: '/app', Volumes: { [STORE]: {} } })
    expect(config.Env).toContain(`STORE_FILE=${STORE}/store.db`)
    expect(Object.keys(config.ExposedPorts).sort()).toEqual(['8080/tcp', '9090/tcp'])
    console.log(
      `the image takes ${Math.round(images.size('soapstone') / 1e6)} MB, of which its base takes ${Math.round(images.size('node:24-slim') / 1e6)} MB`,
    )
  })

  it.each([
    ['README.md', 1],
    ['docs/operations.md', 1],
  ])('serves as %s prints it, and pays once for a key that comes twice', async (name, index) => {
    const printed = runsOf(page(name))[index] ?? PLAIN
    expect(printed.env.some((each) => each.startsWith('CORE_BANKING_URL='))).toBe(true)
    const began = performance.now()
    const container = start(printed, { env: [`CORE_BANKING_URL=${banking.url}`] })
    await container.said('"ready"')
    console.log(`${name}: ready after ${Math.round(performance.now() - began)} ms`)
    const idempotencyKey = `image-${index}-${name}`
    const [first, second] = [await pay(idempotencyKey), await pay(idempotencyKey)]
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([
      201,
      201,
      'true',
    ])
    expect(await second.text()).toBe(await first.text())
    const store = join(folder, 'soapstone-data/store.db')
    expect(statSync(store).uid).toBe(1000)
    expect(await container.stop()).toBe(0)

    // Another container on the same volume knows what the first has done.
    const next = start(printed, { env: [`CORE_BANKING_URL=${banking.url}`] })
    await next.said('"ready"')
    expect((await pay(idempotencyKey)).headers.get('idempotency-replayed')).toBe('true')
  })

  it('needs no -v to start with a root that is read-only', async () => {
    const container = start(PLAIN, { env: ['AUTHENTICATION=off'] })
    await container.said('"ready"')
    expect((await fetch(url('/readyz'))).status).toBe(200)
  })

  it('does not start where its store cannot be written, and says which file of which setting', async () => {
    const container = start(PLAIN, { env: ['AUTHENTICATION=off', 'STORE_FILE=/app/store.db'] })
    expect(await container.exited).not.toBe(0)
    expect(container.output).toContain('STORE_FILE is /app/store.db (')
  })

  describe('its health check', () => {
    const check = (env: readonly string[] = []) => {
      const [kind, ...command] = config.Healthcheck.Test
      expect(kind).toBe('CMD')
      return start(PLAIN, { command, env }).exited
    }

    it('finds a service that lives, and one that does not', async () => {
      expect(await check()).toBe(1)
      const container = start(PLAIN, { env: ['AUTHENTICATION=off'] })
      await container.said('"ready"')
      expect(await check()).toBe(0)
    })

    it('follows TLS', async () => {
      const tls = join(folder, 'tls')
      mkdirSync(tls)
      const subject = ['-subj', '/CN=api.bank.example', '-days', '2']
      const files = ['-keyout', join(tls, 'key.pem'), '-out', join(tls, 'cert.pem')]
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], {
        stdio: 'ignore',
      })
      execFileSync('chmod', ['-R', 'a+rX', tls])
      const env = ['AUTHENTICATION=off', 'TLS_CERT_FILE=/tls/cert.pem', 'TLS_KEY_FILE=/tls/key.pem']
      const container = start(
        { ...PLAIN, volumes: [{ source: './tls', target: '/tls', isReadOnly: true }] },
        { env },
      )
      await container.said('"ready"')
      const secured = request({ port: ports[0], path: '/healthz', rejectUnauthorized: false }).end()
      const [response] = (await once(secured, 'response')) as [{ statusCode: number }]
      expect(response.statusCode).toBe(200)
      expect(await check(env)).toBe(0)
    })
  })

  it('takes a contract of your own in the two lines of the guide', async () => {
    const [, dockerfile = ''] = /```dockerfile\n(.*?)```/s.exec(guide) ?? []
    expect(dockerfile.trim().split('\n')).toHaveLength(2)
    const context = mkdtempSync(join(tmpdir(), 'soapstone-own-'))
    writeFileSync(join(context, 'Dockerfile'), dockerfile)
    mkdirSync(join(context, 'contract'))
    cpSync(join(root, 'test/resilience/payments.wsdl'), join(context, 'contract/payments.wsdl'))
    writeFileSync(
      join(context, 'contract/openapi.yaml'),
      readFileSync(join(root, 'test/resilience/payments.yaml'), 'utf8'),
    )
    const [build = ''] = commandsOf(guide, 'docker build -t my-api')
    expect(build).toBe('docker build -t my-api .')
    images.build(context, 'my-api')
    rmSync(context, { recursive: true })
    const printed = runsOf(guide).find(({ image }) => image === 'my-api')
    const container = start(printed ?? PLAIN, {
      env: ['AUTHENTICATION=off', 'PAYMENTS_URL=http://127.0.0.1:1/'],
    })
    await container.said('"ready"')
    const document = (await (await fetch(url('/v1/openapi.json'))).json()) as { info: { title: string } }
    expect(document.info.title).not.toContain('Banking')
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
