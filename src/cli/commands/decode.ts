import { Command } from 'commander'
import { bytesOf } from '../../base/bytes/source.js'
import { parseJson, restoreExactNumbers } from '../../json/parse.js'
import { jsonText } from '../../json/text.js'
import type { JsonValue } from '../../json/value.js'
import { contentKind } from '../../openapi/media-type.js'
import { contractOption, loadOperation } from '../contract/contract.js'
import { writeMessage } from '../message/http.js'
import { wholeNumber } from '../options/values.js'
import { readStdin } from '../terminal/stdin.js'

interface Options {
  readonly contract: string
  readonly status: number
  readonly contentType?: string
  readonly headers?: true
}

export function decodeCommand(): Command {
  return new Command('decode')
    .description(
      "Read a backend's SOAP answer from stdin and write the body that the client would get. A declared fault gives its problem document.",
    )
    .argument('<operation>', 'operationId of the contract')
    .addOption(contractOption())
    .option('--status <number>', 'HTTP status of the response', wholeNumber(100, 599), 200)
    .option('--content-type <type>', 'Content-Type of the response')
    .option('--headers', 'status and header fields too')
    .option('--json', 'write what is wrong as JSON, on one line of stderr')
    .addHelpText('after', '\nExample:\n  $ soapstone decode getAccount --headers < answer.xml')
    .action(async (operationId: string, { contract, status, contentType, headers }: Options) => {
      const operation = await loadOperation(contract, operationId)
      const answer = operation.decode({
        status,
        headers: contentType === undefined ? {} : { 'content-type': contentType },
        body: await readStdin('a SOAP response'),
      })
      const isJson = contentKind(answer.headers['content-type'] ?? 'application/json') === 'json'
      const body = isJson ? bytesOf(answer.body).toString('utf8') : answer.body
      const forPeople = process.stdout.isTTY && typeof body === 'string' && body !== ''
      writeMessage(
        {
          start: String(answer.status),
          headers: answer.headers,
          body: forPeople ? indented(body) : body,
        },
        { withHeaders: headers ?? false },
      )
    })
}

function indented(json: string): string {
  const { value, exact } = parseJson(json, { maxDepth: 1_000, maxValues: Infinity })
  restoreExactNumbers(exact)
  return jsonText(value as JsonValue)
}
