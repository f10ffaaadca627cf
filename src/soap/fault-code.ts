import { createHmac, randomBytes } from 'node:crypto'
import { isInterned } from '../xml/names.js'
import type { SoapFaultCode } from './fault.js'

/** Fault codes that specifications define: a backend that uses one says nothing that is its own. */
const DEFINED: ReadonlySet<string> = new Set([
  // SOAP 1.1, 4.4.1 (with an example of it, which stacks use); SOAP 1.2 Part 1, 5.4.6
  'VersionMismatch',
  'MustUnderstand',
  'Client',
  'Server',
  'Authentication',
  'DataEncodingUnknown',
  'Sender',
  'Receiver',
  // SOAP 1.2 Part 2, 3.2 and 4.4
  'MissingID',
  'DuplicateID',
  'UntypedValue',
  'ProcedureNotPresent',
  'BadArguments',
  // SOAP Message Security 1.1, 12
  'UnsupportedSecurityToken',
  'UnsupportedAlgorithm',
  'InvalidSecurity',
  'InvalidSecurityToken',
  'FailedAuthentication',
  'FailedCheck',
  'SecurityTokenUnavailable',
  'MessageExpired',
  // WS-Addressing 1.0 SOAP Binding, 6.4, and the submission of 2004
  'InvalidAddressingHeader',
  'InvalidAddress',
  'InvalidEPR',
  'InvalidCardinality',
  'InvalidMessageInformationHeader',
  'MissingAddressInEPR',
  'DuplicateMessageID',
  'ActionMismatch',
  'MessageAddressingHeaderRequired',
  'MessageInformationHeaderRequired',
  'OnlyAnonymousAddressSupported',
  'OnlyNonAnonymousAddressSupported',
  'DestinationUnreachable',
  'ActionNotSupported',
  'EndpointUnavailable',
])

/** Of this process alone: whoever reads a log cannot try what a mark could be the mark of. */
const salt = randomBytes(32)

/**
 * What may be told of a fault: its code and subcodes, as far as a specification or a contract defines them. Any other
 * word may be data; its length and a mark tell it apart from the next one, while the process runs.
 */
export function safeCode({ code, subcodes }: SoapFaultCode): string {
  return [code, ...subcodes].map((qualified) => qualified.split('.').map(told).join('.')).join(' / ')
}

function told(word: string): string {
  if (DEFINED.has(word) || isInterned(word)) return word
  if (word === '') return 'none'
  const mark = createHmac('sha256', salt).update(word).digest('hex').slice(0, 8)
  return `other(length ${word.length}, ${mark})`
}
