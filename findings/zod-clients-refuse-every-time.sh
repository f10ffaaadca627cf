#!/usr/bin/env bash
# The Zod schemas that orval and @hey-api/openapi-ts make of `format: time` refuse every text that has the format, and take only
# texts that have it not. `time` is a full-time of RFC 3339, which ends in Z or an offset (JSON Schema Validation 2020-12,
# section 7.3.1; RFC 3339, section 5.6): 12:00:00Z has the format, 12:00:00 has not. Both write `z.iso.time()`, which is named like the
# format and is a time without an offset, and nothing that it takes is valid by the document. Zod itself knows: z.fromJSONSchema
# takes 12:00:00Z for `format: time`, and z.toJSONSchema writes z.iso.time() as a pattern. With `date` and `date-time` in UTC both
# generators agree with the document. Zod will not widen z.iso.time() (its issue 6204). Guess before the run: as for
# `date-time`, where at most offsets other than Z are refused.
#
# Prints what each takes; exits non-zero when one of them behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts orval@8.38.0 @hey-api/openapi-ts@0.99.0 zod@4.6.7 typescript@5.9.3 ajv@8.20.0 ajv-formats@3.0.1
cat >probe.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs'
import { createClient } from '@hey-api/openapi-ts'
import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { generate } from 'orval'
import typescript from 'typescript'
import { fromJSONSchema } from 'zod'

const Opening = {
  type: 'object',
  properties: {
    time: { type: 'string', format: 'time' },
    date: { type: 'string', format: 'date' },
    'date-time': { type: 'string', format: 'date-time' },
  },
}
writeFileSync(
  'document.json',
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Openings', version: '1' },
    paths: {
      '/opening': {
        get: {
          operationId: 'getOpening',
          responses: {
            200: { description: 'ok', content: { 'application/json': { schema: { $ref: '#/components/schemas/Opening' } } } },
          },
        },
      },
    },
    components: { schemas: { Opening } },
  }),
)
await generate({ input: { target: './document.json' }, output: { target: './orval.ts', client: 'zod', mode: 'single' } })
await createClient({
  input: `${process.cwd()}/document.json`,
  output: { path: 'hey-api' },
  plugins: ['zod'],
  logs: { level: 'silent' },
})

async function loaded(name, file) {
  const { outputText } = typescript.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: 'esnext', target: 'es2022' },
  })
  writeFileSync(`${name}.mjs`, outputText)
  return import(`./${name}.mjs`)
}
const { GetOpeningResponse } = await loaded('orval', 'orval.ts')
const { zOpening } = await loaded('hey-api', 'hey-api/zod.gen.ts')
const ajv = new Ajv.default()
formats.default(ajv)
const judges = {
  'Ajv': ajv.compile(Opening),
  'z.fromJSONSchema': (value) => fromJSONSchema(Opening).safeParse(value).success,
  'orval': (value) => GetOpeningResponse.safeParse(value).success,
  'hey-api': (value) => zOpening.safeParse(value).success,
}
const seen = {}
for (const [format, text] of [
  ['time', '12:00:00Z'],
  ['time', '12:00:00.5Z'],
  ['time', '12:00:00+01:00'],
  ['time', '12:00:00'],
  ['time', '12:00'],
  ['date', '2026-11-30'],
  ['date-time', '2026-11-30T12:00:00Z'],
])
  seen[`${format} ${text}`] = Object.fromEntries(Object.entries(judges).map(([name, takes]) => [name, takes({ [format]: text })]))
console.table(seen)
const known = {
  'time 12:00:00Z': 'true,true,false,false',
  'time 12:00:00.5Z': 'true,true,false,false',
  'time 12:00:00+01:00': 'true,true,false,false',
  'time 12:00:00': 'false,false,true,true',
  'time 12:00': 'false,false,true,true',
  'date 2026-11-30': 'true,true,true,true',
  'date-time 2026-11-30T12:00:00Z': 'true,true,true,true',
}
process.exit(Object.entries(seen).every(([name, row]) => Object.values(row).join() === known[name]) ? 0 : 1)
JS
echo "orval 8.38.0, @hey-api/openapi-ts 0.99.0, zod 4.6.7, node $(node --version)"
node probe.mjs
