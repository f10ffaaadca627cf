import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type AuditEntry, openAuditLog, verifyAuditLog } from '../../src/telemetry/audit-log.js'

const directory = mkdtempSync(join(tmpdir(), 'audit-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

let destination: string
let number = 0
beforeEach(() => {
  destination = join(directory, `${(number += 1)}.jsonl`)
})

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  requestId: 'r-1',
  client: 'partner',
  namedBy: 'apiKey',
  subject: undefined,
  address: '192.0.2.1',
  operationId: 'getAccount',
  method: 'GET',
  status: 200,
  problem: undefined,
  ...more,
})

function write(chained: boolean, ...entries: readonly AuditEntry[]): string {
  const log = openAuditLog({ destination, chained })
  for (const one of entries) log.record(one)
  log.close()
  return readFileSync(destination, 'utf8')
}

const link = (text: string) => (JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as { link: string }).link

describe('the audit log', () => {
  it('has a line of its own type for each call, for its owner alone', () => {
    const [line = ''] = write(false, entry()).split('\n')
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>
    expect(Date.parse(String(time))).toBeGreaterThan(Date.now() - 60_000)
    expect(rest).toEqual({
      type: 'audit',
      requestId: 'r-1',
      client: 'partner',
      namedBy: 'apiKey',
      address: '192.0.2.1',
      operationId: 'getAccount',
      method: 'GET',
      status: 200,
      outcome: 'success',
    })
    expect(statSync(destination).mode & 0o777).toBe(0o600)
  })

  it.each([
    [200, 'success'],
    [304, 'success'],
    [401, 'denied'],
    [403, 'denied'],
    [429, 'denied'],
    [404, 'refused'],
    [499, 'abandoned'],
    [500, 'failed'],
    [504, 'failed'],
  ])('calls status %i %s', (status, outcome) => {
    expect(JSON.parse(write(false, entry({ status })))).toMatchObject({ status, outcome })
  })

  it('is one line, whatever a name holds', () => {
    const client = 'a"\n{"type":"audit"}\u2028\r'
    expect(write(false, entry({ client })).match(/\n/g)).toHaveLength(1)
  })

  it.skipIf(!existsSync('/dev/full'))('tells of lines that cannot be written, and goes on', () => {
    const failures: unknown[] = []
    const log = openAuditLog({
      destination: '/dev/full',
      chained: true,
      onFailure: (error) => failures.push(error),
    })
    log.record(entry())
    log.record(entry())
    log.close()
    expect(failures).toMatchObject([{ code: 'ENOSPC' }, { code: 'ENOSPC' }])
  })

  it('is appended to', () => {
    write(false, entry())
    expect(write(false, entry()).match(/\n/g)).toHaveLength(2)
  })
})

describe('a chain', () => {
  it('goes on after a restart, and holds', () => {
    write(true, entry(), entry({ status: 403 }))
    const text = write(true, entry({ client: 'x"},"link":"' }), entry())
    expect(verifyAuditLog(text)).toEqual({ lines: 4, link: link(text) })
    expect(verifyAuditLog('')).toEqual({ lines: 0, link: '' })
  })

  it('shows each change, wherever it is', () => {
    const text = write(true, ...Array.from({ length: 5 }, (_, n) => entry({ requestId: `r-${n}` })))
    const lines = text.trimEnd().split('\n')
    for (let n = 0; n < 5; n += 1) {
      const changed = lines.with(n, lines[n]?.replace('partner', 'nobody') ?? '')
      expect(verifyAuditLog(changed.join('\n')).broken).toBe(n + 1)
      const inserted = lines.toSpliced(n, 0, lines[n] ?? '')
      expect(verifyAuditLog(inserted.join('\n')).broken).toBe(n + 2)
      if (n < 4) expect(verifyAuditLog(lines.toSpliced(n, 1).join('\n')).broken).toBe(n + 1)
      const swapped = lines.with(n, lines[(n + 1) % 5] ?? '')
      expect(verifyAuditLog(swapped.join('\n')).broken).toBe(n + 1)
    }
  })

  it('is not made of lines without links', () => {
    expect(verifyAuditLog(write(false, entry())).broken).toBe(1)
  })

  it('that is cut off at its end shows beside a link that was kept', () => {
    const text = write(true, entry(), entry())
    const cut = text.split('\n')[0] ?? ''
    expect(verifyAuditLog(cut).broken).toBeUndefined()
    expect(verifyAuditLog(cut).link).not.toBe(link(text))
  })
})
