import type { XmlReader } from '../../xml/reader.js'
import { trimXml } from '../../xml/white-space.js'

/** What a message says at some places: of each event that it holds, or of itself. */
export interface Places {
  /** Names of elements, from where the reader stands to each event; none where that is the event. */
  readonly items: readonly string[]
  /** From an event, by a name that the values have; the last step may be `@attribute`. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

export type Values = Readonly<Record<string, string | undefined>>

/**
 * Reads the texts at some places of the element that the reader stands on, which is consumed. The first element of a path
 * counts where several have its name.
 *
 * @returns the values of each event, in the order of the document
 */
export function valuesIn(reader: XmlReader, { items, values }: Places): readonly Values[] {
  const found: Values[] = []
  collect(reader, items, values, found)
  return found
}

function collect(
  reader: XmlReader,
  [step, ...steps]: readonly string[],
  values: Places['values'],
  found: Values[],
): void {
  if (step === undefined) {
    found.push(valuesOf(reader, Object.entries(values)))
    return
  }
  while (reader.nextElement()) {
    if (reader.localName === step) collect(reader, steps, values, found)
    else reader.skip()
  }
}

type Wanted = readonly [name: string, path: readonly string[]]

function valuesOf(reader: XmlReader, wanted: readonly Wanted[]): Values {
  const found: Record<string, string | undefined> = {}
  const below: Wanted[] = []
  for (const [name, path] of wanted) {
    const [step] = path
    if (step?.startsWith('@')) found[name] = attributeOf(reader, step.slice(1))
    else if (step !== undefined) below.push([name, path])
  }
  const texts = wanted.filter(([, path]) => path.length === 0)
  if (texts.length > 0 && below.length === 0) {
    const text = reader.hasElements() ? undefined : trimXml(reader.text())
    if (text === undefined) reader.skip()
    for (const [name] of texts) found[name] = text
    return found
  }
  while (reader.nextElement()) {
    const { localName } = reader
    const inner = below.filter(([name, [step]]) => step === localName && !(name in found))
    if (inner.length === 0) reader.skip()
    else {
      const own = valuesOf(
        reader,
        inner.map(([name, path]) => [name, path.slice(1)]),
      )
      Object.assign(found, own)
    }
  }
  return found
}

function attributeOf(reader: XmlReader, localName: string): string | undefined {
  for (let index = 0; index < reader.attributeCount; index++) {
    const name = reader.attributeName(index)
    if (name.slice(name.indexOf('}') + 1) === localName) return trimXml(reader.attributeValue(index))
  }
  return undefined
}
