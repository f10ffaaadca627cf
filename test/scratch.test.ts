import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import scratch from './scratch.js'

it('tests make their files in a folder of the run', () => {
  expect(basename(tmpdir())).toMatch(/^soapstone-tests-/)
})

it('the folder of a run goes with all that is in it, and the one before is used again', () => {
  const before = tmpdir()
  const end = scratch()
  const left = mkdtempSync(join(tmpdir(), 'left-'))
  expect(left.startsWith(join(before, 'soapstone-tests-'))).toBe(true)
  end()
  expect(existsSync(left)).toBe(false)
  expect(tmpdir()).toBe(before)
})
