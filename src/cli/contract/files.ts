import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { expand } from '../../annotation/reader/environment.js'
import { documentSchemas } from '../../annotation/schema/inner-document.js'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { Environment } from '../../base/environment.js'
import { isObject, loadOpenApi, type OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import { decodeXml } from '../../xml/encoding.js'
import { attributeValue } from '../../xml/reference.js'
import { localPaths } from '../../xsd/load/contract-files.js'

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
  const document = loadOpenApi(path, contract, new Diagnostics())
  const backends = backendsOf(document)
  if (!backends) return undefined
  const wsdls = backends.flatMap(({ wsdl }) => {
    const file = typeof wsdl === 'string' ? expanded(wsdl, env) : undefined
    return file === undefined ? [] : [resolve(dirname(path), file)]
  })
  const schemas = documentSchemas(document?.root).map((file) => resolve(dirname(path), file))
  return new Set([path, ...withImports([...wsdls, ...schemas])])
}

/**
 * What the environment chooses of a contract: the texts with variables that say which WSDL, service and port a backend is,
 * and what they are.
 */
export function environmentChoices(contract: string, env: Environment): ReadonlyMap<string, string> {
  const document = loadOpenApi(resolve(contract), contract, new Diagnostics())
  const texts = (backendsOf(document) ?? []).flatMap(({ wsdl, service, port }) => [wsdl, service, port])
  const choices = new Map<string, string>()
  for (const text of texts) {
    const chosen = typeof text === 'string' && text.includes('${') ? expanded(text, env) : undefined
    if (typeof text === 'string' && chosen !== undefined) choices.set(text, chosen)
  }
  return choices
}

/** @returns undefined where a variable is missing */
export function expanded(text: string, env: Environment): string | undefined {
  return expand(text, env, { file: '', line: 1 }, new Diagnostics())
}

function backendsOf(document: OpenApiDocument | undefined): readonly OpenApiObject[] | undefined {
  const backends = document?.root['x-soap-backends']
  return isObject(backends) ? Object.values(backends).filter(isObject) : undefined
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

/** @returns absolute paths: what each location leads to, or would lead to if it were there */
function locationsIn(file: string): readonly string[] {
  let text: string
  try {
    if (statSync(file).size > MOST_BYTES) return []
    text = textOf(readFileSync(file))
  } catch {
    return []
  }
  return [...text.matchAll(LOCATION)].flatMap(([, double, single]) => {
    const meant = localPaths(unescaped(double ?? single ?? '')).map((path) => besides(file, path))
    const path = meant.find((each) => existsSync(each)) ?? meant.at(-1)
    return path === undefined ? [] : [path]
  })
}

/** What a link leads to has its imports beside it; where they are beside the link, too, that is the shorter way. */
function besides(file: string, path: string): string {
  const here = resolve(dirname(file), path)
  const there = resolve(dirname(realPath(file) ?? file), path)
  return realPath(here) === realPath(there) ? here : there
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}

function textOf(octets: Buffer): string {
  try {
    return decodeXml(octets)
  } catch {
    return octets.toString()
  }
}

function unescaped(value: string): string {
  try {
    return attributeValue(value)
  } catch {
    return value
  }
}
