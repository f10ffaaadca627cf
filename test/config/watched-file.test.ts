import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WatchedFile } from '../../src/config/watched-file.js'

let directory: string
let path: string
const seen: (string | Error)[] = []
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-watched-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})
beforeEach(() => {
  path = join(directory, 'file')
  writeFileSync(path, 'first')
  seen.length = 0
})

/** Looks when the test does. */
const watch = () => new WatchedFile(path, 3_600_000, (text) => seen.push(text))

describe('a file that is watched', () => {
  it('is taken when two looks find the same', () => {
    const file = watch()
    file.look()
    writeFileSync(path, 'second')
    file.look()
    expect([seen, file.text]).toEqual([[], 'first'])
    file.look()
    file.look()
    expect([seen, file.text]).toEqual([['second'], 'second'])
    file.close()
  })

  it.each([
    ['emptied', ''],
    ['half-written', 'sec'],
    ['written twice with as many bytes', 'SECOND'],
  ])('is not taken while it is %s', (_, meanwhile) => {
    const file = watch()
    writeFileSync(path, meanwhile)
    file.look()
    writeFileSync(path, 'second')
    file.look()
    expect(seen).toEqual([])
    file.look()
    expect(seen).toEqual(['second'])
    file.close()
  })

  it('is as before when it is back before it was taken', () => {
    const file = watch()
    renameSync(path, `${path}.kept`)
    writeFileSync(path, '')
    file.look()
    renameSync(`${path}.kept`, path)
    file.look()
    file.look()
    expect([seen, file.text]).toEqual([[], 'first'])
    file.close()
  })

  it('is told once to be gone, and when it is there again', () => {
    const file = watch()
    rmSync(path)
    for (let look = 0; look < 3; look++) file.look()
    expect([seen.length, seen[0] instanceof Error, file.text]).toEqual([1, true, 'first'])
    writeFileSync(path, 'again')
    file.look()
    file.look()
    expect(seen.slice(1)).toEqual(['again'])
    file.close()
  })

  it('must be there at first', () => {
    expect(() => new WatchedFile(join(directory, 'nothing'), 1_000, () => undefined)).toThrow()
  })
})
