import { Command, InvalidArgumentError } from 'commander'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { CLIENT_NAME, createApiKey, parseApiKeys } from '../../http/authentication/api-key.js'
import { Failure } from '../terminal/report.js'

type Options = Readonly<
  Record<'expires' | 'roles' | 'operations' | 'rate' | 'concurrent', string | undefined>
>

export function keyCommand(): Command {
  return new Command('key')
    .description(
      'Make an API key: the key, for the client alone, and the line that stands for it in API_KEYS_FILE.',
    )
    .argument('<client>', 'who gets it; its name in audit log and limits', clientName)
    .option('--expires <instant>', 'when it ends: 2027-01-31 or 2027-01-31T12:00:00Z')
    .option('--roles <names>', 'comma-separated roles that the contract may require')
    .option('--operations <names>', 'comma-separated operations that the key is valid for; all by default')
    .option('--rate <requests/seconds>', 'its rate limit, instead of RATE_LIMIT_REQUESTS')
    .option('--concurrent <requests>', 'its limit of requests at the same time')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone key partner --expires 2027-01-31 --rate 100/60\n\nThe key is on the first line of stdout, the line for the file on the second.',
    )
    .action((client: string, given: Options) => {
      const { expires, roles, operations, rate, concurrent } = given
      const options = Object.entries({ expires, roles, operations, rate, concurrent }).flatMap(
        ([name, value]) => (value === undefined ? [] : [`${name}=${value}`]),
      )
      const { key, line } = createApiKey(client, options)
      const diagnostics = new Diagnostics()
      parseApiKeys(line, 'The options', diagnostics)
      const [first] = diagnostics.list
      if (first) throw new Failure(first.message, 2)
      if (process.stderr.isTTY) {
        process.stderr.write(
          'The key is shown this once. Give it to the client, and the line to API_KEYS_FILE.\n',
        )
      }
      process.stdout.write(`${key}\n${line}\n`)
    })
}

function clientName(text: string): string {
  if (CLIENT_NAME.test(text)) return text
  throw new InvalidArgumentError(
    'It must be 1 to 64 letters, digits and ._@:- and begin with a letter or a digit.',
  )
}
