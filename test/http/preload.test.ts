import { createRequire } from 'node:module'
import { expect, test, vi } from 'vitest'
import { preloadLater } from '../../src/http/preload.js'

const { cache } = createRequire(import.meta.url)
const isLoaded = (file: string): boolean => Object.keys(cache).some((path) => path.endsWith(file))
const PACKAGES = [
  'express-openapi-validator/dist/middlewares/openapi.request.validator.js',
  'undici/index.js',
]

test('packages of the first call are loaded soon, and not at once', async () => {
  const failures: unknown[] = []
  preloadLater((error) => failures.push(error))
  expect(PACKAGES.filter(isLoaded)).toEqual([])
  await vi.waitFor(() => {
    expect(PACKAGES.filter(isLoaded)).toEqual(PACKAGES)
  }, 10_000)
  expect(failures).toEqual([])
})
