import { UniqueNames } from '../../base/unique-names.js'
import { schemaName } from '../canonical/member-names.js'

/**
 * Names of component schemas: letters and digits of ASCII alone (OpenAPI 3.1, 4.8.7), each given once. What a component
 * stands for, its XSD type as a rule, keeps the name that it had in another document.
 */
export class ComponentNames {
  readonly #names = new UniqueNames()
  readonly #wanted = new Map<string, string>()
  readonly #origins = new Map<string, string>()
  readonly #given = new Set<string>()

  /** @param kept names by what they stand for; nothing else gets them */
  constructor(private readonly kept: ReadonlyMap<string, string> = new Map()) {
    this.reserve(...kept.values())
  }

  /** What each name would be, had it been the first to be taken. */
  get wanted(): ReadonlyMap<string, string> {
    return this.#wanted
  }

  /** The names by what they stand for. */
  get origins(): ReadonlyMap<string, string> {
    return this.#origins
  }

  /**
   * @param origin what it stands for, the same whatever else there is
   * @param candidates XML names, the best first; where all are taken, the first gets a number
   */
  take(origin: string, ...candidates: readonly string[]): string {
    let own = origin
    for (let n = 2; this.#origins.has(own); n++) own = `${origin} ${n}`
    const wanted = candidates.map((candidate) => asciiName(schemaName(candidate)))
    const [first = 'Schema'] = wanted
    const kept = this.kept.get(own)
    const free = wanted.find((candidate) => !this.#names.has(candidate))
    const name = kept !== undefined && !this.#given.has(kept) ? kept : this.#names.take(free ?? first)
    this.#given.add(name)
    this.#wanted.set(name, first)
    this.#origins.set(own, name)
    return name
  }

  /** Keeps names for what is not a type of the XSD. */
  reserve(...names: readonly string[]): void {
    for (const name of names) if (!this.#names.has(name)) this.#names.take(name)
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
