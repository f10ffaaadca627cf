import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { SoapOperation } from '../../wsdl/model.js'
import type { ChangedOperation, Changes } from './change.js'

/** The same operation in the new WSDL; an overload is told by its input (WSDL 1.1, 2.4.5). */
export function partnerOf(
  old: SoapOperation,
  candidates: readonly SoapOperation[],
  overloads: readonly SoapOperation[],
): SoapOperation | undefined {
  const named = candidates.filter(({ name }) => name === old.name)
  const exact = named.find(({ inputName }) => inputName === old.inputName)
  return exact ?? (isOverloaded(old, overloads) || named.length > 1 ? undefined : named[0])
}

/** An operation's name, with its input where several have that name. */
export function nameOf(operation: SoapOperation, overloads: readonly SoapOperation[]): string {
  const { name, inputName } = operation
  return isOverloaded(operation, overloads) ? `${name}(${inputName})` : name
}

function isOverloaded({ name }: SoapOperation, overloads: readonly SoapOperation[]): boolean {
  return overloads.filter((other) => other.name === name).length > 1
}

/** An operation that the new WSDL does not have. */
export function removedOperation(
  changes: Changes,
  { at }: SoapOperation,
  next: SourceLocation,
  operation: ChangedOperation,
): void {
  changes.add(
    {
      verdict: 'breaking',
      direction: 'service',
      what: 'the operation is removed',
      meaning: 'Calls of it are refused.',
      advice: 'Stop calling it.',
      old: at,
      new: next,
    },
    { ...operation, path: '' },
  )
}

/** An operation that the new WSDL has, but that nothing can be made of. */
export function unreadOperation(
  changes: Changes,
  { at }: SoapOperation,
  next: SourceLocation,
  operation: ChangedOperation,
): void {
  changes.add(
    {
      verdict: 'breaking',
      direction: 'service',
      what: 'the operation cannot be read any more',
      meaning: 'Something that it needs is missing or wrong in the new WSDL.',
      advice: 'Ask for a WSDL that is whole.',
      old: at,
      new: next,
    },
    { ...operation, path: '' },
  )
}
