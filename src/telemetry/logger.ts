import { type DestinationStream, type Logger, pino } from 'pino'
import { AdapterError, ContractError } from '../base/errors.js'
import { LogBuffer } from './log-buffer.js'

export type { Logger } from 'pino'

/** What a log line says of one request: names of the contract and numbers, nothing that the client wrote. */
export interface RequestLine {
  readonly requestId: string
  /** The protocol by which an operation was called, where that is not REST. */
  readonly face?: string | undefined
  /** Of the trace that the request belongs to. */
  readonly traceId: string | undefined
  /** The base path of the contract, where the process serves several. */
  readonly api?: string | undefined
  readonly operationId: string | undefined
  readonly method: string
  /** 499 where the client went away before the response was complete. */
  readonly status: number
  readonly durationMs: number
  readonly backend: string | undefined
  readonly problem: AdapterError | undefined
  /** The declared fault that the backend answered with. */
  readonly fault: string | undefined
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

let stdout: LogBuffer | undefined

/** One for all loggers of the process, written out when it ends. */
function bufferedStdout(): LogBuffer {
  if (!stdout) {
    stdout = new LogBuffer(pino.destination({ dest: 1, sync: true }))
    process.on('exit', stdout.flush)
  }
  return stdout
}

/** JSON lines to stdout, several at a time, or to the destination given. */
export function createLogger(level: LogLevel, destination: DestinationStream = bufferedStdout()): Logger {
  const options = {
    level,
    base: null,
    timestamp,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, destination)
}

let second = NaN
let untilSecond = ''

/** The time of a line, in UTC with milliseconds; what lines of one second share is written once. */
function timestamp(): string {
  const now = Date.now()
  const millisecond = now % 1000
  if (now - millisecond !== second) {
    second = now - millisecond
    untilSecond = `,"time":"${new Date(second).toISOString().slice(0, -4)}`
  }
  return `${untilSecond}${millisecond < 10 ? '00' : millisecond < 100 ? '0' : ''}${millisecond}Z"`
}

/** Writes the line of one request: errors of ours at `error`, of backends at `warn`, everything else at `info`. */
export function logRequest(logger: Logger, line: RequestLine): void {
  const { requestId, traceId, face, api, operationId, method, status, durationMs } = line
  const { backend, problem, fault } = line
  // pino leaves out what is undefined; objects put together from others would take longer than the rest.
  const fields = {
    requestId,
    traceId,
    face,
    api,
    operationId,
    method,
    status,
    backend,
    durationMs: Math.round(durationMs * 10) / 10,
    fault,
    problem: problem?.code,
    detail: status >= 500 ? problem?.message : undefined,
    backendStatus: problem?.backendStatus,
    outcome: problem?.outcome,
    causes: problem?.cause === undefined ? undefined : causeChain(problem),
  }
  if (problem?.code === 'internal') logger.error(fields, 'request')
  else if (status >= 500) logger.warn(fields, 'request')
  else logger.info(fields, 'request')
}

export interface LoggedCause {
  readonly name: string
  readonly message?: string
  readonly code?: string
  /** Of the system, `connect` say, and the addresses that it was tried with. */
  readonly syscall?: string
  readonly addresses?: readonly string[]
  /** Where in the program, without the message. */
  readonly frames?: readonly string[]
}

const DEEPEST_CAUSE = 5
const FRAMES = 5

/**
 * The causes of an error. Messages are told of our own errors only, which hold no values; of all others the name,
 * the code and where they were thrown.
 */
export function causeChain(error: Error): readonly LoggedCause[] {
  const chain: LoggedCause[] = []
  let cause = error.cause
  while (cause !== undefined && chain.length < DEEPEST_CAUSE) {
    chain.push(describe(cause))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return chain
}

function describe(cause: unknown): LoggedCause {
  if (!(cause instanceof Error)) return { name: typeof cause }
  const { name } = cause
  if (cause instanceof AdapterError) return { name, code: cause.code, message: cause.message }
  if (cause instanceof ContractError) return { name, message: cause.message }
  const code = 'code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {}
  // The message stands before the frames and may itself look like one.
  const stack = cause.stack ?? ''
  const end = stack.indexOf(cause.message) + cause.message.length
  const frames = stack
    .slice(end)
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
  return { name, ...code, ...connectionOf(cause), frames: frames.slice(0, FRAMES).map((line) => line.trim()) }
}

/** What the system says of a connection: the operator's own addresses, no word of the peer. */
function connectionOf(cause: Error): Pick<LoggedCause, 'syscall' | 'addresses'> {
  const tries: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause]
  const addresses = tries.flatMap((each) => {
    const { address, port } = each as { readonly address?: unknown; readonly port?: unknown }
    return typeof address === 'string' && typeof port === 'number' ? [`${address} port ${port}`] : []
  })
  const { syscall } = cause as NodeJS.ErrnoException
  return { ...(typeof syscall === 'string' && { syscall }), ...(addresses.length > 0 && { addresses }) }
}
