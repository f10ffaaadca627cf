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

/** An operation that has no partner in the new WSDL, or one that nothing can be made of. */
export function lostOperation(
  changes: Changes,
  { name, at }: SoapOperation,
  next: { readonly leftOut: readonly { readonly name: string }[]; readonly at: SourceLocation },
  operation: ChangedOperation,
): void {
  const why = next.leftOut.some((leftOut) => leftOut.name === name) ? unread : removed
  changes.add(
    { verdict: 'breaking', direction: 'service', ...why, old: at, new: next.at },
    { ...operation, path: '' },
  )
}

const removed = {
  what: 'the operation is removed',
  meaning: 'Calls of it are refused.',
  advice: 'Stop calling it.',
}

const unread = {
  what: 'the operation cannot be read any more',
  meaning: 'Something that it needs is missing or wrong in the new WSDL.',
  advice: 'Ask for a WSDL that is whole.',
}
