import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WatchedFiles } from '../../src/config/watched-files.js'

let folder: string
let seen: (readonly string[])[]
let files: WatchedFiles
const at = (name: string) => join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watched-files-'))
  writeFileSync(at('a'), '1')
  seen = []
  // Nobody looks by the clock.
  files = new WatchedFiles([at('a'), at('b')], 1_000_000, (changed) => seen.push(changed))
})
afterEach(() => {
  files.close()
  rmSync(folder, { recursive: true })
})

function look(times: number): void {
  for (let n = 0; n < times; n++) files.look()
}

it('tells of nothing where nothing changes', () => {
  look(3)
  expect(seen).toEqual([])
})

it('tells of what has changed, come and gone, once', () => {
  writeFileSync(at('a'), '22')
  writeFileSync(at('b'), '1')
  look(3)
  expect(seen).toEqual([[at('a'), at('b')]])
  rmSync(at('b'))
  look(3)
  expect(seen).toEqual([[at('a'), at('b')], [at('b')]])
})

it('waits until what is written stays as it is', () => {
  writeFileSync(at('a'), '22')
  look(1)
  writeFileSync(at('a'), '333')
  look(1)
  expect(seen).toEqual([])
  look(1)
  expect(seen).toEqual([[at('a')]])
})

it('watches others when it is told to, and forgets no change meanwhile', () => {
  writeFileSync(at('a'), '22')
  files.watch([at('a'), at('c')])
  writeFileSync(at('c'), '1')
  look(2)
  expect(seen).toEqual([[at('a'), at('c')]])
})
