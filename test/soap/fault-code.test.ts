import { expect, test } from 'vitest'
import { safeCode } from '../../src/soap/fault-code.js'
import { internName } from '../../src/xml/names.js'

internName('{urn:told}AccountClosed')

const told = (code: string, ...subcodes: string[]): string => safeCode({ code, subcodes, blame: 'other' })

test.each([
  [told('Server'), 'Server'],
  [told('Client.Authentication'), 'Client.Authentication'],
  [told('Receiver', 'InvalidSecurity'), 'Receiver / InvalidSecurity'],
  [told('Sender', 'AccountClosed'), 'Sender / AccountClosed'],
  [told(''), 'none'],
])('%s is told, since a specification or a contract has it', (one, expected) => {
  expect(one).toBe(expected)
})

test('any other word could be data: two are told apart, and nothing else', () => {
  const [card, other] = [told('Server.x-4929123456789012'), told('Server.x-4929123456789013')]
  expect(card).toMatch(/^Server\.other\(length 18, [0-9a-f]{8}\)$/)
  expect(card).not.toBe(other)
  expect(told('Server.x-4929123456789012')).toBe(card)
})
