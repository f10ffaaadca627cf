import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { WSDL, XSD } from '../../base/namespaces.js'
import { attributeOf, childrenNamed, type XmlElement } from '../../xml/tree.js'
import { isBlank } from '../../xml/white-space.js'
import {
  definitionIn,
  isXsd,
  type SchemaDocument,
  schemaDocument,
  type Unavailable,
} from '../components/schema-document.js'
import { Symbols } from '../components/symbols.js'
import type { SchemaSet } from '../model/model.js'
import { addWellKnown, isWellKnown } from '../well-known/schemas.js'
import type { ContractFile, ContractFiles, Target } from './contract-files.js'
import { warnOfLaterVersion } from './later-version.js'
import { resolveSchemas } from './resolve.js'

type From = Pick<ContractFile, 'path' | 'name'>

/** Collects schema documents and all that they import, include and redefine (XML Schema Part 1, 4.2). */
export class SchemaLoader {
  readonly #symbols: Symbols
  readonly #loaded = new Set<string>()

  constructor(
    private readonly files: ContractFiles,
    private readonly diagnostics: Diagnostics,
  ) {
    this.#symbols = new Symbols(diagnostics)
  }

  /** Adds a file: an xs:schema, or a WSDL for the schemas in it. */
  addFile(file: ContractFile): void {
    this.#follow(this.#schemasOf(file, undefined))
  }

  /** Says that components of a namespace are referred to from outside of the schemas. */
  use(namespace: string): void {
    addWellKnown(this.#symbols, namespace)
  }

  /** Links everything that was added; what cannot be linked is reported, all of it. */
  resolve(): SchemaSet {
    const schemas = resolveSchemas(this.#symbols, this.diagnostics)
    for (const missing of this.#symbols.unavailable) this.#report(missing)
    return schemas
  }

  #follow(first: readonly { schema: SchemaDocument; from: From }[]): void {
    const pending = [...first]
    for (let next = pending.shift(); next; next = pending.shift()) {
      pending.unshift(...this.#index(next.schema, next.from))
    }
  }

  #index(document: SchemaDocument, from: From): { schema: SchemaDocument; from: From }[] {
    const leads: { schema: SchemaDocument; from: From }[] = []
    for (const child of document.root.children) {
      if (isXsd(child, 'import')) {
        leads.push(...this.#target(child, attributeOf(child, 'namespace') ?? '', from, undefined))
      } else if (isXsd(child, 'include')) {
        leads.push(...this.#target(child, document.targetNamespace, from, document.targetNamespace))
      } else if (isXsd(child, 'redefine')) this.#redefine(child, document, from)
      else {
        const definition = definitionIn(child, document)
        if (definition) this.#symbols.add(definition)
      }
    }
    return leads
  }

  #redefine(node: XmlElement, document: SchemaDocument, from: From): void {
    this.#follow(this.#target(node, document.targetNamespace, from, document.targetNamespace))
    for (const child of node.children) {
      const definition = definitionIn(child, document)
      if (definition) this.#symbols.redefine(definition)
    }
  }

  #target(
    node: XmlElement,
    namespace: string,
    from: From,
    including: string | undefined,
  ): { schema: SchemaDocument; from: From }[] {
    const location = attributeOf(node, 'schemaLocation')
    if (location === undefined || isBlank(location)) return []
    const target: Target = this.files.find(location, from)
    if (target.kind !== 'file') {
      this.#symbols.unavailable.push({ namespace, location, reason: target.kind, at: node.at })
      return []
    }
    const file = this.files.read(target)
    if (!file) {
      this.#symbols.unavailable.push({ namespace, location, reason: 'unreadable', at: node.at })
      return []
    }
    const schemas = this.#schemasOf(file, including)
    for (const { schema } of schemas) {
      if (schema.targetNamespace === namespace || file.root.name.namespace === WSDL) continue
      this.diagnostics.warning(
        'xsd-import-namespace',
        `The schema at "${location}" has the target namespace "${schema.targetNamespace}" where "${namespace}" was expected.`,
        node.at,
      )
    }
    return schemas
  }

  #schemasOf(file: ContractFile, including: string | undefined): { schema: SchemaDocument; from: From }[] {
    const found: { schema: SchemaDocument; from: From }[] = []
    for (const root of schemaElements(file.root)) {
      const schema = schemaDocument(root, including)
      const identity = `${file.path}\0${root.at.line}:${root.at.column ?? 0}\0${schema.targetNamespace}`
      if (this.#loaded.has(identity)) continue
      this.#loaded.add(identity)
      warnOfLaterVersion(root, this.diagnostics)
      found.push({ schema, from: file })
    }
    if (schemaElements(file.root).length === 0 && file.root.name.namespace !== WSDL) {
      this.diagnostics.error('xsd-not-a-schema', 'The document element is not xs:schema.', file.root.at)
    }
    return found
  }

  #report({ namespace, location, reason, at }: Unavailable): void {
    if (isWellKnown(namespace)) return
    const why = {
      remote: 'is not a local file and is not fetched',
      missing: 'does not exist',
      outside: 'lies outside of the contract’s directory and is not read',
      unreadable: 'cannot be read',
    }[reason]
    const message = `The schema "${location}" ${why}; put a copy beside this file and point the location at it.`
    if (this.#symbols.hasNamespace(namespace)) this.diagnostics.note('xsd-import', message, at)
    else this.diagnostics.warning('xsd-import', message, at)
  }
}

/** The schemas in a file: its document element, or those in wsdl:types. */
export function schemaElements(root: XmlElement): XmlElement[] {
  if (isXsd(root, 'schema')) return [root]
  return childrenNamed(root, WSDL, 'types').flatMap((types) => childrenNamed(types, XSD, 'schema'))
}
