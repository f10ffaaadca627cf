import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { AddressGuard, AddressRefused, type Resolve } from '../../../src/events/delivery/address-guard.js'

const refused = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.170',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2001::1',
  '::127.0.0.1',
  '100::1',
  'nonsense',
  '',
]
const open = [
  '1.1.1.1',
  '93.184.216.34',
  '172.15.255.255',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:1.1.1.1',
  '64:ff9b::101:101',
]

/** Names that mean these addresses. */
const names = (addresses: readonly string[]): Resolve =>
  ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as Resolve

const lookedUp = (guard: AddressGuard, all: boolean): Promise<unknown> =>
  new Promise((resolve, reject) => {
    guard.lookup('example.com', { all }, (error, found) => {
      if (error) reject(error)
      else resolve(found)
    })
  })

describe('addresses of subscribers', () => {
  it.each(refused)('%s is not called', (address) => {
    expect(new AddressGuard([]).isOpen(address)).toBe(false)
  })

  it.each(open)('%s is', (address) => {
    expect(new AddressGuard([]).isOpen(address)).toBe(true)
  })

  it.each([
    ['10.1.2.3', true],
    ['10.2.0.1', false],
    ['127.0.0.1', true],
    ['127.0.0.2', false],
    ['::ffff:127.0.0.1', true],
    ['fd00::7', true],
    ['fd00:1::7', false],
  ])('%s is where the deployment allows its network: %s', (address, isOpen) => {
    const guard = new AddressGuard(['10.1.0.0/16', '127.0.0.1', 'fd00::/64'])
    expect(guard.isOpen(address)).toBe(isOpen)
    expect(guard.isAllowedOnly(address)).toBe(isOpen)
  })

  // What the URL parser makes of the many ways to write an address.
  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://①②⑦.0.0.1/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data',
    'http://[fe80::1]/',
  ])('%s leads nowhere', (url) => {
    expect(() => {
      new AddressGuard([]).checkLiteral(new URL(url).hostname)
    }).toThrow(AddressRefused)
  })

  it('a name is called at the addresses that were judged, and at none where one of them is private', async () => {
    const both = ['93.184.216.34', '2606:4700::1111']
    const guard = new AddressGuard([], names(both))
    expect(await lookedUp(guard, true)).toEqual(
      both.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
    expect(await lookedUp(guard, false)).toBe('93.184.216.34')
    await expect(lookedUp(new AddressGuard([], names(['93.184.216.34', '127.0.0.1'])), true)).rejects.toThrow(
      AddressRefused,
    )
    await expect(lookedUp(new AddressGuard([], names([])), true)).rejects.toThrow(AddressRefused)
  })
})
