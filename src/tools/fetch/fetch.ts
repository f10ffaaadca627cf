import { Agent } from 'undici'
import { type Diagnostic, Diagnostics, type SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { upTo } from '../../base/substring.js'
import type { Link, LinkedDocument } from '../../wsdl/linked-document.js'
import { positions } from '../../xml/position.js'
import { isBlank, trimXml } from '../../xml/white-space.js'
import { isWellKnown } from '../../xsd/well-known/schemas.js'
import { AllowedHosts } from './allowed-hosts.js'
import { documentOf } from './content.js'
import { type Downloaded, DownloadError, Downloads } from './download.js'
import { FileNames } from './file-names.js'
import { type FetchLimits, fetchLimits, type FetchOptions } from './options.js'

/** A file as it is kept: in UTF-8, its locations leading to the other files. */
export interface FetchedFile {
  readonly name: string
  readonly url: string
  readonly text: string
}

export interface Fetched {
  readonly files: readonly FetchedFile[]
  /** The file of each URL that was asked for, in the same order; undefined where an error says why. */
  readonly wsdls: readonly (string | undefined)[]
  /** An error where a WSDL or a limit stands in the way, a warning where something else was not had. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Downloads WSDLs with all WSDLs and schemas that they import, by http: and https:, each once. Only hosts that the
 * caller names are asked; nothing is written.
 */
export async function fetchWsdls(urls: readonly URL[], options: FetchOptions = {}): Promise<Fetched> {
  const dispatcher = new Agent({ connect: { timeout: 10_000 } })
  try {
    return await new Collection(urls, options, dispatcher).collect()
  } finally {
    await dispatcher.destroy()
  }
}

interface Held {
  readonly name: string
  readonly url: URL
  readonly document: LinkedDocument
}

interface Wanted {
  readonly url: URL
  /** Where it is imported; a WSDL that was asked for has none. */
  readonly from?: SourceLocation
}

class Collection {
  readonly #diagnostics = new Diagnostics()
  readonly #limits: FetchLimits
  readonly #hosts: AllowedHosts
  readonly #downloads: Downloads
  readonly #names = new FileNames()
  /** By URL as it was asked for, and by that which answered. */
  readonly #held = new Map<string, Held | undefined>()
  readonly #order: Held[] = []
  #asked = 0

  constructor(
    private readonly urls: readonly URL[],
    { allowedHosts = [], credentials, limits }: FetchOptions,
    dispatcher: Agent,
  ) {
    this.#limits = { ...fetchLimits, ...limits }
    this.#hosts = new AllowedHosts(urls, allowedHosts)
    this.#downloads = new Downloads(this.#hosts, credentials, this.#limits, dispatcher)
  }

  async collect(): Promise<Fetched> {
    const pending: Wanted[] = this.urls.map((url) => ({ url }))
    for (let next = pending.shift(); next; next = pending.shift()) {
      const key = keyOf(next.url)
      if (this.#held.has(key)) continue
      if (++this.#asked > this.#limits.files) {
        this.#fail(next, `there are more than ${this.#limits.files} files`, { isFinal: true })
        break
      }
      this.#held.set(key, undefined)
      const held = await this.#get(next)
      if (held === 'stop') break
      if (held) pending.push(...this.#wantedBy(held))
    }
    return {
      files: this.#order.map((held) => ({
        name: held.name,
        url: held.url.href,
        text: held.document.relinked((link) => this.#fileOf(held, link)),
      })),
      wsdls: this.urls.map((url) => this.#held.get(keyOf(url))?.name),
      diagnostics: this.#diagnostics.list,
    }
  }

  async #get(wanted: Wanted): Promise<Held | undefined | 'stop'> {
    try {
      const downloaded = await this.#downloads.get(wanted.url)
      const answered = keyOf(downloaded.url)
      const held = this.#held.get(answered) ?? this.#keep(wanted.url, downloaded)
      this.#held.set(keyOf(wanted.url), held)
      this.#held.set(answered, held)
      return held
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error
      this.#fail(wanted, error.message, { isFinal: error.isFinal })
      return error.isFinal ? 'stop' : undefined
    }
  }

  /** @throws DownloadError where it is not a WSDL and no schema */
  #keep(wanted: URL, downloaded: Downloaded): Held {
    const { document, doubt } = documentOf(downloaded)
    if (doubt !== undefined) {
      this.#diagnostics.warning('fetch-charset', doubt, { file: downloaded.url.href, line: 1 })
    }
    const held = { name: this.#names.take(wanted, document.kind), url: downloaded.url, document }
    this.#order.push(held)
    return held
  }

  #wantedBy({ url, document }: Held): Wanted[] {
    const locate = positions(document.text, url.href)
    return document.links.flatMap((link) => {
      if (link.kind === 'address' || isBlank(link.location)) return []
      const from = locate(link.at)
      const target = targetOf(link, url)
      if (!target) {
        this.#diagnostics.warning(
          'fetch-failed',
          `"${link.location}" is not a URL and is left as it is.`,
          from,
        )
        return []
      }
      // What we ship needs no permission, and no copy.
      if (isWellKnown(link.namespace) && this.#hosts.refusal(target) !== undefined) return []
      return [{ url: target, from }]
    })
  }

  #fileOf(held: Held, link: Link): string | undefined {
    const target = link.kind === 'address' ? undefined : targetOf(link, held.url)
    return target && this.#held.get(keyOf(target))?.name
  }

  #fail({ url, from }: Wanted, reason: string, { isFinal }: { readonly isFinal: boolean }): void {
    const message = `${url.href} cannot be fetched: ${reason}.`
    if (from === undefined || isFinal) this.#diagnostics.error('fetch-failed', message, from)
    else this.#diagnostics.warning('fetch-failed', `${message} The location is left as it is.`, from)
  }
}

function targetOf({ location }: Link, base: URL): URL | undefined {
  return URL.canParse(trimXml(location), base.href) ? new URL(trimXml(location), base) : undefined
}

/** A fragment is no part of what is asked for (RFC 3986, 3.5). */
function keyOf(url: URL): string {
  return upTo(url.href, '#')
}
