import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { XmlText } from '../../../src/codec/codec.js'
import { Compiler } from '../../../src/codec/compile.js'
import { Prefixes } from '../../../src/codec/prefixes.js'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import { elementsOf, valuesWithin } from '../../../src/mapping/canonical/content-walk.js'
import { formOfNil } from '../../../src/mapping/canonical/nil.js'
import type {
  ArrayMapping,
  ElementMapping,
  ObjectMapping,
} from '../../../src/mapping/canonical/value-mapping.js'
import { contractRoot } from '../../../src/wsdl/contract-root.js'
import { loadWsdl } from '../../../src/wsdl/load.js'

const corpus = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url))
const own = fileURLToPath(new URL('../../../wsdl/', import.meta.url))
const constructs = fileURLToPath(new URL('../../conformance/', import.meta.url))
const folders = [own, constructs, ...(existsSync(corpus) ? [corpus] : [])]
if (folders.length === 2) console.warn(`nulls: without the corpus: there is no ${corpus}`)
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.wsdl'))
    .map((entry) => join(entry.parentPath, entry.name)),
)

/** What encode says of `null` as the value of an element, or as an item of it. */
function refusalOf(
  element: ElementMapping,
  parent: ObjectMapping | ArrayMapping,
  compiler: Compiler,
): string | undefined {
  const { member, maxOccurs } = element
  const content = { ...element, minOccurs: 0, maxOccurs: Math.min(maxOccurs, 2) }
  const type = { ...parent.type, attributes: [], encoded: undefined }
  const holder = compiler.object({ kind: 'object', type, attributes: [], content })
  const tag = { open: '<h', close: '</h>', localName: 'h', name: 'h' }
  try {
    holder.encode({ [member.name]: maxOccurs > 1 ? [null] : null }, new XmlText(), tag)
    return undefined
  } catch (error) {
    return String(error)
  }
}

describe('null is offered where encode takes it', () => {
  it.each(files.map((file) => [file.slice(Math.max(0, file.length - 70)), file]))('%s', (_, file) => {
    const { wsdl, diagnostics } = loadWsdl(file, { root: contractRoot(file) })
    if (!wsdl || diagnostics.some(({ severity }) => severity === 'error')) return
    const canonical = new CanonicalMappings(wsdl.schemas)
    const compiler = new Compiler(new Prefixes())
    const roots = [...wsdl.schemas.types.values()].map((type) => canonical.value(type))
    const elements = [...wsdl.schemas.elements.values()].map((element) => canonical.element(element).value)
    const refused: string[] = []
    for (const value of valuesWithin([...roots, ...elements])) {
      if (value.kind !== 'object' && value.kind !== 'array') continue
      const own = value.kind === 'array' ? [value.item] : elementsOf(value.content)
      const offered = own.filter(({ member, value }) => member.nullable && formOfNil(value) !== undefined)
      for (const element of offered) {
        const refusal = refusalOf(element, value, compiler)
        if (refusal !== undefined) refused.push(`${element.name.localName}: ${refusal}`)
      }
    }
    expect(refused).toEqual([])
  })
})
