import { escapeText, XmlCharacterError } from '../../xml/escape.js'
import { EncodeError } from '../codec.js'

/** @throws EncodeError for characters that XML cannot carry */
export function escaped(text: string, escape: (text: string) => string = escapeText): string {
  try {
    return escape(text)
  } catch (error) {
    if (error instanceof XmlCharacterError) throw new EncodeError('has a character that XML cannot carry')
    throw error
  }
}
