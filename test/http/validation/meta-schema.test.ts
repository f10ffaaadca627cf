import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { metaSchemaOf } from '../../../src/http/validation/meta-schema.js'
import { precompileMetaSchema } from '../../../src/http/validation/precompile.js'
import { isObject } from '../../../src/openapi/document.js'
import { sampleDocument } from '../sample-facade.js'

const directory = mkdtempSync(join(tmpdir(), 'meta-schema-'))
const file = join(directory, 'openapi-3.1.cjs')
const compiledNow = metaSchemaOf('3.1.0', join(directory, 'none.cjs'))

beforeAll(() => {
  precompileMetaSchema(file)
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

/** The document once with each of its values missing, and once with each of them a number. */
function* broken(document: unknown): Generator<object> {
  const places: (readonly [path: readonly string[], key: string])[] = []
  const visit = (value: unknown, path: readonly string[]): void => {
    for (const [key, inner] of Object.entries(isObject(value) || Array.isArray(value) ? value : {})) {
      places.push([path, key])
      visit(inner, [...path, key])
    }
  }
  visit(document, [])
  for (const [path, key] of places) {
    for (const mistake of [undefined, 7]) {
      const copy: unknown = structuredClone(document)
      const holder = path.reduce((value, step) => Reflect.get(Object(value) as object, step) as unknown, copy)
      if (mistake === undefined) Reflect.deleteProperty(Object(holder) as object, key)
      else Reflect.set(Object(holder) as object, key, mistake)
      yield Object(copy) as object
    }
  }
}

it('finds as built what it finds compiled now', () => {
  const built = metaSchemaOf('3.1.0', file)
  expect(built(sampleDocument)).toEqual([])
  let refused = 0
  for (const document of broken(sampleDocument)) {
    const found = compiledNow(document)
    if (found.length > 0) refused++
    expect(built(document)).toEqual(found)
  }
  expect(refused).toBeGreaterThan(100)
})

it('is used as built only with the versions that it was built with', () => {
  const other = join(directory, 'other.cjs')
  const nothingWrong = 'exports.create = () => () => true'
  const made = /^exports\.madeWith = .*$/m.exec(readFileSync(file, 'utf8'))?.[0] ?? ''
  writeFileSync(other, `${made}\n${nothingWrong}`)
  expect(metaSchemaOf('3.1.0', other)({})).toEqual([])
  const outdated = join(directory, 'outdated.cjs')
  writeFileSync(outdated, `exports.madeWith = 'ajv 1.0.0'\n${nothingWrong}`)
  expect(metaSchemaOf('3.1.0', outdated)({})).toEqual(compiledNow({}))
  expect(compiledNow({})).not.toEqual([])
})
