import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)

const { layersOf } = (await import(new URL('bench/layers.mjs', root).href)) as {
  readonly layersOf: (profile: object) => Readonly<Record<string, number>>
}

/** Modules of the build are imported by path, which no type checker follows. */
const IMPORT = /importFrom\(\s*\w+,\s*'([^']+)'|(?:from |import\()'(?:\.\.\/)+dist\/([^']+)'/g

const files = readdirSync(new URL('bench', root), { recursive: true, encoding: 'utf8' })
const imported = files
  .filter((file) => file.endsWith('.mjs'))
  .flatMap((file) => {
    const source = readFileSync(new URL(`bench/${file}`, root), 'utf8')
    return [...source.matchAll(IMPORT)].map(([, path, below]) => [file, path ?? below ?? ''] as const)
  })

test('modules that the bench imports from a build are there', () => {
  const missing = imported.filter(
    ([, path]) => !existsSync(new URL(`src/${path.replace(/\.js$/, '.ts')}`, root)),
  )
  expect(imported.length).toBeGreaterThan(10)
  expect(missing).toEqual([])
})

test('each part of the bench names a function that is there', () => {
  const source = readFileSync(new URL('bench/parts.mjs', root), 'utf8')
  const measures = [...source.matchAll(/import\('\.\/([^']+)'\)\)\.(\w+)\(/g)]
  const missing = measures.filter(
    ([, file = '', name = '']) =>
      !readFileSync(new URL(`bench/${file}`, root), 'utf8').includes(`export async function ${name}(`),
  )
  expect(measures.length).toBe(source.match(/^ {4}measure: /gm)?.length)
  expect(missing).toEqual([])
})

// A folder that is renamed would else be counted for the facade, which takes what no other layer has.
test.each([
  ['guarantees', 'http/operations/guarantees'],
  ['guarantees', 'http/idempotency/idempotency'],
  ['validation', 'http/validation/validate'],
  ['validation', 'http/request/reader'],
  ['security', 'http/authentication/authenticator'],
  ['metrics', 'http/observe'],
  ['log', 'telemetry/logger'],
  ['codec', 'adapter/reply/answer'],
  ['codec', 'base/bytes/fixed'],
  ['xml', 'soap/envelope'],
  ['backend', 'backend/connection/exchange'],
  ['facade', 'http/operations/pipeline'],
])('the layer %s has %s', (layer, module) => {
  expect(existsSync(new URL(`src/${module}.ts`, root))).toBe(true)
  const callFrame = { functionName: 'f', url: `file:///soapstone/dist/${module}.js` }
  const layers = layersOf({ nodes: [{ id: 1, callFrame }], samples: [1], timeDeltas: [100] })
  expect(Object.keys(layers)).toEqual([layer])
})
