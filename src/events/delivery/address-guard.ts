import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { BlockList, isIP, isIPv4 } from 'node:net'

/** Networks that nobody outside may have us call: IANA's special-purpose registries, and multicast. */
const PRIVATE: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
/** What is not of the global unicast addresses, and what of these is not of the Internet or may hold any IPv4 address. */
const GLOBAL_UNICAST = ['2000::', 3] as const
const PRIVATE_6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/** Why an address is not called. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'

  constructor() {
    super('The host has an address that may not be called.')
  }
}

/** A name to its addresses, as `dns.lookup` does it. */
export type Resolve = typeof systemLookup

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/**
 * Keeps subscribers from having us call what only we can reach (OWASP API7:2023). Names are resolved when a connection is made,
 * and the connection goes to the addresses that were judged: a name that changes between the two gains nothing.
 */
export class AddressGuard {
  readonly #private = new BlockList()
  readonly #global = new BlockList()
  readonly #allowed = new BlockList()
  readonly #resolve: Resolve

  /** @param allowed networks that may be called all the same, `10.1.0.0/16`; @param resolve for tests */
  constructor(allowed: readonly string[], resolve: Resolve = systemLookup) {
    for (const [network, prefix] of PRIVATE) this.#private.addSubnet(network, prefix, 'ipv4')
    for (const [network, prefix] of PRIVATE_6) this.#private.addSubnet(network, prefix, 'ipv6')
    this.#global.addSubnet(...GLOBAL_UNICAST, 'ipv6')
    for (const network of allowed) {
      const [address = '', prefix] = network.split('/')
      const family = isIPv4(address) ? 'ipv4' : 'ipv6'
      this.#allowed.addSubnet(address, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family)
    }
    this.#resolve = resolve
  }

  /** May it be called? */
  isOpen(address: string): boolean {
    const plain = withoutMapping(address)
    const family = isIPv4(plain) ? 'ipv4' : 'ipv6'
    if (isIP(plain) === 0) return false
    if (this.#allowed.check(plain, family)) return true
    if (this.#private.check(plain, family)) return false
    return family === 'ipv4' || this.#global.check(plain, family)
  }

  /** Is it one that may be called only because the deployment says so? */
  isAllowedOnly(address: string): boolean {
    const plain = withoutMapping(address)
    return this.#allowed.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
  }

  /**
   * Judges a host name of a URL that is an address; a connection to one asks for no name.
   *
   * @throws AddressRefused
   */
  checkLiteral(hostname: string): void {
    const address = hostname.replace(/^\[|\]$/g, '')
    if (isIP(address) !== 0 && !this.isOpen(address)) throw new AddressRefused()
  }

  /** For the connections of an agent. */
  readonly lookup = (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    this.#resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, [])
        return
      }
      const open = addresses.filter(({ address }) => this.isOpen(address))
      const [first] = open
      // One that is private among others is an attempt.
      if (!first || open.length < addresses.length) callback(new AddressRefused(), [])
      else if (options.all) callback(null, open)
      else callback(null, first.address, first.family)
    })
  }
}

/** `::ffff:127.0.0.1`, `::ffff:7f00:1` and the same behind NAT64 are the IPv4 address in them. */
function withoutMapping(address: string): string {
  if (isIP(address) !== 6) return address
  const canonical = new URL(`http://[${address.split('%', 1)[0] ?? ''}]/`).hostname.slice(1, -1)
  const embedded = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (!embedded) return canonical
  const [high, low] = [Number.parseInt(embedded[1] ?? '', 16), Number.parseInt(embedded[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
