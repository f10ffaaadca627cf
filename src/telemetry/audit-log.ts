import { hash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'

/** One call of one operation: who, what, when and how it ended. Nothing of what was said. */
export interface AuditEntry {
  readonly requestId: string
  /** The application, where it is known. */
  readonly client: string | undefined
  /** The kind of credential that names the client: each has names of its own. */
  readonly namedBy: string | undefined
  /** The user, where it is known. */
  readonly subject: string | undefined
  /** Of the peer: the client itself, or the proxy before us. */
  readonly address: string | undefined
  /** The protocol by which it was called, where that is not REST. */
  readonly face?: string | undefined
  /** The base path of the contract, where the process serves several. */
  readonly api?: string | undefined
  readonly operationId: string
  readonly method: string
  readonly status: number
  /** Code of the problem, or name of the declared fault. */
  readonly problem: string | undefined
}

export type AuditOutcome = 'success' | 'denied' | 'refused' | 'failed' | 'abandoned'

/** A stream of its own, apart from the log: people of another department read it and it is kept for longer. */
export interface AuditLog {
  record(entry: AuditEntry): void
  close(): void
}

export interface AuditOptions {
  /** `stdout` or the path of a file, which is only appended to. */
  readonly destination: string
  /** Whether each line holds the hash of the line before. */
  readonly chained: boolean
  /** Told of each line that could not be written; by default it is thrown. */
  readonly onFailure?: (error: unknown) => void
}

const CLIENT_CLOSED = 499

/**
 * Opens the audit log. Lines are written at once and in order; a chain goes on where the file ends.
 *
 * @throws Error where the file cannot be opened
 */
export function openAuditLog({ destination, chained, onFailure = rethrow }: AuditOptions): AuditLog {
  const file = destination === 'stdout' ? undefined : openSync(destination, 'a+', 0o600)
  const write = (line: string) => {
    if (file === undefined) process.stdout.write(line)
    else writeSync(file, line)
  }
  let previous = chained && file !== undefined ? lastLink(file) : ''
  return {
    record: (entry) => {
      const line = JSON.stringify(lineOf(entry))
      const link = chained ? linkOf(previous, line) : ''
      try {
        write(`${chained ? withLink(line, link) : line}\n`)
        previous = link
      } catch (error) {
        onFailure(error)
      }
    },
    close: () => {
      if (file !== undefined) closeSync(file)
    },
  }
}

function rethrow(error: unknown): never {
  throw error
}

function lineOf({ status, problem, ...entry }: AuditEntry): object {
  return {
    type: 'audit',
    time: new Date().toISOString(),
    ...entry,
    status,
    outcome: outcomeOf(status),
    problem,
  }
}

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'success'
  if (status === 401 || status === 403 || status === 429) return 'denied'
  if (status === CLIENT_CLOSED) return 'abandoned'
  return status < 500 ? 'refused' : 'failed'
}

const LINK = /^(.*),"link":"([A-Za-z0-9_-]{43})"\}$/

/** Each link hashes the one before and its own line. */
function linkOf(previous: string, line: string): string {
  return hash('sha256', `${previous}\n${line}`, 'base64url')
}

function withLink(line: string, link: string): string {
  return `${line.slice(0, -1)},"link":"${link}"}`
}

/**
 * Finds the first line of a chained audit log that was changed, or before which one was taken out or put in. Lines cut
 * off at the end cannot be seen: compare the last link with a copy that was kept elsewhere.
 *
 * @returns the number of lines, and that of the first one that does not fit, 1-based
 */
export function verifyAuditLog(text: string): {
  readonly lines: number
  readonly broken?: number
  readonly link: string
} {
  const lines = text.split('\n').filter((line) => line !== '')
  let previous = ''
  for (const [index, line] of lines.entries()) {
    const [, rest = '', link = ''] = LINK.exec(line) ?? []
    if (link === '' || link !== linkOf(previous, `${rest}}`))
      return { lines: lines.length, broken: index + 1, link: previous }
    previous = link
  }
  return { lines: lines.length, link: previous }
}

const TAIL_BYTES = 8_192

function lastLink(file: number): string {
  const { size } = fstatSync(file)
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
  readSync(file, tail, 0, tail.length, size - tail.length)
  const last = tail.toString('utf8').trimEnd().split('\n').at(-1) ?? ''
  return LINK.exec(last)?.[2] ?? ''
}
