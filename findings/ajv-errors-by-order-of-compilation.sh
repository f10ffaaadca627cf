#!/usr/bin/env bash
# Which errors Ajv finds in a value can depend on which of two schemas it compiled first. A type derives from another by `allOf`, has
# `unevaluatedProperties: false`, and stands in a member of its base. In a value of the derived type one required member of the
# base is missing. Compiled base last, the error is that one. Compiled base first, every other member of the base is told to be
# unevaluated as well. In the first order Ajv knows when it compiles the derived type which members the base evaluates; in the
# second, where the circle has it refer to what is not compiled yet, it asks when it judges, and then a base in which
# something was wrong has evaluated nothing (JSON Schema 2020-12 Core, sections 7.7.1.2 and 11.3). Both say the value is wrong; a list
# of errors for people names the members that are right. Guess before the run: the same errors in any order.
#
# Prints the errors of both orders; exits non-zero when Ajv behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0
cat >probe.mjs <<'JS'
import { Ajv2020 } from 'ajv/dist/2020.js'

const base = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, name: { type: 'string' }, day: { type: 'string' }, part: { $ref: 'derived' } },
}
const derived = {
  allOf: [{ $ref: 'base' }],
  properties: { extra: { type: 'boolean' } },
  unevaluatedProperties: false,
}
const value = { name: 'a', day: 'b', extra: true }

function errorsOf(...order) {
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  ajv.addSchema(base, 'base').addSchema(derived, 'derived')
  for (const name of order) ajv.getSchema(name)
  const judge = ajv.getSchema('derived')
  return [judge(value), ...judge.errors.map(({ message, params }) => `${message} ${params.unevaluatedProperty ?? ''}`.trim())]
}

const seen = { 'derived first': errorsOf('derived', 'base'), 'base first': errorsOf('base', 'derived') }
console.log(seen)
const missing = "must have required property 'id'"
const asKnown =
  JSON.stringify(seen['derived first']) === JSON.stringify([false, missing]) &&
  JSON.stringify(seen['base first']) ===
    JSON.stringify([
      false,
      missing,
      'must NOT have unevaluated properties name',
      'must NOT have unevaluated properties day',
    ])
process.exit(asKnown ? 0 : 1)
JS
echo "ajv 8.20.0, node $(node --version)"
node probe.mjs
