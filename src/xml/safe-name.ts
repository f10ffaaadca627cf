import { isInterned } from './names.js'

/** Stands in paths for a name that neither a contract nor a specification has. */
const ANY = '*'

/** An element of a response as a step of a path: under its name where that is known, since others could be data. */
export function safeStep(localName: string): string {
  return isInterned(localName) ? localName : ANY
}

/** The same within a sentence. The length tells what is not named apart, and says nothing of it. */
export function safeName(localName: string): string {
  return isInterned(localName) ? localName : `an element of another name (length ${localName.length})`
}

/** The same as the beginning of a sentence. */
export function safeSubject(localName: string): string {
  return isInterned(localName) ? localName : safeName(localName).replace('a', 'A')
}
