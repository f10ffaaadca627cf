import { Command } from 'commander'
import type { Adapter } from '../../adapter/adapter.js'
import { counted } from '../../base/count.js'
import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { Contracts } from '../../http/contract/contracts.js'
import type { Facade } from '../../http/facade.js'
import { contractsOption } from '../contract/contract.js'
import { type Colours, colours } from '../terminal/colours.js'
import { type FindingsJson, findingsOf, showFindings } from '../terminal/findings.js'
import { Failure } from '../terminal/report.js'

interface Options {
  readonly contract: readonly string[]
  readonly json?: true
}

export interface Findings {
  readonly diagnostics: readonly Diagnostic[]
  /** Absent where the contract cannot be used. */
  readonly size?: { readonly operations: number; readonly backends: number }
}

export function checkCommand(): Command {
  return new Command('check')
    .description('Check the contract against its WSDLs, and report everything that is wrong at once.')
    .argument('[contract...]', 'the same as --contract')
    .addOption(contractsOption())
    .option('--json', 'write the findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone check --contract openapi.yaml\n\nExits with 1 where there is an error; warnings and notes do not count. Of several contracts it also says whether one process can serve them beside each other.',
    )
    .action(async (given: readonly string[], { contract: named, json }: Options) => {
      const contracts = given.length > 0 ? given : named
      for (const contract of contracts) refuseWsdl(contract)
      const { diagnostics, size } = await check(contracts)
      const findings = findingsOf(diagnostics)
      const [contract = ''] = contracts
      if (json) {
        const which = contracts.length > 1 ? { contracts } : { contract }
        process.stdout.write(`${JSON.stringify({ ...which, ...size, ...findings }, undefined, 2)}\n`)
      } else {
        showFindings(diagnostics, process.stdout)
        process.stdout.write(`${summary(contracts.join(', '), findings, size, colours(process.stdout))}\n`)
      }
      if (findings.errors > 0) process.exitCode = 1
    })
}

/** A newcomer has a WSDL and no contract yet. @throws Failure */
function refuseWsdl(file: string): void {
  if (!/\.wsdl$/i.test(file)) return
  throw new Failure(
    `${file} is a WSDL; check wants the OpenAPI document that goes with it. To have one designed:\n  soapstone import ${file} --output openapi.yaml`,
    2,
  )
}

/** Judges contracts as they are judged before they are served, and compiles the codecs of all operations, too. */
export async function check(contracts: readonly string[]): Promise<Findings> {
  const [{ compileContract }, { judgeContract }, { SharedBackends }] = await Promise.all([
    import('../../adapter/adapter.js'),
    import('../../http/contract/judge-contract.js'),
    import('../../adapter/shared-backends.js'),
  ])
  const shared = new SharedBackends()
  const diagnostics: Diagnostic[] = []
  const adapters: Adapter[] = []
  for (const contract of contracts) {
    try {
      const adapter = compileContract({ contract }, shared)
      await judgeContract(adapter.webhooks.length > 0 ? await withEvents(adapter) : adapter)
      diagnostics.push(...adapter.diagnostics)
      adapters.push(adapter)
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      diagnostics.push(...error.diagnostics)
    }
  }
  try {
    if (adapters.length < contracts.length) return { diagnostics }
    const together = new Contracts(adapters)
    return {
      diagnostics,
      size: { operations: together.operationCount, backends: together.backends().length },
    }
  } catch (error) {
    if (!(error instanceof ContractError)) throw error
    return { diagnostics: [...diagnostics, ...error.diagnostics] }
  } finally {
    await Promise.all(adapters.map((adapter) => adapter.close()))
  }
}

/** Clients subscribe by operations of the same document, and those who may call them are judged, too. */
async function withEvents(adapter: Adapter): Promise<Facade> {
  const { withOperations } = await import('../../http/events/front.js')
  return withOperations(adapter, [], true)
}

function summary(
  contract: string,
  { errors, warnings, notes }: FindingsJson,
  size: Findings['size'],
  { red, green }: Colours,
): string {
  const found = [counted(errors, 'error'), counted(warnings, 'warning'), counted(notes, 'note')]
  const compiled = size
    ? `${counted(size.operations, 'operation')} over ${counted(size.backends, 'backend')}, `
    : ''
  return (errors > 0 ? red : green)(`${contract}: ${compiled}${found.join(', ')}`)
}
