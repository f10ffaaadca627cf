#!/usr/bin/env bash
# z.fromJSONSchema refuses relative references for `format: uri-reference`, the format for what may be relative; absolute ones have
# `uri` beside it (JSON Schema Validation 2020-12, section 7.3.5; RFC 3986, section 4.1). Zod checks both as URLs. So the JSON Schema
# of problem details in appendix A of RFC 9457, which has this format at `type` and `instance`, refuses the RFC's own examples: the
# instance /account/12345/msgs/abc (section 3) and the type example-problem (section 3.1.1). Formats that Zod does not know,
# `iri-reference` say, it leaves alone. ajv-formats takes all of them.
#
# Prints what each validator takes; exits non-zero when Zod behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 ajv@8.20.0 ajv-formats@3.0.1
cat >probe.mjs <<'JS'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import * as z from 'zod'

const ajv = new Ajv2020()
formats.default(ajv)
const values = ['https://example.com/probs/out-of-credit', 'urn:uuid:5d3ad1e5-3f0d-4f04-9a34-d7a9f1c5a3a1', '/account/12345/msgs/abc', 'example-problem', '#credit']
const schema = { type: 'string', format: 'uri-reference' }
const judged = ajv.compile(schema)
const refused = {
  ajv: values.filter((value) => !judged(value)),
  zod: values.filter((value) => !z.fromJSONSchema(schema).safeParse(value).success),
  iri: values.filter((value) => !z.fromJSONSchema({ ...schema, format: 'iri-reference' }).safeParse(value).success),
}
console.log('refused:', refused)
const asKnown = refused.ajv.length === 0 && refused.iri.length === 0 && String(refused.zod) === String(values.slice(2))
process.exit(asKnown ? 0 : 1)
JS
echo "zod 4.6.7, ajv 8.20.0, ajv-formats 3.0.1, node $(node --version)"
node probe.mjs
