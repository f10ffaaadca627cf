import { Command, InvalidArgumentError } from 'commander'
import { formatDiagnostic } from '../base/diagnostic.js'
import { type SimulatedCall } from '../tools/simulator/options.js'
import { type Simulator } from '../tools/simulator/simulator.js'
import { colours } from './terminal.js'
import { untilStopped } from './until-stopped.js'
import { wholeNumber } from './values.js'

interface Options {
  readonly port: number
  readonly host: string
  readonly latency: number
  readonly failureRate: number
  readonly fault: ReadonlyMap<string, string>
  readonly examples?: string
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description(
      'Be a SOAP server for WSDLs: requests are checked against the schemas, answers are valid samples, the same at every call.',
    )
    .argument('<wsdl...>', 'local WSDL files')
    .option('-p, --port <number>', 'TCP port; 0 takes a free one', wholeNumber(0, 65_535), 8090)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--latency <ms>', 'wait before each answer', wholeNumber(0, 3_600_000), 0)
    .option('--failure-rate <percent>', 'answer so many calls with a bare HTTP 503', wholeNumber(0, 100), 0)
    .option(
      '--fault <operation=fault>',
      'answer an operation with one of its declared faults; may be repeated',
      addFault,
      new Map<string, string>(),
    )
    .option(
      '--examples <folder>',
      'answers: OP.json holds the content of the output, OP.xml the whole envelope',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone simulate wsdl/banking/*.wsdl --latency 50 --fault GetCustomer=CustomerNotFoundFault',
    )
    .action(async (wsdls: string[], options: Options) => {
      const { startSimulator } = await import('../tools/simulator/simulator.js')
      const simulator = await startSimulator({
        wsdls,
        listenPort: options.port,
        host: options.host,
        latencyMs: options.latency,
        failurePercent: options.failureRate,
        faults: options.fault,
        ...(options.examples !== undefined && { examples: options.examples }),
        ...(process.stderr.isTTY && { onCall: showCall }),
      })
      const stopped = untilStopped()
      greet(simulator)
      await stopped
      await simulator.close()
    })
}

function addFault(text: string, faults: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [operation = '', fault = '', ...rest] = text.split('=')
  if (operation === '' || fault === '' || rest.length > 0) {
    throw new InvalidArgumentError('It must be OPERATION=FAULT, with names of the WSDL.')
  }
  return new Map([...faults, [operation, fault]])
}

function greet({ diagnostics, endpoints }: Simulator): void {
  for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  for (const { service, port, soapVersion, url, operations } of endpoints) {
    process.stdout.write(
      `${url}  ${service}/${port}, SOAP ${soapVersion}, ${operations.length} operations, WSDL at ?wsdl\n`,
    )
  }
}

function showCall({ operation, status, outcome }: SimulatedCall): void {
  const { dim, red, yellow } = colours(process.stderr)
  const paint = outcome === 'answered' ? dim : outcome === 'fault' ? yellow : red
  process.stderr.write(`${operation} ${paint(`${status} ${outcome}`)}\n`)
}
