import { Command, Option } from 'commander'
import { contractOption, loadOperation, servedBy } from '../contract/contract.js'
import { writeMessage } from '../message/http.js'
import { requestText } from '../message/request-text.js'

interface Options {
  readonly contract: string
  readonly optionals: 'all' | 'none'
  readonly soapOperation?: string
  readonly response?: true
  readonly headers?: true
}

export function sampleCommand(): Command {
  return new Command('sample')
    .description('Write a valid request of an operation as JSON, or a valid response of its backend as XML.')
    .argument('<operation>', 'operationId of the contract')
    .addOption(contractOption())
    .addOption(
      new Option('--optionals <which>', 'how much is filled in').choices(['all', 'none']).default('all'),
    )
    .option('--soap-operation <name>', 'of several WSDL operations that serve it, this one; else the first')
    .option('--response', 'the SOAP response of the backend instead')
    .option('--headers', 'with --response: status and header fields too')
    .option('--json', 'write what is wrong as JSON, on one line of stderr')
    .addHelpText(
      'after',
      '\nExamples:\n  $ soapstone sample createPayment --optionals none\n  $ soapstone sample getAccount --response | soapstone decode getAccount',
    )
    .action(
      async (operationId: string, { contract, optionals, soapOperation, response, headers }: Options) => {
        const operation = servedBy(await loadOperation(contract, operationId), soapOperation)
        if (!response) {
          process.stdout.write(`${requestText(operation.sample({ optionals }))}\n`)
          return
        }
        const answer = operation.sampleResponse({ optionals })
        const { status, body } = answer
        const { bodyFor } = await import('../message/indented-xml.js')
        writeMessage(
          { start: String(status), headers: answer.headers, body: bodyFor(process.stdout, body) },
          { withHeaders: headers ?? false },
        )
      },
    )
}
