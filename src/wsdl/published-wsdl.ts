import { readFileSync } from 'node:fs'
import { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { decodeXml } from '../xml/encoding.js'
import { XmlError } from '../xml/reader.js'
import { ContractFiles } from '../xsd/load/contract-files.js'
import { contractRoot } from './contract-root.js'
import { type Link, LinkedDocument } from './linked-document.js'

interface PublishedFile {
  readonly path: string
  /** What follows the question mark in its URL. */
  readonly query: string
  readonly document: LinkedDocument
}

/**
 * A WSDL and what it imports as they are given to clients: every location is a URL of whoever serves them. Only
 * local files below the contract's directory are served, those that are loaded too.
 */
export class PublishedWsdl {
  readonly #files: ContractFiles
  readonly #byPath = new Map<string, PublishedFile>()
  readonly #byQuery = new Map<string, PublishedFile>()

  /** @param file path of the WSDL, which has been loaded without errors */
  constructor(file: string) {
    this.#files = new ContractFiles(contractRoot(file), new Diagnostics())
    const pending: { readonly path: string; readonly name: string }[] = []
    const main = this.#files.open(file)
    if (main) pending.push(main)
    for (let next = pending.shift(); next; next = pending.shift()) {
      if (this.#byPath.has(next.path)) continue
      const added = this.#add(next.path)
      for (const link of added?.document.links ?? []) {
        const target = link.kind === 'address' ? undefined : this.#files.find(link.location, next)
        if (target?.kind === 'file') pending.push(target)
      }
    }
  }

  /**
   * @param query what follows the question mark: `wsdl`, `xsd=1`
   * @param url of the port, without a query
   * @param addresses URL of each port by its name
   * @returns undefined where there is no such file
   */
  text(query: string, url: string, addresses: ReadonlyMap<string, string>): string | undefined {
    const file = this.#byQuery.get(query.toLowerCase())
    return file?.document.relinked((link) =>
      link.kind === 'address' ? addresses.get(link.port) : this.#urlOf(link, file, url),
    )
  }

  #urlOf(link: Link, from: PublishedFile, url: string): string | undefined {
    const target = this.#files.find(link.location, { path: from.path, name: from.path })
    const file = target.kind === 'file' ? this.#byPath.get(target.path) : undefined
    return file && `${url}?${file.query}`
  }

  #add(path: string): PublishedFile | undefined {
    const document = documentAt(path)
    if (!document) return undefined
    const number = this.#byPath.size
    const query = number === 0 ? 'wsdl' : `${document.kind}=${number}`
    const file = { path, query, document }
    this.#byPath.set(path, file)
    this.#byQuery.set(query, file)
    return file
  }
}

/** Nothing where it is neither WSDL nor schema; loading has told of that. */
function documentAt(path: string): LinkedDocument | undefined {
  const bytes = readFileSync(path)
  for (const charset of [undefined, 'utf-8']) {
    try {
      return LinkedDocument.read(decodeXml(bytes, charset))
    } catch (error) {
      if (!(error instanceof XmlError)) throw error
    }
  }
  return undefined
}
