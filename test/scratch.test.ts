import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import scratch from './scratch.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

it('tests make their files in a folder of the run, which is in no other', () => {
  expect(basename(tmpdir())).toMatch(/^soapstone-tests-/)
  expect(basename(dirname(tmpdir()))).not.toMatch(/^soapstone-tests-/)
})

it('the folder of a run goes with all that is in it, and the one before is used again', () => {
  const before = mkdtempSync(join(tmpdir(), 'before-'))
  vi.stubEnv('TMPDIR', before)
  const end = scratch()
  const left = mkdtempSync(join(tmpdir(), 'left-'))
  expect(left.startsWith(join(before, 'soapstone-tests-'))).toBe(true)
  end()
  expect(existsSync(left)).toBe(false)
  expect(tmpdir()).toBe(before)
})

it('another project of the run uses the folder that is there, and leaves it', () => {
  const folder = tmpdir()
  const end = scratch()
  expect(tmpdir()).toBe(folder)
  end()
  expect(tmpdir()).toBe(folder)
  expect(existsSync(folder)).toBe(true)
})
