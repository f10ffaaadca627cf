import { type Body, chunksOf } from '../../base/bytes/source.js'

export interface HttpMessage {
  /** `POST http://…` or `200`. */
  readonly start: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

/** Writes a message to stdout: the body, with `withHeaders` what stands before it too. */
export function writeMessage(
  { start, headers, body }: HttpMessage,
  { withHeaders }: { readonly withHeaders: boolean },
): void {
  if (withHeaders) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    process.stdout.write([start, ...lines, '', ''].join('\n'))
  }
  for (const chunk of chunksOf(body)) process.stdout.write(chunk)
  if (typeof body === 'string' && body !== '') process.stdout.write('\n')
}
