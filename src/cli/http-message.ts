export interface HttpMessage {
  /** `POST http://…` or `200`. */
  readonly start: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Writes a message to stdout: the body, with `withHeaders` what stands before it too. */
export function writeMessage({ start, headers, body }: HttpMessage, withHeaders: boolean): void {
  if (withHeaders) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    process.stdout.write([start, ...lines, '', ''].join('\n'))
  }
  process.stdout.write(body)
  if (typeof body === 'string' && body !== '') process.stdout.write('\n')
}
