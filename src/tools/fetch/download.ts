import { type Dispatcher, request } from 'undici'
import type { AllowedHosts } from './allowed-hosts.js'
import type { FetchLimits, FetchOptions } from './options.js'

export interface Downloaded {
  /** After redirects: what its locations are relative to. */
  readonly url: URL
  readonly bytes: Buffer
  /** Lower case, without parameters; '' where the server did not say. */
  readonly mediaType: string
  readonly charset: string | undefined
}

/** A file was not had; the message completes "URL cannot be fetched: …". */
export class DownloadError extends Error {
  override readonly name = 'DownloadError'
  readonly isFinal: boolean

  /** @param isFinal whether a limit on everything is used up, so that there is no sense in going on */
  constructor(message: string, { isFinal = false }: { readonly isFinal?: boolean } = {}) {
    super(message)
    this.isFinal = isFinal
  }
}

/** GET with bounds on time, size and redirects (RFC 9110, 9.3.1 and 15.4). */
export class Downloads {
  readonly #signal: AbortSignal
  #bytes = 0

  constructor(
    private readonly hosts: AllowedHosts,
    private readonly credentials: FetchOptions['credentials'],
    private readonly limits: FetchLimits,
    private readonly dispatcher: Dispatcher,
  ) {
    this.#signal = AbortSignal.timeout(limits.totalMs)
  }

  /** @throws DownloadError */
  async get(wanted: URL): Promise<Downloaded> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.limits.fileMs)])
    try {
      return await this.#follow(wanted, signal)
    } catch (error) {
      if (error instanceof DownloadError) throw error
      if (this.#signal.aborted)
        throw new DownloadError(`all took longer than ${this.limits.totalMs} ms`, { isFinal: true })
      if (signal.aborted) throw new DownloadError(`it took longer than ${this.limits.fileMs} ms`)
      throw new DownloadError(reasonOf(error))
    }
  }

  async #follow(wanted: URL, signal: AbortSignal): Promise<Downloaded> {
    let url = this.hosts.secured(wanted)
    for (let hops = 0; hops <= this.limits.redirects; hops++) {
      const refusal = this.hosts.refusal(url)
      if (refusal !== undefined) {
        throw new DownloadError(hops === 0 ? refusal : `it redirects to ${url.href}, and ${refusal}`)
      }
      const answer = await request(url, { dispatcher: this.dispatcher, signal, headers: this.#headers(url) })
      const location = redirection(answer)
      if (location === undefined) return await this.#read(url, answer)
      await discard(answer)
      if (!URL.canParse(location, url.href)) throw new DownloadError('it redirects to what is not a URL')
      url = this.hosts.secured(new URL(location, url))
    }
    throw new DownloadError(`it redirects more than ${this.limits.redirects} times`)
  }

  #headers(url: URL): Record<string, string> {
    const { credentials } = this
    const headers = { accept: 'text/xml, application/xml, */*;q=0.1', 'accept-encoding': 'identity' }
    if (!credentials || !this.hosts.isOwn(url)) return headers
    const userPass = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
    return { ...headers, authorization: `Basic ${userPass}` }
  }

  async #read(url: URL, answer: Dispatcher.ResponseData): Promise<Downloaded> {
    const { statusCode, headers, body } = answer
    if (statusCode !== 200) {
      await discard(answer)
      throw new DownloadError(
        `it answers ${statusCode}${adviceFor(statusCode, { hasCredentials: this.credentials !== undefined })}`,
      )
    }
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.byteLength
      this.#bytes += chunk.byteLength
      if (size > this.limits.fileBytes)
        throw new DownloadError(`it is larger than ${this.limits.fileBytes} bytes`)
      if (this.#bytes > this.limits.totalBytes)
        throw new DownloadError(`all is larger than ${this.limits.totalBytes} bytes`, { isFinal: true })
      chunks.push(chunk)
    }
    const contentType = [headers['content-type'] ?? ''].flat()[0] ?? ''
    return {
      url,
      bytes: Buffer.concat(chunks),
      mediaType: contentType.split(';')[0]?.trim().toLowerCase() ?? '',
      charset: /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1],
    }
  }
}

const redirections = new Set([301, 302, 303, 307, 308])

function redirection({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  if (!redirections.has(statusCode)) return undefined
  return [headers.location ?? ''].flat()[0]
}

/** The connection is given up: what comes on it is of no use, however much it is. */
async function discard({ body }: Dispatcher.ResponseData): Promise<void> {
  body.on('error', () => undefined)
  await body.dump({ limit: 0 }).catch(() => undefined)
}

function adviceFor(status: number, { hasCredentials }: { readonly hasCredentials: boolean }): string {
  if (status !== 401) return ''
  return hasCredentials
    ? ' to FETCH_USERNAME and FETCH_PASSWORD'
    : '; set FETCH_USERNAME and FETCH_PASSWORD if it wants basic authentication'
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const message = error instanceof Error ? error.message : String(error)
  return message === '' ? (code ?? 'the connection failed') : message
}
