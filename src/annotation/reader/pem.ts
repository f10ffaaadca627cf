import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DiagnosticCode } from '../../base/diagnostic/code.js'
import type { AnnotationReader } from './reader.js'

/**
 * What a value that is PEM text, or else the path of a file, stands for.
 *
 * @param text the value, with what the environment gives put in
 * @param code of the finding where there is no such file
 */
export function readPem(
  reader: AnnotationReader,
  key: string,
  text: string | undefined,
  code: DiagnosticCode,
): Buffer | undefined {
  if (text === undefined) return undefined
  return text.includes('-----BEGIN ') ? Buffer.from(text) : readBytes(reader, key, text, code)
}

/** The content of a file, whose path is relative to the document. */
export function readBytes(
  reader: AnnotationReader,
  key: string,
  path: string,
  code: DiagnosticCode,
): Buffer | undefined {
  try {
    return readFileSync(resolve(reader.baseDir, path))
  } catch (error) {
    // Not the path: somebody may have put the key itself there.
    const { code: reason = 'unreadable' } = error as NodeJS.ErrnoException
    reader.diagnostics.error(
      code,
      `${key} is neither PEM nor the path of a file that can be read (${reason}).`,
      reader.at(key),
    )
    return undefined
  }
}
