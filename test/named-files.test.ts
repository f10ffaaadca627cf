import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './oracle/contracts.js'

/** What a text names by its path from the top, as comments and pages do; imports begin with a dot. */
const NAMED = /(?<![\w./:@-])(?:src|test|bench|docs|examples)\/[\w./-]*\w/g

/** Made up by a test, for what it tests, and the beginning of a name. */
const MADE_UP = new Set(['src/any.ts', 'test/example'])

/** A module is imported as .js, and run by Vitest without an ending. */
const isThere = (path: string) =>
  [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}.test.ts`].some((each) =>
    existsSync(join(root, each)),
  )

const texts = [
  ...readdirSync(root).filter((name) => /\.(?:md|ts|js)$/.test(name) && name !== 'CHANGELOG.md'),
  ...['src', 'test', 'bench', 'docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:md|ts|mjs)$/.test(name))
      .map((name) => `${folder}/${name}`),
  ),
]

it('every file and folder that a comment or a page names is there', () => {
  expect(texts.length).toBeGreaterThan(500)
  const missing = texts.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(NAMED)]
      .map(([path]) => path)
      .filter((path) => !isThere(path) && !MADE_UP.has(path))
      .map((path) => `${file} names ${path}`),
  )
  expect(missing).toEqual([])
})
