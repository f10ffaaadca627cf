import { Adapter } from '../../adapter/adapter.js'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { joinContracts } from '../../mapping/operation/join.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import { judgeContract } from './judge-contract.js'

/**
 * Judges a document that has not been written yet by all that `check` judges, without an environment: import writes
 * nothing that is refused later.
 *
 * @param baseDir what the paths of WSDLs in it are relative to
 * @returns every finding; nothing is thrown for one
 */
export async function judgeDocument(
  document: OpenApiDocument,
  baseDir: string,
): Promise<readonly Diagnostic[]> {
  const diagnostics = new Diagnostics()
  const joined = joinContracts(document, baseDir, {}, diagnostics)
  if (diagnostics.hasErrors) return diagnostics.list
  const adapter = new Adapter(document, joined, diagnostics.list)
  try {
    await judgeContract(adapter)
    return diagnostics.list
  } catch (error) {
    if (error instanceof ContractError) return [...diagnostics.list, ...error.diagnostics]
    throw error
  } finally {
    await adapter.close()
  }
}
