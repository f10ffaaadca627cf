import { NameSpace, schemaName } from './names.js'

/** Names of component schemas: letters and digits of ASCII alone (OpenAPI 3.1, 4.8.7), each given once. */
export class ComponentNames {
  readonly #names = new NameSpace()
  readonly #wanted = new Map<string, string>()

  /** What each name would be, had it been the first to be taken. */
  get wanted(): ReadonlyMap<string, string> {
    return this.#wanted
  }

  /** @param candidates XML names, the best first; where all are taken, the first gets a number */
  take(...candidates: readonly string[]): string {
    const wanted = candidates.map((candidate) => asciiName(schemaName(candidate)))
    const free = wanted.find((name) => !this.#names.has(name))
    const [first = 'Schema'] = wanted
    const name = this.#names.take(free ?? first)
    this.#wanted.set(name, first)
    return name
  }

  /** Keeps names for what is not a type of the XSD. */
  reserve(...names: readonly string[]): void {
    for (const name of names) this.#names.take(name)
  }
}

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  ø: 'o',
  Ø: 'O',
  å: 'a',
  Å: 'A',
  đ: 'd',
  ł: 'l',
  Ł: 'L',
  œ: 'oe',
}

/** A name in ASCII: accents dropped, other letters left out. */
export function asciiName(name: string): string {
  const plain = name
    .replace(/[^\x00-\x7F]/gu, (letter) => letters[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]/g, '')
  return plain === '' ? 'Schema' : plain
}
