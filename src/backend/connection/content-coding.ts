import type { Transform } from 'node:stream'
import { createBrotliDecompress, createInflateRaw, createUnzip, type Zlib } from 'node:zlib'
import { ByteCollector } from '../../base/bytes/collector.js'
import { AdapterError } from '../../base/errors.js'
import { tooLarge } from './failure.js'

/** So many coded bytes may wait for the decoder before their sender is told to pause. */
const MOST_WAITING = 262_144

/** Whoever sends the coded bytes, and takes the content. */
export interface ContentReceiver {
  push(content: Uint8Array): void
  /** Nothing more will be pushed. @param error why what was pushed is not all of the content */
  end(error?: AdapterError): void
  /** Coded bytes wait for the decoder: no more of them should be written until `resume` is called. */
  pause(): void
  resume(): void
}

type Engine = Transform & Zlib

/** Is there nothing to undo? */
export function isIdentity(coding: string): boolean {
  const name = nameOf(coding)
  return name === '' || name === 'identity'
}

/** The fields of a response that tell of its content once the coding is undone. */
export function withoutCoding(headers: Readonly<Record<string, string>>): Record<string, string> {
  const dropped = new Set(['content-encoding', 'content-length'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)))
}

/**
 * Undoes the content coding of a response (RFC 9110, section 8.4.1) while it arrives, off the event loop. It holds a
 * bounded number of bytes, coded and decoded, however many one becomes: whoever wants no content for now pauses it, and
 * it pauses the sender in turn.
 *
 * Fails with `backend-too-large` as soon as the content is longer than it may be, with `backend-malformed` for a coding
 * that was not asked for and for bytes that are not so coded. What follows the end of the coded bytes is not a content; with
 * gzip it must be another member (RFC 1952, section 2.2), unless it begins with 0.
 */
export class ContentDecoder {
  readonly #coding: string
  readonly #maxBytes: number
  readonly #receiver: ContentReceiver
  readonly #waiting = new ByteCollector()
  #engine: Engine | undefined
  #fed = 0
  #isFeeding = false
  #isBehind = false
  #hasAll = false
  #bytes = 0
  #isOver = false

  /**
   * @param coding value of `Content-Encoding`
   * @param maxBytes of the content
   */
  constructor(coding: string, maxBytes: number, receiver: ContentReceiver) {
    this.#coding = nameOf(coding)
    this.#maxBytes = maxBytes
    this.#receiver = receiver
  }

  /** Whether the sender of the coded bytes has been told to wait for the decoder. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  write(coded: Uint8Array): void {
    if (this.#isOver) return
    this.#waiting.add(coded)
    if (!this.#isBehind && this.#waiting.byteLength >= MOST_WAITING) {
      this.#isBehind = true
      this.#receiver.pause()
    }
    this.#feed()
  }

  /** All coded bytes have been written. */
  end(): void {
    this.#hasAll = true
    this.#feed()
  }

  /** Pushes no content until `resume` is called. */
  pause(): void {
    this.#engine?.pause()
  }

  resume(): void {
    this.#engine?.resume()
  }

  /** Nobody wants the content, or what is still to come of it. */
  destroy(): void {
    this.#isOver = true
    this.#waiting.take()
    this.#engine?.destroy()
  }

  /** Gives the engine whatever waits for it, when it has taken what it was given before: pieces may be small. */
  #feed(): void {
    if (this.#isFeeding || this.#isOver) return
    if (this.#waiting.byteLength > 0) this.#write(this.#waiting.take())
    else if (this.#hasAll) this.#finish()
  }

  #write(coded: Buffer): void {
    const engine = (this.#engine ??= this.#open(coded))
    if (!engine) return
    this.#isFeeding = true
    const onTaken = (): void => {
      this.#isFeeding = false
      this.#feed()
    }
    // When its data have ended it takes nothing more: what follows is not a content.
    if (engine.bytesWritten < this.#fed) process.nextTick(onTaken)
    else engine.write(coded, onTaken)
    this.#fed += coded.byteLength
    if (!this.#isBehind) return
    this.#isBehind = false
    this.#receiver.resume()
  }

  #finish(): void {
    if (!this.#engine || this.#engine.readableEnded) this.#conclude()
    else this.#engine.end()
  }

  #open(beginning: Uint8Array): Engine | undefined {
    const engine = engineFor(this.#coding, beginning)
    if (!engine) this.#fail(malformed('has a content coding that was not asked for'))
    return engine
      ?.on('data', (content: Buffer) => {
        this.#push(content)
      })
      .once('end', () => {
        if (engine.writableEnded) this.#conclude()
      })
      .on('error', (cause) => {
        this.#fail(malformed('cannot be decompressed', cause))
      })
  }

  #push(content: Uint8Array): void {
    if (this.#isOver) return
    this.#bytes += content.byteLength
    if (this.#bytes > this.#maxBytes) this.#fail(tooLarge(this.#maxBytes))
    else this.#receiver.push(content)
  }

  #conclude(): void {
    if (this.#isOver) return
    this.destroy()
    this.#receiver.end()
  }

  #fail(error: AdapterError): void {
    if (this.#isOver) return
    this.destroy()
    this.#receiver.end(error)
  }
}

function nameOf(coding: string): string {
  return coding.trim().toLowerCase()
}

/** @returns undefined for a coding that was not asked for */
function engineFor(coding: string, beginning: Uint8Array): Engine | undefined {
  if (coding === 'gzip' || coding === 'x-gzip') return createUnzip()
  if (coding === 'br') return createBrotliDecompress()
  // "deflate" is the zlib format, but some servers send bare DEFLATE data.
  if (coding === 'deflate') return ((beginning[0] ?? 0) & 0x0f) === 8 ? createUnzip() : createInflateRaw()
  return undefined
}

function malformed(what: string, cause?: unknown): AdapterError {
  return new AdapterError('backend-malformed', `The backend's response ${what}.`, { cause })
}
