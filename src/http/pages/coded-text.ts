import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Coding, codingFor, compress } from '../answer/compression.js'

interface Tagged {
  readonly body: Buffer
  readonly etag: string
}

/**
 * A text that is the same for everybody and holds nothing of a request, so that it may be compressed for all. It is made
 * when it is first asked for, and compressed once for each content coding.
 */
export class CodedText {
  readonly #forms = new Map<Coding | undefined, Promise<Tagged>>()

  /**
   * @param make asked again only where it has failed
   * @param compressFrom bytes from which on the text is compressed for clients that take that; 0 for never
   */
  constructor(
    private readonly mediaType: string,
    private readonly make: () => Promise<string>,
    private readonly compressFrom: number,
  ) {}

  /**
   * Answers GET and HEAD, with a strong ETag for each coding (RFC 9110, section 8.8.3).
   *
   * @throws whatever made no text
   */
  async answer({ method, headers }: IncomingMessage, res: ServerResponse): Promise<void> {
    const plain = await this.#form(undefined)
    const mayCode = this.compressFrom > 0 && plain.body.byteLength >= this.compressFrom
    const coding = mayCode ? codingFor(headers['accept-encoding']) : undefined
    const { body, etag } = coding ? await this.#form(coding) : plain
    if (mayCode) res.appendHeader('vary', 'Accept-Encoding')
    res.setHeader('etag', etag)
    res.setHeader('cache-control', 'no-cache')
    if (headers['if-none-match']?.includes(etag)) {
      res.writeHead(304).end()
      return
    }
    if (coding) res.setHeader('content-encoding', coding)
    res.writeHead(200, { 'content-type': this.mediaType, 'content-length': body.byteLength })
    res.end(method === 'HEAD' ? undefined : body)
  }

  #form(coding: Coding | undefined): Promise<Tagged> {
    const known = this.#forms.get(coding)
    if (known) return known
    const form = this.#made(coding)
    this.#forms.set(coding, form)
    form.catch(() => this.#forms.delete(coding))
    return form
  }

  async #made(coding: Coding | undefined): Promise<Tagged> {
    const body = coding
      ? await compress((await this.#form(undefined)).body, coding)
      : Buffer.from(await this.make())
    return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` }
  }
}
