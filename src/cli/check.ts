import { Command } from 'commander'
import { counted } from '../base/count.js'
import { type Diagnostic, formatDiagnostic } from '../base/diagnostic.js'
import { ContractError } from '../base/errors.js'
import { contractOption } from './contract.js'
import { foldCauses, sortDiagnostics } from './findings.js'
import { Failure } from './report.js'
import { type Colours, colours } from './terminal.js'

interface Options {
  readonly contract: string
  readonly json?: true
}

interface Findings {
  readonly diagnostics: readonly Diagnostic[]
  /** Absent where the contract cannot be used. */
  readonly size?: { readonly operations: number; readonly backends: number }
}

export function checkCommand(): Command {
  return new Command('check')
    .description('Check the contract against its WSDLs, and report everything that is wrong at once.')
    .argument('[contract]', 'the same as --contract')
    .addOption(contractOption())
    .option('--json', 'write the findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone check --contract openapi.yaml\n\nExits with 1 where there is an error; warnings and notes do not count.',
    )
    .action(async (given: string | undefined, { contract: named, json }: Options) => {
      const contract = given ?? named
      refuseWsdl(contract)
      const findings = await check(contract)
      const errors = count(findings, 'error')
      if (json) {
        process.stdout.write(`${JSON.stringify({ contract, ...findings.size, ...findings }, undefined, 2)}\n`)
      } else {
        const paint = colours(process.stdout)
        for (const diagnostic of foldCauses(findings.diagnostics))
          process.stdout.write(`${coloured(diagnostic, paint)}\n`)
        process.stdout.write(`${summary(contract, findings, paint)}\n`)
      }
      if (errors > 0) process.exitCode = 1
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

async function check(contract: string): Promise<Findings> {
  const [{ compileContract }, { createRouter }, { NOBODY }] = await Promise.all([
    import('../adapter/adapter.js'),
    import('../http/router.js'),
    import('../http/security/doors.js'),
  ])
  try {
    const adapter = compileContract({ contract })
    await createRouter(adapter, { authentication: NOBODY }).warmUp()
    const { diagnostics, operations } = adapter
    const size = { operations: operations.size, backends: adapter.backends().length }
    await adapter.close()
    return { diagnostics: sortDiagnostics(diagnostics), size }
  } catch (error) {
    if (error instanceof ContractError) return { diagnostics: sortDiagnostics(error.diagnostics) }
    throw error
  }
}

function count({ diagnostics }: Findings, severity: Diagnostic['severity']): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
}

function coloured(diagnostic: Diagnostic, { red, yellow, dim }: Colours): string {
  const { severity, code } = diagnostic
  const paint = severity === 'error' ? red : severity === 'warning' ? yellow : dim
  return formatDiagnostic(diagnostic).replace(`${severity} ${code}:`, () => paint(`${severity} ${code}:`))
}

function summary(contract: string, findings: Findings, { red, green }: Colours): string {
  const errors = count(findings, 'error')
  const found = [
    counted(errors, 'error'),
    counted(count(findings, 'warning'), 'warning'),
    counted(count(findings, 'note'), 'note'),
  ]
  const size = findings.size
    ? `${counted(findings.size.operations, 'operation')} over ${counted(findings.size.backends, 'backend')}, `
    : ''
  return (errors > 0 ? red : green)(`${contract}: ${size}${found.join(', ')}`)
}
