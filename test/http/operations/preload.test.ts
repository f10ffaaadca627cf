import { createRequire } from 'node:module'
import { afterEach, expect, test, vi } from 'vitest'
import { defaultSettings } from '../../../src/config/settings.js'
import { preloadLater } from '../../../src/http/operations/preload.js'
import { startServer } from '../../../src/server.js'
import { createLogger } from '../../../src/telemetry/logger.js'
import { facadeOf, sampleDocument } from '../sample-facade.js'

const { cache } = createRequire(import.meta.url)
const isLoaded = (file: string): boolean => Object.keys(cache).some((path) => path.endsWith(file))
const PACKAGES = [
  'express-openapi-validator/dist/middlewares/openapi.request.validator.js',
  'undici/index.js',
]

afterEach(() => {
  vi.useRealTimers()
})

test('a server loads the packages of the first call soon, and not at once', async () => {
  const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }
  const options = { logger: createLogger('silent'), signals: false }
  const server = await startServer(facadeOf(sampleDocument), settings, options)
  expect(PACKAGES.filter(isLoaded)).toEqual([])
  await vi.waitFor(() => {
    expect(PACKAGES.filter(isLoaded)).toEqual(PACKAGES)
  }, 10_000)
  await server.close()
})

test('a server that is closed loads nothing any more', () => {
  vi.useFakeTimers()
  const cancel = preloadLater(() => undefined)
  expect(vi.getTimerCount()).toBe(1)
  cancel()
  expect(vi.getTimerCount()).toBe(0)
})
