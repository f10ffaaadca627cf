/**
 * Which URLs may be asked: those on hosts that a person has named, so that a document cannot send us about a network.
 * A host is `name` for the usual ports, `name:port` for another.
 */
export class AllowedHosts {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>
  readonly #secure: ReadonlySet<string>

  /** @param named beside the hosts of the WSDLs */
  constructor(wsdls: readonly URL[], named: readonly string[]) {
    this.#hosts = new Set([...wsdls.map(({ host }) => host), ...named.map((host) => host.toLowerCase())])
    this.#origins = new Set(wsdls.map(({ origin }) => origin))
    this.#secure = new Set(wsdls.filter(({ protocol }) => protocol === 'https:').map(({ host }) => host))
  }

  /** Why a URL is not asked; undefined where it may be. */
  refusal({ protocol, host }: URL): string | undefined {
    if (protocol !== 'http:' && protocol !== 'https:') return 'only http: and https: are fetched'
    if (this.#hosts.has(host)) return undefined
    return `its host was not named: add --allow-host ${host} if it is to be trusted`
  }

  /** The URL with https: where the WSDL came from this host by https: servers behind a gateway know no better. */
  secured(url: URL): URL {
    if (url.protocol !== 'http:' || !this.#secure.has(url.host)) return url
    const secured = new URL(url)
    secured.protocol = 'https:'
    return secured
  }

  /** Whether credentials go there. */
  isOwn({ origin }: URL): boolean {
    return this.#origins.has(origin)
  }
}
