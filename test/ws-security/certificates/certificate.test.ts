import { describe, expect, it } from 'vitest'
import { sameDistinguishedName } from '../../../src/ws-security/certificates/certificate.js'
import fc from '../../oracle/property.js'

describe('names are the same', () => {
  it.each([
    ['CN=core,O=Bank', 'CN=core,O=Bank'],
    ['CN=core,O=Bank', ' cn = core , o = Bank '],
    ['CN=core,O=Bank', 'CN=core,\t\n O=Bank'],
    ['CN=core,O=Bank', 'CN=core\u00a0,O=Bank'],
    ['CN=a+OU=b', 'CN=a + OU=b'],
    ['CN=a b', 'CN= a b'],
    ['2.5.4.3=a', '2.5.4.3=a '],
    ['CN=a\\,b', 'CN=a\\,b '],
    ['CN=a\\ ,O=b', 'CN=a\\   ,O=b'],
    ['CN=a\\\\ ,O=b', 'cn=a\\\\  , O=b'],
    ['CN=,O=', 'CN= , O= '],
    [',,+', ' , , + '],
    ['CN=a,', 'CN=a , '],
    ['a-B.c_d=x', 'A-b.C_D = x'],
    ['CN=a\\,OU=b', 'CN=a\\,ou = b'],
    ['CN=a\\, ,O=b', 'CN=a\\,,O=b'],
  ])('%j and %j', (a, b) => {
    expect(sameDistinguishedName(a, b)).toBe(true)
  })
})

describe('names are not the same', () => {
  it.each([
    ['CN=core', 'CN=Core'],
    ['CN=core', 'OU=core'],
    ['CN=a b', 'CN=a  b'],
    ['CN=a b', 'CN=ab'],
    ['CN=a,O=b', 'O=b,CN=a'],
    ['CN=a,O=b', 'CN=a+O=b'],
    ['CN=a\\,b', 'CN=a,b'],
    ['CN=a\\, b', 'CN=a\\,b'],
    ['CN=a \\,b', 'CN=a\\,b'],
    ['CN=a\\ ,O=b', 'CN=a,O=b'],
    ['CN=a\\ ,O=b', 'CN=a\\,O=b'],
    ['CN=a\\\\,O=b', 'CN=a\\\\ ,O=b'],
    ['2.5.4.3=a', '2.5.4.3 =a'],
    ['CN=a', 'CN=a,'],
  ])('%j and %j', (a, b) => {
    expect(sameDistinguishedName(a, b)).toBe(false)
  })
})

/** What is compared, as regular expressions say it: in a time that grows with the square of the spaces. */
function compared(name: string): string {
  return name
    .trim()
    .replace(/(?<!\\)\s*([,+])\s*/g, '$1')
    .replace(
      /(^|[,+])([A-Za-z][\w.-]*)\s*=\s*/g,
      (_, separator: string, type: string) => `${separator}${type.toLowerCase()}=`,
    )
}

describe('names of any characters', () => {
  const name = fc.string({
    unit: fc.constantFrom(' ', '\t', '\\', ',', '+', '=', 'a', 'B', '.'),
    maxLength: 12,
  })

  it('are the same when they are compared by themselves', () => {
    fc.assert(
      fc.property(name, (one) => {
        expect(sameDistinguishedName(one, compared(one))).toBe(compared(compared(one)) === compared(one))
      }),
      { numRuns: 5_000 },
    )
  })

  it('are the same where what is compared is', () => {
    fc.assert(
      fc.property(name, name, fc.nat(12), (one, other, at) => {
        const near = one.slice(0, at) + ' ' + one.slice(at)
        expect(sameDistinguishedName(one, other)).toBe(compared(one) === compared(other))
        expect(sameDistinguishedName(one, near)).toBe(compared(one) === compared(near))
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['spaces', `CN=a${' '.repeat(1_000_000)}b`],
    ['spaces after a backslash', `CN=a\\${' '.repeat(1_000_000)}b`],
    ['spaces after a type', `CN${' '.repeat(1_000_000)}b`],
    ['separators', `CN=a${' ,'.repeat(500_000)}`],
    ['escaped separators', `CN=a${'\\,'.repeat(500_000)}`],
    ['types', ',a'.repeat(500_000)],
  ])('are compared in time that is linear in their length: %s', (_what, hostile) => {
    expect(sameDistinguishedName(hostile, `${hostile}x`)).toBe(false)
    expect(sameDistinguishedName(hostile, ` ${hostile}`)).toBe(true)
  })
})
