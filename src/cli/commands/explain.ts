import { resolve } from 'node:path'
import { Command } from 'commander'
import { ContractError } from '../../base/errors.js'

interface Options {
  readonly json?: true
}

export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'Say in words what the policies of a WSDL demand, what soapstone does for it, and what to do about the rest.',
    )
    .argument('<wsdl...>', 'local WSDL files')
    .option('--json', 'write what is said as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone explain wsdl/banking/core-banking.wsdl\n\n`soapstone check` compares a contract with the policies of its WSDLs.',
    )
    .action(async (files: string[], { json }: Options) => {
      const [{ loadWsdl }, { contractRoot }, { explainPolicies, formatExplainedPort }, { yamlText }] =
        await Promise.all([
          import('../../wsdl/load.js'),
          import('../../wsdl/contract-root.js'),
          import('../../tools/import/proposals/explain-policies.js'),
          import('../../openapi/yaml/style.js'),
        ])
      const explained = files.flatMap((file) => {
        const { wsdl, diagnostics } = loadWsdl(file, { root: contractRoot(resolve(file)) })
        if (!wsdl) throw new ContractError(diagnostics.filter(({ severity }) => severity === 'error'))
        return explainPolicies(wsdl)
      })
      const text = json
        ? JSON.stringify(explained, undefined, 2)
        : explained.map((each) => formatExplainedPort(each, yamlText)).join('\n\n')
      process.stdout.write(`${text}\n`)
    })
}
