import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import type { Change } from './change.js'

/** What differs between two WSDLs. */
export interface DiffReport {
  /** The files as given. */
  readonly old: string
  readonly new: string
  readonly changes: readonly Change[]
  /** Operations that were compared: of the old WSDL, or of the contract. */
  readonly operations: number
  /** Where the contract does not agree with the new WSDL, and agreed with the old one. */
  readonly diagnostics?: readonly Diagnostic[]
  /** Operations that could not be compared, since one of the WSDLs is wrong about them. */
  readonly leftOut?: readonly Diagnostic[]
  /** Operations of the WSDL that the contract does not use, and that differ. */
  readonly unused?: readonly string[]
}

/** Whether anything breaks: what the exit code says. */
export function breaks({ changes, diagnostics = [] }: DiffReport): boolean {
  return (
    changes.some(({ verdict }) => verdict === 'breaking') ||
    diagnostics.some(({ severity }) => severity === 'error')
  )
}
