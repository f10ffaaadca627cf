#!/usr/bin/env bash
# @hey-api/openapi-ts makes a Zod schema that refuses its document's only valid value. For `type: integer, format: int64`
# with `const: 7` it writes `z.literal(BigInt(7))`, which JSON's 7 is not, while the same schema without `const` gets
# `z.coerce.bigint()` and takes it. `format` is an annotation (JSON Schema Validation 2020-12, section 7.2.1), and
# `const` compares numbers by their mathematical value (section 6.1.3). Without `format` the literal is a number.
#
# Prints what each schema says of 7; exits non-zero when the generator behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @hey-api/openapi-ts@0.95.0 zod@4.6.7 typescript@5.9.3
cat >probe.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs'
import { createClient } from '@hey-api/openapi-ts'
import typescript from 'typescript'

const schemas = {
  Plain: { type: 'integer', format: 'int64' },
  Fixed: { type: 'integer', format: 'int64', const: 7 },
  FixedWithoutFormat: { type: 'integer', const: 7 },
}
writeFileSync(
  'document.json',
  JSON.stringify({ openapi: '3.1.0', info: { title: 'Sizes', version: '1' }, paths: {}, components: { schemas } }),
)
await createClient({
  input: `${process.cwd()}/document.json`,
  output: { path: 'client' },
  plugins: ['zod'],
  logs: { level: 'silent' },
})
const { outputText } = typescript.transpileModule(readFileSync('client/zod.gen.ts', 'utf8'), {
  compilerOptions: { module: 'esnext', target: 'es2022' },
})
writeFileSync('zod.mjs', outputText)
const { zPlain, zFixed, zFixedWithoutFormat } = await import('./zod.mjs')
const takes = (schema) => schema.safeParse(JSON.parse('7')).success
const seen = { plain: takes(zPlain), fixed: takes(zFixed), fixedWithoutFormat: takes(zFixedWithoutFormat) }
console.log(seen)
process.exit(seen.plain && !seen.fixed && seen.fixedWithoutFormat ? 0 : 1)
JS
echo "@hey-api/openapi-ts 0.95.0, node $(node --version)"
node probe.mjs
