import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expand } from '../annotation/environment.js'
import { readDocument } from '../annotation/inner-document.js'
import { Diagnostics } from '../base/diagnostic.js'
import type { Environment } from '../base/environment.js'
import { loadOpenApi } from '../openapi/document.js'

/** A contract has dozens; this many are looked at, so that what is no contract costs little. */
export const MOST_FILES = 2_000
const MOST_BYTES = 64 * 1024 * 1024

/**
 * The files that a contract consists of: the document, the WSDLs that it names, and what these import and include, whether
 * or not they are there and in order: those that are missing matter when they appear.
 *
 * @returns absolute paths; undefined where the document cannot be read, so that nobody knows what it names
 */
export function contractFiles(contract: string, env: Environment): ReadonlySet<string> | undefined {
  const path = resolve(contract)
  const ignored = new Diagnostics()
  const document = loadOpenApi(path, contract, ignored)
  const backends: unknown = document?.root['x-soap-backends']
  if (typeof backends !== 'object' || backends === null) return undefined
  const wsdls = Object.values(backends).flatMap((backend: unknown) => {
    const wsdl: unknown =
      typeof backend === 'object' && backend !== null && 'wsdl' in backend ? backend.wsdl : undefined
    const file =
      typeof wsdl === 'string' ? expand(wsdl, env, { file: contract, line: 1 }, ignored) : undefined
    return file === undefined ? [] : [resolve(dirname(path), file)]
  })
  const schemas = documentSchemas(document?.root).map((file) => resolve(dirname(path), file))
  return new Set([path, ...withImports([...wsdls, ...schemas])])
}

/** What `content` names in the `x-soap` of schemas, wherever they stand. */
function documentSchemas(root: unknown): readonly string[] {
  const found = new Set<string>()
  const seen = new Set<unknown>()
  const pending = [root]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    for (const [key, value] of Object.entries(next)) {
      const schema =
        key === 'x-soap' ? readDocument((value as { content?: unknown } | null)?.content)?.schema : undefined
      if (schema !== undefined) found.add(schema)
      pending.push(value)
    }
  }
  return [...found]
}

/** Found in the text: whether it is a WSDL in order is for others to say. */
const LOCATION = /\b(?:schemaLocation|location)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

function withImports(wsdls: readonly string[]): ReadonlySet<string> {
  const found = new Set(wsdls)
  const pending = [...found]
  for (let file = pending.pop(); file !== undefined && found.size < MOST_FILES; file = pending.pop()) {
    for (const location of locationsIn(file)) {
      if (found.has(location)) continue
      found.add(location)
      pending.push(location)
    }
  }
  return found
}

function locationsIn(file: string): readonly string[] {
  let text: string
  try {
    if (statSync(file).size > MOST_BYTES) return []
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  return [...text.matchAll(LOCATION)].flatMap(([, double, single]) => {
    const location = (double ?? single ?? '').trim()
    if (location === '') return []
    if (location.startsWith('file:')) return URL.canParse(location) ? [fileURLToPath(location)] : []
    return /^[a-z][a-z0-9+.-]+:/i.test(location)
      ? []
      : [resolve(dirname(file), location.split(/[?#]/, 1)[0] ?? '')]
  })
}
