// Checks OpenAPI documents (JSON, as soapstone exports them) against what integration platforms document: no network.
//   node check.mjs [--for PLATFORM]... FILE...
// Exits with 1 where a platform after --for imports none of the files, with 2 where the arguments are wrong.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { platforms } from './platforms.mjs'

const HTTP_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const SALESFORCE_MEDIA_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { for: { type: 'string', multiple: true, default: [] } },
})
const unknown = values.for.find((name) => !platforms.some((platform) => platform.name === name))
if (positionals.length === 0 || unknown !== undefined) {
  console.error(unknown ? `There is no platform ${unknown}.` : 'node check.mjs [--for PLATFORM]... FILE...')
  console.error(`Platforms: ${platforms.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const documents = positionals.map((file) => {
  const bytes = readFileSync(file)
  const document = JSON.parse(bytes.toString('utf8'))
  const [version] = /^\d+\.\d+/.exec(document.openapi ?? document.swagger) ?? []
  if (version) return { version, bytes: bytes.length, ...describe(document) }
  console.error(`${file} is no OpenAPI document: it has neither openapi nor swagger.`)
  process.exit(2)
})
const missed = new Set(values.for)
for (const { name, versions, refuses, notes } of platforms) {
  for (const doc of documents) {
    const version =
      !versions.includes(doc.version) && `is OpenAPI ${doc.version}; ${versions.join(', ')} is read`
    const reasons = [version, ...refuses.map((rule) => rule(doc))].filter(Boolean)
    if (reasons.length === 0) missed.delete(name)
    const says = reasons.length > 0 ? reasons : notes.map((rule) => rule(doc)).filter(Boolean)
    const verdict = reasons.length > 0 ? 'no ' : 'yes'
    console.log(`${name.padEnd(22)} ${doc.version}  ${verdict}  ${says.join('; ')}`.trimEnd())
  }
}
if (missed.size > 0) {
  console.error(`None of the files is imported by ${[...missed].join(', ')}.`)
  process.exit(1)
}

/** What the rules ask of a document. */
function describe(document) {
  const { paths = {}, components = {}, servers = [{ url: '/' }] } = document
  const nodes = [...walk(document)]
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    HTTP_METHODS.filter((method) => item[method]).map((method) => ({
      label: `${method.toUpperCase()} ${path}`,
      ...item[method],
      method,
      parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolve),
    })),
  )
  function resolve(node) {
    if (!node.$ref?.startsWith('#/')) return node
    const steps = node.$ref.slice(2).split('/')
    return resolve(steps.reduce((at, step) => at[step.replaceAll('~1', '/').replaceAll('~0', '~')], document))
  }
  const withBody = (each) => each.requestBody && ['get', 'head', 'options'].includes(each.method)
  return {
    relativeServer: servers.find(({ url }) => !/^https?:/.test(url))?.url,
    schemes: Object.values(components.securitySchemes ?? {}).map(({ type, scheme = '' }) =>
      `${type} ${scheme}`.trim(),
    ),
    externalReferences: nodes
      .map(({ $ref }) => $ref)
      .filter((ref) => typeof ref === 'string' && ref[0] !== '#'),
    recursive: Object.keys(components.schemas ?? {}).filter((name) =>
      reaches(components.schemas, name, name),
    ),
    sharedNames: operations.flatMap(({ label, parameters }) => {
      const inside = (place) => parameters.filter((each) => each.in === place && each.required)
      const names = inside('path').map(({ name }) => name.toLowerCase())
      return inside('query')
        .filter(({ name }) => names.includes(name.toLowerCase()))
        .map(({ name }) => `${name} of ${label}`)
    }),
    getBodies: operations.filter(withBody).map(({ label }) => label),
    mediaTypes: [...new Set(operations.flatMap((each) => contents(each, resolve)))].filter(
      (type) => !SALESFORCE_MEDIA_TYPES.includes(type),
    ),
    responseHeaders: operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap((response) => Object.keys(resolve(response).headers ?? {})),
    ),
    longest: Math.max(0, ...nodes.map(({ description = '' }) => description.length ?? 0)),
  }
}

function contents({ requestBody, responses }, resolve) {
  return [requestBody, ...Object.values(responses)].flatMap((each) =>
    each ? Object.keys(resolve(each).content ?? {}) : [],
  )
}

function* walk(node) {
  if (typeof node !== 'object' || node === null) return
  yield node
  for (const child of Object.values(node)) yield* walk(child)
}

function reaches(schemas, from, to, seen = new Set()) {
  if (seen.has(from)) return false
  seen.add(from)
  const names = [...walk(schemas[from] ?? {})].flatMap(
    ({ $ref }) => /^#\/components\/schemas\/([^/]+)$/.exec($ref)?.[1] ?? [],
  )
  return names.some((name) => name === to || reaches(schemas, name, to, seen))
}
