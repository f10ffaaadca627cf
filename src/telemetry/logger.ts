import { type DestinationStream, type Logger, pino } from 'pino'
import { AdapterError, ContractError } from '../base/errors.js'
import { LogBuffer } from './log-buffer.js'

export type { Logger } from 'pino'

/** What a log line says of one request: names of the contract and numbers, nothing that the client wrote. */
export interface RequestLine {
  readonly requestId: string
  readonly operationId: string | undefined
  readonly method: string
  /** 499 where the client went away before the answer was complete. */
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
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, destination)
}

/** Writes the line of one request: errors of ours at `error`, of backends at `warn`, everything else at `info`. */
export function logRequest(logger: Logger, line: RequestLine): void {
  const { requestId, operationId, method, status, durationMs, backend, problem, fault } = line
  // pino leaves out what is undefined; objects put together from others would take longer than the rest.
  const fields = {
    requestId,
    operationId,
    method,
    status,
    backend,
    durationMs: Math.round(durationMs * 10) / 10,
    fault,
    problem: problem?.code,
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
  return { name, ...code, frames: frames.slice(0, FRAMES).map((line) => line.trim()) }
}
