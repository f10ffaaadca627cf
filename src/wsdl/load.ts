import path from 'node:path'
import { type Diagnostic, Diagnostics } from '../base/diagnostic.js'
import { WSDL } from '../base/namespaces.js'
import { attributeOf, childrenNamed } from '../xml/tree.js'
import { ContractFiles, type ContractFile } from '../xsd/contract-files.js'
import { SchemaLoader, schemaElements } from '../xsd/load.js'
import { buildBinding } from './binding.js'
import { Definitions, documentationOf } from './definitions.js'
import { Encodings } from './encoded-types.js'
import { type Binding, type Wsdl } from './model.js'
import { buildServices } from './service.js'

export interface WsdlOptions {
  /** Directory that no file of the contract may lie outside of; by default the directory of the WSDL. */
  readonly root?: string
  /** What relative paths are relative to; by default the working directory. */
  readonly cwd?: string
}

export interface LoadedWsdl {
  /** Absent when there is no WSDL to speak of; with errors among the diagnostics it is there, but must not be used. */
  readonly wsdl?: Wsdl
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a WSDL 1.1 document with all WSDLs and schemas that it imports, local files only, and resolves it. Nothing is
 * thrown: everything that is wrong is among the diagnostics.
 */
export function loadWsdl(file: string, options: WsdlOptions = {}): LoadedWsdl {
  const diagnostics = new Diagnostics()
  const cwd = options.cwd ?? process.cwd()
  const files = new ContractFiles(options.root ?? path.dirname(path.resolve(cwd, file)), diagnostics, cwd)
  const main = files.open(file)
  if (!main || !isDefinitions(main, diagnostics)) return { diagnostics: diagnostics.list }
  const definitions = new Definitions()
  const schemas = new SchemaLoader(files, diagnostics)
  collect(main, files, definitions, schemas, diagnostics)
  for (const namespace of definitions.namespacesOfParts()) schemas.use(namespace)
  const resolved = schemas.resolve()
  const context = {
    definitions,
    schemas: resolved,
    encodings: new Encodings(resolved, diagnostics),
    diagnostics,
  }
  const bindings = new Map<string, Binding>()
  for (const [name, node] of definitions.bindings) {
    const binding = buildBinding(node, context)
    if (binding) bindings.set(name, binding)
  }
  const services = buildServices(bindings, context)
  if (bindings.size === 0) {
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
    diagnostics: diagnostics.list,
  }
}

/** Follows wsdl:import (WSDL 1.1, 2.1.1), which may also name a schema. */
function collect(
  main: ContractFile,
  files: ContractFiles,
  definitions: Definitions,
  schemas: SchemaLoader,
  diagnostics: Diagnostics,
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
