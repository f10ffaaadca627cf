#!/usr/bin/env bash
# @apiture/openapi-down-convert, which makes OpenAPI 3.0 of 3.1, takes members of the described objects for keywords. A member that is called
# contentMediaType or $id is gone from `properties` and stays in `required`: with `additionalProperties: false` no object is valid any
# more. One called const becomes one called enum, whose schema is a list, which is no OpenAPI 3.0. In values of `default` and `enum`
# members of these names go the same way. What stands in `properties` are names of members, and any string may be one (JSON Schema
# 2020-12 Core, section 10.3.2.1); values of `enum` and `default` are data (Validation, sections 6.1.2 and 9.2). On the other hand
# `const: 0`, `const: false` and `const: null` stay as they are, and OpenAPI 3.0, which has no `const`, then allows anything, while
# `const: 1` becomes `enum: [1]`. It says none of this. A document with its media type beside its bytes is a common thing in SOAP
# services. Guess before the run: keywords in schemas are converted, names and data left alone, and const 0 like const 1.
#
# Prints the schemas before and after; exits non-zero when the converter behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @apiture/openapi-down-convert@0.14.2
cat >probe.mjs <<'JS'
import { isDeepStrictEqual } from 'node:util'
import { Converter } from '@apiture/openapi-down-convert'

const closed = (...names) => ({
  type: 'object',
  additionalProperties: false,
  required: names,
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
})
const without = (schema, properties) => ({ ...schema, properties })
const text = { type: 'string' }

const named = closed('fileName', 'contentMediaType', 'content')
const identified = closed('$id', 'label')
const fixed = closed('const', 'label')
const known = [
  // Keywords, as they should be converted
  [{ type: ['string', 'null'] }, { type: 'string', nullable: true }],
  [{ const: 1 }, { enum: [1] }],
  [{ type: 'string', contentMediaType: 'text/csv' }, { type: 'string' }],
  [closed('fileName', 'contentEncoding'), closed('fileName', 'contentEncoding')],
  // Members of their names
  [named, without(named, { fileName: text, content: text })],
  [identified, without(identified, { label: text })],
  [fixed, without(fixed, { enum: [text], label: text })],
  // Data
  [{ default: { contentMediaType: 'text/csv', size: 1 } }, { default: { size: 1 } }],
  [{ enum: [{ const: 5 }, { size: 1 }] }, { enum: [{ enum: [5] }, { size: 1 }] }],
  // What JavaScript holds for false
  [{ const: 0 }, { const: 0 }],
  [{ const: false }, { const: false }],
  [{ const: null }, { const: null }],
]
let failed = 0
for (const [schema, expected] of known) {
  const schemas = { Tried: structuredClone(schema) }
  const document = { openapi: '3.1.0', info: { title: 'Files', version: '1' }, paths: {}, components: { schemas } }
  const { openapi, components } = JSON.parse(JSON.stringify(new Converter(document, {}).convert()))
  console.log(`${JSON.stringify(schema)}\n  ${openapi}: ${JSON.stringify(components.schemas.Tried)}`)
  if (!openapi.startsWith('3.0.') || !isDeepStrictEqual(components.schemas.Tried, expected)) failed = 1
}
process.exit(failed)
JS
echo "@apiture/openapi-down-convert 0.14.2, node $(node --version)"
node probe.mjs
