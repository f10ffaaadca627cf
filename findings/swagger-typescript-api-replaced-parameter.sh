#!/usr/bin/env bash
# swagger-typescript-api writes a parameter twice when an operation replaces it. A parameter of a path item may be overridden at
# the operation by one of the same name and place (OpenAPI 3.1, Path Item Object). For a parameter in the path the generator
# gives its method both as arguments, and the module is a SyntaxError: nothing of it can be loaded. Written at the operation
# alone, which means the same, it is one argument.
#
# Prints what the generated modules do; exits non-zero when swagger-typescript-api behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts swagger-typescript-api@13.13.0 typescript@5.9.3
cat >probe.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs'
import { generateApi } from 'swagger-typescript-api'
import typescript from 'typescript'

const orderId = (schema) => ({ name: 'orderId', in: 'path', required: true, schema })

async function tried(name, { shared, own }) {
  const get = {
    operationId: 'getOrder',
    parameters: own,
    responses: { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'string' } } } } },
  }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    paths: { '/orders/{orderId}': { parameters: shared, get } },
  }
  writeFileSync(`${name}.json`, JSON.stringify(document))
  await generateApi({
    input: `${process.cwd()}/${name}.json`,
    output: process.cwd(),
    fileName: `${name}.ts`,
    silent: true,
  })
  const { outputText } = typescript.transpileModule(readFileSync(`${name}.ts`, 'utf8'), {
    compilerOptions: { module: 'esnext', target: 'es2022' },
  })
  writeFileSync(`${name}.mjs`, outputText)
  try {
    const { Api } = await import(`./${name}.mjs`)
    return new Api().orders.getOrder.length
  } catch (error) {
    return String(error)
  }
}

const text = orderId({ type: 'string' })
const short = orderId({ type: 'string', maxLength: 12 })
const seen = {
  replaced: await tried('replaced', { shared: [text], own: [short] }),
  own: await tried('own', { shared: [], own: [short] }),
}
console.log(seen)
const asKnown = String(seen.replaced).startsWith('SyntaxError: Duplicate parameter name') && typeof seen.own === 'number'
process.exit(asKnown ? 0 : 1)
JS
echo "swagger-typescript-api 13.13.0, node $(node --version)"
node probe.mjs
