import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as tracing from '../../src/telemetry/tracing.js'

it('the benchmark of code without tracing takes the place of all that the module exports', () => {
  const stub = readFileSync(new URL('../../bench/servers/no-tracing.mjs', import.meta.url), 'utf8')
  const names = [...stub.matchAll(/^export const (\w+)/gm)].map(([, name]) => name)
  expect(names.sort()).toEqual(Object.keys(tracing).sort())
})
