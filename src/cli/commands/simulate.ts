import { Command, InvalidArgumentError } from 'commander'
import type { SimulatedCall } from '../../tools/simulator/options.js'
import type { Simulator } from '../../tools/simulator/simulator.js'
import { wholeNumber } from '../options/values.js'
import { colours } from '../terminal/colours.js'
import { showFindings } from '../terminal/findings.js'
import { untilStopped } from '../terminal/until-stopped.js'

interface Options {
  readonly port: number
  readonly host: string
  readonly latency: number
  readonly failureRate: number
  readonly fault: ReadonlyMap<string, string>
  readonly contract?: string
  readonly examples?: string
  readonly json?: true
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description(
      'Be a SOAP server for WSDLs: requests are checked against the schemas, answers are valid samples, the same at every call.',
    )
    .argument('<wsdl...>', 'local WSDL files')
    .option('-p, --port <number>', 'TCP port; 0 takes a free one', wholeNumber(0, 65_535), 8090)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--latency <ms>', 'wait before each response', wholeNumber(0, 3_600_000), 0)
    .option('--failure-rate <percent>', 'answer so many calls with a bare HTTP 503', wholeNumber(0, 100), 0)
    .option(
      '--fault <operation=fault>',
      'answer an operation with one of its faults, by the name in the WSDL or the contract; may be repeated',
      addFault,
      new Map<string, string>(),
    )
    .option('--contract <file>', 'OpenAPI document that maps faults which the WSDLs do not declare')
    .option(
      '--examples <folder>',
      'answers: OP.json holds the content of the output, OP.xml the whole envelope',
    )
    .option('--json', 'write findings as JSON, on one line of stderr')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone simulate wsdl/banking/*.wsdl --latency 50 --fault GetCustomer=CustomerNotFoundFault',
    )
    .action(async (wsdls: string[], options: Options) => {
      const { startSimulator } = await import('../../tools/simulator/simulator.js')
      const simulator = await startSimulator({
        wsdls,
        listenPort: options.port,
        host: options.host,
        latencyMs: options.latency,
        failurePercent: options.failureRate,
        faults: options.fault,
        ...(options.contract !== undefined && { contract: options.contract }),
        ...(options.examples !== undefined && { examples: options.examples }),
        ...(process.stderr.isTTY && { onCall: showCall }),
      })
      const stopped = untilStopped()
      greet(simulator, options)
      await stopped
      await simulator.close()
    })
}

function addFault(text: string, faults: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [operation = '', fault = '', ...rest] = text.split('=')
  if (operation === '' || fault === '' || rest.length > 0) {
    throw new InvalidArgumentError(
      'It must be OPERATION=FAULT, with names of the WSDL, or of a fault that the contract maps.',
    )
  }
  return new Map([...faults, [operation, fault]])
}

function greet({ diagnostics, endpoints }: Simulator, { json }: Options): void {
  showFindings(diagnostics, process.stderr, { json })
  for (const { service, port, soapVersion, url, operations } of endpoints) {
    process.stdout.write(
      `${url}  ${service}/${port}, ${soapVersion === 'none' ? 'no envelope' : `SOAP ${soapVersion}`}, ${operations.length} operations, WSDL at ?wsdl\n`,
    )
  }
}

function showCall({ operation, status, outcome }: SimulatedCall): void {
  const { dim, red, yellow } = colours(process.stderr)
  const paint = outcome === 'answered' ? dim : outcome === 'fault' ? yellow : red
  process.stderr.write(`${operation} ${paint(`${status} ${outcome}`)}\n`)
}
