import { isInterned } from './names.js'

/** Stands in paths for a name that neither a contract nor a specification has. */
const ANY = '*'

/** An element of an answer as a step of a path: under its name where that is known, since others could be data. */
export function toldStep(localName: string): string {
  return isInterned(localName) ? localName : ANY
}

/** The same within a sentence. The length tells what is not named apart, and says nothing of it. */
export function toldName(localName: string): string {
  return isInterned(localName) ? localName : `an element of another name (length ${localName.length})`
}

/** The same as the beginning of a sentence. */
export function toldSubject(localName: string): string {
  return isInterned(localName) ? localName : toldName(localName).replace('a', 'A')
}
