import path from 'node:path'
import { type Diagnostic, Diagnostics } from '../base/diagnostic/diagnostic.js'
import { WSDL } from '../base/namespaces.js'
import { attributeOf, childrenNamed } from '../xml/tree.js'
import { judgeContents } from '../xsd/content/findings.js'
import { type ContractFile, ContractFiles } from '../xsd/load/contract-files.js'
import { schemaElements, SchemaLoader } from '../xsd/load/load.js'
import type { ElementDeclaration } from '../xsd/model/model.js'
import { buildBinding } from './binding.js'
import { Definitions, documentationOf } from './definitions.js'
import { Encodings } from './encoded/types.js'
import type { Binding, Wsdl } from './model.js'
import { buildServices } from './service.js'

export interface WsdlOptions {
  /** Directory that no file of the contract may lie outside of; by default the directory of the WSDL. */
  readonly root?: string
  /** What relative paths are relative to; by default the working directory. */
  readonly cwd?: string
  /** Which operations matter: others are not looked at. By default all. */
  readonly isWanted?: (operation: string) => boolean
  /** Whether content models were judged before, so that this can be left out. By default they are. */
  readonly isJudged?: boolean
}

export interface LoadedWsdl {
  /** Absent when there is no WSDL to speak of; there is an error then. */
  readonly wsdl?: Wsdl
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a WSDL 1.1 document with all WSDLs and schemas that it imports, local files only, and resolves it. Nothing is
 * thrown: everything that is wrong is among the diagnostics. Only what is wrong with the document itself is an error;
 * of all else it is the operations that need it that are left out, with a warning for each.
 */
export function loadWsdl(file: string, options: WsdlOptions = {}): LoadedWsdl {
  const diagnostics = new Diagnostics()
  const cwd = options.cwd ?? process.cwd()
  const files = new ContractFiles(options.root ?? path.dirname(path.resolve(cwd, file)), diagnostics, cwd)
  const main = files.open(file)
  if (!main || !isDefinitions(main, diagnostics)) return { diagnostics: diagnostics.list }
  const definitions = new Definitions()
  const ofSchemas = new Diagnostics()
  const schemas = new SchemaLoader(files, ofSchemas)
  collect(main, { files, definitions, schemas, diagnostics })
  for (const namespace of definitions.namespacesOfParts()) schemas.use(namespace)
  const resolved = schemas.resolve()
  diagnostics.repeat(options.isWanted ? withoutErrors(ofSchemas) : ofSchemas)
  const context = {
    definitions,
    schemas: resolved,
    encodings: new Encodings(resolved, diagnostics),
    diagnostics,
    isWanted: options.isWanted,
  }
  const bindings = new Map<string, Binding>()
  const httpBindings = new Map<string, Binding>()
  const ofHttp = new Diagnostics()
  for (const [name, node] of definitions.bindings) {
    const own = new Diagnostics()
    const binding = buildBinding(node, { ...context, diagnostics: own })
    if (binding) (binding.isHttp ? httpBindings : bindings).set(name, binding)
    // Whoever calls SOAP need not know what is wrong beside it.
    ;(binding?.isHttp ? ofHttp : diagnostics).repeat(own)
  }
  if (bindings.size === 0) diagnostics.repeat(ofHttp)
  const all = new Map([...bindings, ...httpBindings])
  const services = buildServices(all, context)
  if (!options.isJudged) judgeContents(elementsOfMessages(all.values()), resolved, diagnostics)
  if (all.size === 0) {
    diagnostics.warning(
      'wsdl-no-soap',
      'The WSDL has no binding to SOAP over which to call it.',
      main.root.at,
    )
  }
  const documentation = documentationOf(main.root)
  return {
    wsdl: {
      file: main.name,
      targetNamespace: attributeOf(main.root, 'targetNamespace') ?? '',
      ...(documentation !== undefined && { documentation }),
      services,
      bindings,
      schemas: context.schemas,
    },
    diagnostics: diagnostics.list.map(asCorner),
  }
}

/** What stands in bodies, headers and faults. */
function elementsOfMessages(bindings: Iterable<Binding>): ElementDeclaration[] {
  const elements = new Set<ElementDeclaration>()
  for (const { operations } of bindings) {
    for (const { input, output, faults } of operations) {
      for (const message of [input, output]) {
        for (const element of message?.body ?? []) elements.add(element)
        for (const { element } of message?.headers ?? []) elements.add(element)
      }
      for (const { element } of faults) elements.add(element)
    }
  }
  return [...elements]
}

/** What is wrong with schemas is told with each operation that needs them. */
function withoutErrors({ list }: Diagnostics): Pick<Diagnostics, 'list'> {
  return { list: list.filter(({ severity }) => severity !== 'error') }
}

/** An error in what a WSDL imports or defines is none of the whole: what needs it is left out. */
function asCorner(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.severity === 'error' ? { ...diagnostic, severity: 'warning' } : diagnostic
}

/** Follows wsdl:import (WSDL 1.1, 2.1.1), which may also name a schema. */
function collect(
  main: ContractFile,
  {
    files,
    definitions,
    schemas,
    diagnostics,
  }: {
    readonly files: ContractFiles
    readonly definitions: Definitions
    readonly schemas: SchemaLoader
    readonly diagnostics: Diagnostics
  },
): void {
  const pending = [main]
  const seen = new Set([main.path])
  for (let file = pending.shift(); file; file = pending.shift()) {
    if (schemaElements(file.root).length > 0) schemas.addFile(file)
    if (file.root.name.namespace !== WSDL) continue
    definitions.add(file.root)
    const imported: ContractFile[] = []
    for (const node of childrenNamed(file.root, WSDL, 'import')) {
      const location = attributeOf(node, 'location')
      if (location === undefined) continue
      const target = files.find(location, file)
      if (target.kind !== 'file') {
        diagnostics.warning(
          'wsdl-import',
          `"${location}" is not a local file below the contract's directory and is not read; put a copy there.`,
          node.at,
        )
        continue
      }
      if (seen.has(target.path)) continue
      seen.add(target.path)
      const read = files.read(target)
      if (read && (schemaElements(read.root).length > 0 || isDefinitions(read, diagnostics)))
        imported.push(read)
    }
    pending.unshift(...imported)
  }
}

function isDefinitions({ root }: ContractFile, diagnostics: Diagnostics): boolean {
  const { localName, namespace } = root.name
  if (namespace === WSDL && localName === 'definitions') return true
  if (localName === 'description' && namespace.endsWith('/wsdl')) {
    diagnostics.error(
      'wsdl-version',
      'This is a WSDL 2.0 document; only WSDL 1.1 is understood. Ask the provider for the 1.1 form (often ?wsdl).',
      root.at,
    )
  } else {
    diagnostics.error('wsdl-not-a-wsdl', 'The document element is not wsdl:definitions of WSDL 1.1.', root.at)
  }
  return false
}
