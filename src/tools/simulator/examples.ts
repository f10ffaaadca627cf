import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { EncodeError } from '../../codec/codec.js'
import { JsonError, parseJson, restoreExactNumbers } from '../../json/parse.js'
import { isJsonObject } from '../../json/value.js'
import type { SimulatedOperation } from './simulated-operation.js'

/** Takes the response of an operation from the folder, where it has one: `OP.xml`, or else `OP.json`. */
export function useExample(folder: string, operation: SimulatedOperation, diagnostics: Diagnostics): void {
  const xml = path.join(folder, `${operation.name}.xml`)
  const json = path.join(folder, `${operation.name}.json`)
  if (existsSync(xml)) operation.answerWithBody(readFileSync(xml, 'utf8'))
  else if (existsSync(json)) useJson(json, operation, diagnostics)
}

function useJson(file: string, operation: SimulatedOperation, diagnostics: Diagnostics): void {
  try {
    const { value, exact } = parseJson(readFileSync(file, 'utf8'))
    restoreExactNumbers(exact)
    if (isJsonObject(value)) operation.answerWithJson(value)
    else diagnostics.error('example-invalid', 'The example must be a JSON object.', { file, line: 1 })
  } catch (error) {
    if (error instanceof JsonError) {
      const { line, column } = error
      diagnostics.error('example-invalid', `This is not JSON: ${error.expectation}.`, { file, line, column })
    } else if (error instanceof EncodeError) {
      const where = error.pointer === '' ? 'The example' : error.pointer
      diagnostics.error(
        'example-invalid',
        `${where} does not fit the output of ${operation.name}: ${error.message}`,
        { file, line: 1 },
      )
    } else throw error
  }
}
