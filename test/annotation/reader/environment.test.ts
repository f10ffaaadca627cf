import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { expand } from '../../../src/annotation/reader/environment.js'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import type { Environment } from '../../../src/base/environment.js'

const directory = mkdtempSync(join(tmpdir(), 'secrets-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

function secret(name: string, content: string): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

function run(text: string, env: Environment = {}): { value: string | undefined; diagnostics: Diagnostics } {
  const diagnostics = new Diagnostics()
  const value = expand(text, env, { file: 'api.yaml', line: 3 }, diagnostics)
  return { value, diagnostics }
}

describe('a text', () => {
  test.each<[string, Environment, string]>([
    ['plain', {}, 'plain'],
    ['${A}', { A: 'x' }, 'x'],
    ['http://${H}:${P}/', { H: 'h', P: '1' }, 'http://h:1/'],
    ['${A:-d}', {}, 'd'],
    ['${A:-d}', { A: '' }, 'd'],
    ['${A:-d}', { A: 'x' }, 'x'],
    ['${A:-}', {}, ''],
    ['${A:-http://localhost:9101/a?b=c}', {}, 'http://localhost:9101/a?b=c'],
    ['${A}${A}', { A: 'x' }, 'xx'],
    ['${A}', { A: '${B}', B: 'x' }, '${B}'],
    ['${A}', { A: '$&$1' }, '$&$1'],
    ['$A ${1} ${a-b} $$', {}, '$A ${1} ${a-b} $$'],
  ])('%j with %j', (text, env, value) => {
    const { value: actual, diagnostics } = run(text, env)
    expect(actual).toBe(value)
    expect(diagnostics.list).toEqual([])
  })

  test('takes the content of a file, without the end of its last line', () => {
    expect(run('${S}', { S_FILE: secret('a', 'hunter2\n') }).value).toBe('hunter2')
    expect(run('${S}', { S_FILE: secret('b', 'hunter2\r\n') }).value).toBe('hunter2')
    expect(run('${S}', { S_FILE: secret('c', ' hunter 2\n\n') }).value).toBe(' hunter 2\n')
  })

  test('takes the variable where both are given', () => {
    expect(run('${S}', { S: 'x', S_FILE: secret('d', 'y') }).value).toBe('x')
    for (const text of ['', '\n']) {
      expect(run('${S:-z}', { S_FILE: secret('e', text) }).diagnostics.list[0]).toMatchObject({
        code: 'environment-file',
        message: 'The file that S_FILE names is empty.',
      })
    }
  })
})

describe('a variable that is missing', () => {
  test('is an error for each name once, and no value is made up', () => {
    const { value, diagnostics } = run('${A}/${B}/${A}', { B: '' })
    expect(value).toBeUndefined()
    expect(diagnostics.list.map(({ code, at }) => [code, at?.line])).toEqual([
      ['environment-missing', 3],
      ['environment-missing', 3],
    ])
    expect(diagnostics.list.map(({ message }) => message).join()).toMatch(/variable A .*variable B /)
  })

  test('a file that cannot be read is an error that does not show its path', () => {
    const { value, diagnostics } = run('${S}', { S_FILE: join(directory, 'hunter2') })
    expect(value).toBeUndefined()
    expect(diagnostics.list.map(({ code }) => code)).toContain('environment-file')
    expect(JSON.stringify(diagnostics.list)).not.toContain('hunter2')
  })

  test('a file that cannot be read is an error also where there is a default', () => {
    const { diagnostics } = run('${S:-d}', { S_FILE: join(directory, 'none') })
    expect(diagnostics.hasErrors).toBe(true)
  })

  test('a name that objects inherit is not set', () => {
    expect(run('${constructor}').value).toBeUndefined()
    expect(run('${toString:-d}').value).toBe('d')
  })
})
