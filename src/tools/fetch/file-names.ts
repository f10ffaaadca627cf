import { createHash } from 'node:crypto'
import { trimmedOf } from '../../base/substring.js'

/** Gives each URL a file of its own in one folder; the name depends on the URL, not on when it is asked for. */
export class FileNames {
  readonly #taken = new Set<string>()

  /** `…/Orders.svc?xsd=xsd0` → `Orders-xsd0.xsd`; where that is taken, with the start of the URL's digest. */
  take(url: URL, extension: 'wsdl' | 'xsd'): string {
    const plain = plainName(url, extension)
    const name = this.#isFree(plain, extension)
      ? plain
      : `${plain}-${createHash('sha256').update(url.href).digest('hex').slice(0, 8)}`
    this.#taken.add(`${name}.${extension}`.toLowerCase())
    return `${name}.${extension}`
  }

  /** File systems may not tell cases apart. */
  #isFree(name: string, extension: string): boolean {
    return !this.#taken.has(`${name}.${extension}`.toLowerCase())
  }
}

const endings = /\.(?:wsdl|xsd|xml|svc|asmx|php|jsp|aspx|ashx|jws|cfc|pl)$/i

function plainName(url: URL, extension: string): string {
  const segments = url.pathname.split('/').filter((segment) => segment !== '')
  const last = (segments.at(-1) ?? url.hostname).replace(endings, '')
  const said = [...url.searchParams].flatMap(([key, value]) => (value === '' ? [key] : [value]))
  const query = said
    .filter((word) => !/^(?:single)?wsdl$/i.test(word))
    .map((word) => (word.split(/[/\\]/).at(-1) ?? word).replace(endings, ''))
  const name = trimmedOf([last, ...query].join('-').replace(/[^A-Za-z0-9._-]+/g, '-'), '-.').slice(0, 100)
  return name === '' ? extension : name
}
