import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Diagnostic, Diagnostics, type SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { judgeContents } from '../../xsd/content/findings.js'
import { ContractFiles } from '../../xsd/load/contract-files.js'
import { SchemaLoader } from '../../xsd/load/load.js'
import { CanonicalMappings } from '../canonical/canonical.js'

/** Schemas of documents that stand in texts: each file is read once, and what is wrong with it said once. */
export class DocumentSchemas {
  readonly #loaded = new Map<string, CanonicalMappings | undefined>()

  /** @param baseDir what paths are relative to: the directory of the contract, which no schema may lie outside of */
  constructor(
    private readonly baseDir: string,
    private readonly diagnostics: Pick<Diagnostics, 'list' | 'error'>,
  ) {}

  /**
   * @param file path of an XSD
   * @param at where the contract names it
   * @returns undefined where it cannot be used; the reason is among the diagnostics then
   */
  open(file: string, at: SourceLocation): CanonicalMappings | undefined {
    if (!this.#loaded.has(file)) this.#loaded.set(file, this.#load(file, at))
    return this.#loaded.get(file)
  }

  #load(file: string, at: SourceLocation): CanonicalMappings | undefined {
    if (!existsSync(resolve(this.baseDir, file))) {
      const message = `There is no schema ${file}; the path is relative to the contract.`
      this.diagnostics.error('document-invalid', message, at)
      return undefined
    }
    const found = new Diagnostics()
    const files = new ContractFiles(this.baseDir, found, this.baseDir)
    const main = files.open(file)
    const loader = new SchemaLoader(files, found)
    if (main) loader.addFile(main)
    const schemas = loader.resolve()
    judgeContents([...schemas.elements.values()], schemas, found)
    const related = [{ message: 'the contract names the schema here', at }]
    this.diagnostics.list.push(
      ...found.list.map((one): Diagnostic => ({ ...one, related: [...(one.related ?? []), ...related] })),
    )
    return main && !found.hasErrors ? new CanonicalMappings(schemas) : undefined
  }
}

/** Where no contract can have any. */
export const noDocuments = new DocumentSchemas('.', new Diagnostics())
