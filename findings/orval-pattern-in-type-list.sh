#!/usr/bin/env bash
# orval's Zod client cannot be loaded when a schema has a list of types and a pattern. `type: [number, string]` with
# `pattern` is valid in OpenAPI 3.1: a pattern judges texts only and passes numbers over (JSON Schema Validation
# 2020-12, section 6.3.3). orval writes `zod.number().regex(…)` for it, drops the text, and the module throws a TypeError
# when it is imported. Written as `anyOf` of a number and a text with the pattern, both values pass.
#
# Prints what the generated modules do; exits non-zero when orval behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts orval@7.13.2 zod@4.6.7 typescript@5.9.3
cat >probe.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs'
import { generate } from 'orval'
import typescript from 'typescript'

async function tried(name, schema) {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Rates', version: '1' },
    paths: {
      '/rate': {
        get: {
          operationId: 'getRate',
          responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
        },
      },
    },
  }
  writeFileSync(`${name}.json`, JSON.stringify(document))
  await generate({
    input: { target: `./${name}.json` },
    output: { target: `./${name}.ts`, client: 'zod', mode: 'single' },
  })
  const { outputText } = typescript.transpileModule(readFileSync(`${name}.ts`, 'utf8'), {
    compilerOptions: { module: 'esnext', target: 'es2022' },
  })
  writeFileSync(`${name}.mjs`, outputText)
  try {
    const { getRateResponse } = await import(`./${name}.mjs`)
    return [1.5, 'NaN', 'other'].map((value) => getRateResponse.safeParse(value).success)
  } catch (error) {
    return String(error)
  }
}

const pattern = '^(INF|NaN)$'
const seen = {
  list: await tried('list', { type: ['number', 'string'], pattern }),
  anyOf: await tried('any-of', { anyOf: [{ type: 'number' }, { type: 'string', pattern }] }),
}
console.log(seen)
const asKnown =
  String(seen.list).startsWith('TypeError') && /regex is not a function/.test(seen.list) && String(seen.anyOf) === 'true,true,false'
process.exit(asKnown ? 0 : 1)
JS
echo "orval 7.13.2, node $(node --version)"
node probe.mjs
