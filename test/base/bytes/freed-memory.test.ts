import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** Where the C library is not glibc there is no such threshold. */
const isGlibc = 'glibcVersionRuntime' in (process.report.getReport() as { header: object }).header

/**
 * What is freed above the threshold for trimming cannot be seen from outside, since it depends on what else lies at the top
 * of the heap. Its twin, which glibc sets with it, can: a chunk below that one is taken from the heap, and is no mapping of
 * its own.
 */
const program = `
  import { readFileSync } from 'node:fs'
  import { setImmediate } from 'node:timers/promises'
  const heapBytes = () => {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) .*\\[heap\\]$/m.exec(readFileSync('/proc/self/maps', 'utf8'))
    return Number.parseInt(to, 16) - Number.parseInt(from, 16)
  }
  if (process.argv[1] === 'keep') keepFreedMemory()
  // Buffers are freed beside the loop, after a collection.
  const until = performance.now() + 5_000
  let grown
  const held = []
  do {
    gc()
    await setImmediate()
    const before = heapBytes()
    held.push(Buffer.allocUnsafeSlow(8 * 2 ** 20))
    grown = heapBytes() - before
  } while (process.argv[1] === 'keep' && grown < 7 * 2 ** 20 && performance.now() < until)
  console.log(grown)
`

/** Whoever sets one threshold has switched off the rule that moves them. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:MALLOC_|GLIBC_TUNABLES)/.test(name)),
  )
}

function grownBy(how: string): number {
  const source = readFileSync(new URL('../../../src/base/bytes/freed-memory.ts', import.meta.url), 'utf8')
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  })
  const args = ['--expose-gc', '--input-type=module', '--eval', outputText + program, how]
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', env: withoutSettings() }))
}

test.skipIf(!isGlibc)('large buffers are taken from the heap, which keeps what it has', () => {
  expect(grownBy('not')).toBe(0)
  expect(grownBy('keep')).toBeGreaterThan(7 * 2 ** 20)
})
