import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Diagnostics, formatDiagnostic } from '../../../src/base/diagnostic/diagnostic.js'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import type {
  ContentMapping,
  ObjectMapping,
  ValueMapping,
} from '../../../src/mapping/canonical/value-mapping.js'
import { ContractFitting } from '../../../src/mapping/fit/contract-fitting.js'
import { Projection } from '../../../src/mapping/projection/projection.js'
import { openApiFromObject } from '../../../src/openapi/document.js'
import { contractRoot } from '../../../src/wsdl/contract-root.js'
import { loadWsdl } from '../../../src/wsdl/load.js'
import type { Wsdl } from '../../../src/wsdl/model.js'

const corpus = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url))
const own = fileURLToPath(new URL('../../../wsdl/', import.meta.url))
const folders = [own, ...(existsSync(corpus) ? [corpus] : [])]
if (folders.length === 1) console.warn(`projection: without the corpus: there is no ${corpus}`)
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.wsdl'))
    .map((entry) => join(entry.parentPath, entry.name)),
)

/** All that a mapping says of the wire and of names, as text; of named types inside of it, which are judged by themselves, the name. */
function shapeOf(root: ValueMapping): string {
  const seen = new Map<object, number>()
  const content = (mapping: ContentMapping): unknown => {
    if (mapping.kind === 'any') return ['any', mapping.member.name]
    if (mapping.kind !== 'element')
      return [mapping.kind, mapping.member?.name, mapping.particles.map(content)]
    const { name, minOccurs, maxOccurs, nillable, flattened, member } = mapping
    return [name, minOccurs, maxOccurs, nillable, flattened, member.name, member.hidden, value(mapping.value)]
  }
  const object = (mapping: ObjectMapping): unknown => [
    mapping.type.name,
    mapping.attributes.map(({ name, member, value: scalar }) => [
      name,
      member.name,
      member.hidden,
      value(scalar),
    ]),
    mapping.text && [mapping.text.member.name, mapping.text.member.hidden, value(mapping.text.value)],
    mapping.content && content(mapping.content),
  ]
  const value = (mapping: ValueMapping): unknown => {
    if (mapping.kind === 'scalar')
      return [mapping.type.name ?? mapping.type.builtIn, mapping.form, mapping.item?.form]
    if (mapping.kind === 'xml' || mapping.kind === 'document') return mapping.kind
    const type = mapping.kind === 'polymorphic' ? mapping.declared : mapping.type
    const met = seen.get(type)
    if (met !== undefined) return met
    if (type.name && seen.size > 0) return [mapping.kind, type.name]
    seen.set(type, seen.size)
    if (mapping.kind === 'array') return ['array', content(mapping.item)]
    if (mapping.kind === 'object') return object(mapping)
    return [mapping.discriminator, mapping.alternatives.map((a) => [a.value, a.typeName, object(a.mapping)])]
  }
  return JSON.stringify(value(root))
}

function roundTrip(
  wsdl: Wsdl,
  naming: 'camel' | 'preserve',
  direction: 'request' | 'response',
): { problems: string[]; changed: string[] } {
  const canonical = new CanonicalMappings(wsdl.schemas)
  const both = new Projection(naming)
  const projection = direction === 'request' ? both.forRequests : both
  const roots = [...wsdl.schemas.types.values()].map((type, index) => {
    const mapping = canonical.value(type)
    return { type, mapping, name: `root${index}`, schema: projection.value(mapping) }
  })
  const schemas = { ...Object.fromEntries(roots.map(({ name, schema }) => [name, schema])) }
  const components = projection.components.all()
  const root = {
    openapi: '3.1.0',
    components: { schemas: { ...schemas, ...Object.fromEntries(components) } },
  }
  const diagnostics = new Diagnostics()
  const document = openApiFromObject(root, 'projected', diagnostics)
  if (!document) throw new Error('the projection is not a document')
  const changed: string[] = []
  const fitting = new ContractFitting(document, direction, diagnostics)
  for (const { type, mapping, name, schema } of roots) {
    const fitted = fitting.value(mapping, { value: schema, pointer: `/components/schemas/${name}` }, type.at)
    if (naming === 'camel' && shapeOf(fitted) !== shapeOf(mapping)) changed.push(type.name?.localName ?? name)
  }
  // Where a schema is missing, nothing concrete is left to be sent: the WSDL is to blame, not the projection.
  const errors = diagnostics.list.filter(
    ({ severity, code }) => (severity === 'error' && code !== 'xsd-abstract') || code === 'null-mismatch',
  )
  return { problems: errors.map(formatDiagnostic), changed }
}

describe('a schema fits the mapping that it was projected from', () => {
  it.each(files.map((file) => [file.slice(Math.max(0, file.length - 70)), file]))('%s', (_, file) => {
    const { wsdl, diagnostics } = loadWsdl(file, { root: contractRoot(file) })
    if (!wsdl || diagnostics.some(({ severity }) => severity === 'error')) return
    for (const naming of ['camel', 'preserve'] as const) {
      for (const direction of ['request', 'response'] as const) {
        const { problems, changed } = roundTrip(wsdl, naming, direction)
        expect(problems).toEqual([])
        expect(changed).toEqual([])
      }
    }
  })
})
