import { readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { upTo } from '../../base/substring.js'
import { decodeXml } from '../../xml/encoding.js'
import { XmlError } from '../../xml/error.js'
import { MAX_CHARACTERS, parseXmlTree, type XmlElement } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'

/** Of a file: no encoding takes less than a byte for a character. */
const MAX_BYTES = 2 * MAX_CHARACTERS

/** A contract file that was read. */
export interface ContractFile {
  /** Absolute, links resolved: its identity. */
  readonly path: string
  /** Its name in diagnostics. */
  readonly name: string
  readonly root: XmlElement
}

/** Where a location leads: to a local file, or to somewhere that is never read. */
export type Target =
  | { readonly kind: 'file'; readonly path: string; readonly name: string }
  | { readonly kind: 'remote' | 'missing' | 'outside' }

/**
 * The files that make up a WSDL or a schema: local ones below one directory, each read once. Nothing is ever
 * fetched from a network.
 */
export class ContractFiles {
  readonly #files = new Map<string, ContractFile | undefined>()
  readonly #root: string

  /**
   * @param root directory that no file may lie outside of, links resolved
   * @param cwd what relative names of files are relative to
   */
  constructor(
    root: string,
    private readonly diagnostics: Diagnostics,
    private readonly cwd: string = process.cwd(),
  ) {
    this.#root = realpath(path.resolve(cwd, root)) ?? path.resolve(cwd, root)
  }

  /** Reads the file that everything starts from; what is wrong with it is reported. */
  open(name: string): ContractFile | undefined {
    const target = this.#locate(path.resolve(this.cwd, name), name)
    if (target.kind === 'file') return this.read(target)
    this.diagnostics.error(
      'file-unreadable',
      target.kind === 'outside'
        ? `The file lies outside of the contract's directory; move it below that directory.`
        : `There is no such file.`,
      { file: name, line: 1 },
    )
    return undefined
  }

  /**
   * Finds what a schemaLocation or a wsdl:import/@location names, relative to the file that it stands in. A query
   * (`types.xsd?v=1`), escapes and backslashes are understood where the file with that very name does not exist.
   */
  find(location: string, from: { readonly path: string; readonly name: string }): Target {
    if (isRemote(trimXml(location))) return { kind: 'remote' }
    let outside = false
    for (const candidate of localPaths(location)) {
      const target = this.#locate(
        path.resolve(path.dirname(from.path), candidate),
        path.isAbsolute(candidate) ? candidate : path.join(path.dirname(from.name), candidate),
      )
      if (target.kind === 'file') return target
      outside ||= target.kind === 'outside'
    }
    return { kind: outside ? 'outside' : 'missing' }
  }

  /** Reads a file that `find` found; nothing when it cannot be read, which is then reported. */
  read(target: { readonly path: string; readonly name: string }): ContractFile | undefined {
    if (!this.#files.has(target.path)) {
      this.#files.set(target.path, undefined)
      const root = this.#parse(target)
      if (root) this.#files.set(target.path, { path: target.path, name: target.name, root })
    }
    return this.#files.get(target.path)
  }

  #locate(absolute: string, name: string): Target {
    if (absolute.includes('\0')) return { kind: 'missing' }
    const real = realpath(absolute)
    const relative = path.relative(this.#root, real ?? absolute)
    if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) {
      return { kind: 'outside' }
    }
    if (real === undefined || !statSync(real).isFile()) return { kind: 'missing' }
    return { kind: 'file', path: real, name }
  }

  #parse({ path: file, name }: { readonly path: string; readonly name: string }): XmlElement | undefined {
    const at: SourceLocation = { file: name, line: 1 }
    try {
      if (statSync(file).size > MAX_BYTES) {
        this.diagnostics.error('xml-size', `The file is larger than ${MAX_BYTES} bytes.`, at)
        return undefined
      }
      const text = this.#decode(readFileSync(file), at)
      return parseXmlTree(text, name, this.diagnostics)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.diagnostics.error('file-unreadable', `The file cannot be read: ${reason}.`, at)
      return undefined
    }
  }

  /** Many a WSDL was cut from a response in UTF-16 and declares that, but is UTF-8 by now. */
  #decode(bytes: Uint8Array, at: SourceLocation): string {
    try {
      return decodeXml(bytes)
    } catch (error) {
      if (!(error instanceof XmlError)) throw error
      const text = decodeAsUtf8(bytes)
      if (text === undefined) throw error
      this.diagnostics.warning(
        'xml-encoding',
        `${error.message}; the file is read as UTF-8, which it is.`,
        at,
      )
      return text
    }
  }
}

function decodeAsUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decodeXml(bytes, 'utf-8')
  } catch {
    return undefined
  }
}

/**
 * @param location what a schemaLocation or a wsdl:import/@location says
 * @returns the local files that it may mean, the likeliest first, as paths relative to the file that it stands in
 */
export function localPaths(location: string): readonly string[] {
  const wanted = trimXml(location)
  return isRemote(wanted) ? [] : candidates(wanted)
}

function isRemote(location: string): boolean {
  return /^(?!file:)[a-z][a-z0-9+.-]+:/i.test(location)
}

function candidates(location: string): string[] {
  if (/^file:/i.test(location)) {
    try {
      return [fileURLToPath(location)]
    } catch {
      return []
    }
  }
  const plain = upTo(location.replaceAll('\\', '/'), '#')
  const list = [location, plain, upTo(plain, '?')]
  for (const name of list.slice(1)) {
    try {
      list.push(decodeURIComponent(name))
    } catch {
      continue
    }
  }
  return [...new Set(list)].filter((name) => name !== '')
}

function realpath(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}
