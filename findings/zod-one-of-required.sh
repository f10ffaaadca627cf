#!/usr/bin/env bash
# z.fromJSONSchema refuses all that a schema allows when members exclude each other. "Either iban or accountId" is written
# `oneOf: [{ required: [iban] }, { required: [accountId] }]` beside `properties`. `required` is an assertion by itself, which needs
# neither `type` nor `properties` next to it (JSON Schema Validation 2020-12, section 6.5.3). Zod reads it only for names that stand
# in `properties` of the same schema, beside `type: object`, so each of these branches takes anything, and oneOf, which wants exactly
# one to match (Core, section 10.2.1.3), is never content. What else it does not support, `not` or `if` say, it refuses as it
# builds the schema; this it does silently. The same with `anyOf` takes an object that has neither. Branches that say
# `type` and repeat the properties are read.
#
# Prints what each schema takes; exits non-zero when Zod behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 ajv@8.20.0
cat >probe.mjs <<'JS'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as z from 'zod'

const text = { type: 'string' }
const properties = { iban: text, accountId: text }
const schemas = {
  oneOf: { type: 'object', properties, oneOf: [{ required: ['iban'] }, { required: ['accountId'] }] },
  anyOf: { type: 'object', properties, anyOf: [{ required: ['iban'] }, { required: ['accountId'] }] },
  repeated: {
    oneOf: [
      { type: 'object', properties, required: ['iban'] },
      { type: 'object', properties, required: ['accountId'] },
    ],
  },
}
const values = [{ iban: 'CH93' }, { accountId: '7' }, {}, { iban: 'CH93', accountId: '7' }]
const ajv = new Ajv2020({ strict: false })
const seen = {}
for (const [name, schema] of Object.entries(schemas)) {
  const judged = ajv.compile(schema)
  const read = z.fromJSONSchema(schema)
  seen[name] = {
    ajv: values.map((value) => judged(value)).join(),
    zod: values.map((value) => read.safeParse(value).success).join(),
  }
}
console.log(values, seen)
const asKnown =
  seen.oneOf.ajv === 'true,true,false,false' &&
  seen.oneOf.zod === 'false,false,false,false' &&
  seen.anyOf.ajv === 'true,true,false,true' &&
  seen.anyOf.zod === 'true,true,true,true' &&
  seen.repeated.zod === seen.repeated.ajv
process.exit(asKnown ? 0 : 1)
JS
echo "zod 4.6.7, ajv 8.20.0, node $(node --version)"
node probe.mjs
