/** The colours of one stream: none where it is not a terminal, or where NO_COLOR is set (no-color.org). */
export interface Colours {
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly green: (text: string) => string
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
}

export function colours(stream: { readonly isTTY?: boolean }): Colours {
  const { NO_COLOR, TERM } = process.env
  const plain = stream.isTTY !== true || (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb'
  const paint = (code: number) => (text: string) => (plain ? text : `\u001b[${code}m${text}\u001b[0m`)
  return { red: paint(31), yellow: paint(33), green: paint(32), bold: paint(1), dim: paint(2) }
}
