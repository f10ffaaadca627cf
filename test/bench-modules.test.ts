import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)

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
