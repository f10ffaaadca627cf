import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { lifecyclesOf } from '../answer/lifecycle.js'
import { type Authentication, compilePolicies, NOBODY } from '../authentication/policies.js'
import type { Facade } from '../facade.js'
import { validatorsOf } from '../validation/validate.js'

export interface Judgement {
  /**
   * What is compiled now. `doubtful`: validators of which only their compiler can tell whether they can be compiled; `codecs`, the
   * default: codecs, too; `all`: every validator and codec, so that no request has to wait. Each finds the same.
   */
  readonly compile?: 'doubtful' | 'codecs' | 'all'
  /** What can be checked of callers, as far as the contract asks for it; by default whatever it asks for. */
  readonly authentication?: Authentication | 'off'
}

/**
 * Judges what only those who serve a contract have to know of it: whether it is OpenAPI, its patterns and schemas, and
 * who may call. Together with the checks of its operations that is all that can be wrong with it: `check`, `serve`,
 * `loadAdapter` and a router's `judge` and `warmUp` all ask here.
 *
 * @throws ContractError with every diagnostic
 */
export async function judgeContract(
  facade: Facade,
  { compile = 'codecs', authentication = NOBODY }: Judgement = {},
): Promise<void> {
  const validators = validatorsOf(facade)
  const found: Diagnostic[] = []
  const collect = (error: unknown): void => {
    if (!(error instanceof ContractError)) throw error
    for (const one of error.diagnostics) found.push(one)
  }
  try {
    compilePolicies(validators.document, validators.contracts, authentication)
  } catch (error) {
    collect(error)
  }
  try {
    lifecyclesOf(validators.document, validators.contracts)
  } catch (error) {
    collect(error)
  }
  await validators.judge(compile === 'all' ? 'all' : 'doubtful').catch(collect)
  if (found.length > 0) throw new ContractError(found)
  if (compile !== 'doubtful') facade.warmUp?.()
}
