import { Command } from 'commander'
import { contractOption, loadOperation } from '../contract/contract.js'
import { writeMessage } from '../message/http.js'
import { parseRestRequest } from '../message/rest-request.js'
import { readStdin } from '../terminal/stdin.js'

interface Options {
  readonly contract: string
  readonly headers?: true
}

export function encodeCommand(): Command {
  return new Command('encode')
    .description(
      'Read a request as JSON from stdin – path, query, headers, body – and write the SOAP envelope that the backend would get.',
    )
    .argument('<operation>', 'operationId of the contract')
    .addOption(contractOption())
    .option('--headers', 'URL and header fields too')
    .option('--json', 'write what is wrong as JSON, on one line of stderr')
    .addHelpText(
      'after',
      `\nExample:\n  $ echo '{"path": {"accountId": "AC-00000101"}}' | soapstone encode getAccount --headers`,
    )
    .action(async (operationId: string, { contract, headers }: Options) => {
      const operation = await loadOperation(contract, operationId)
      const request = parseRestRequest((await readStdin('a request as JSON')).toString('utf8'))
      const soap = operation.encode(request)
      // The package that it takes is not for commands that serve.
      const { bodyFor } = await import('../message/indented-xml.js')
      writeMessage(
        {
          start: `${soap.method ?? 'POST'} ${soap.url}${soap.suffix ?? ''}`,
          headers: soap.headers,
          body: bodyFor(process.stdout, soap.body),
        },
        { withHeaders: headers ?? false },
      )
    })
}
