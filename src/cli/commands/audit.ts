import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { Failure } from '../terminal/report.js'

export function auditCommand(): Command {
  return new Command('audit')
    .description('Verify a chained audit log: that no line of it was changed, taken out or put in.')
    .argument('<file>', 'what AUDIT_LOG was written to')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone audit /var/log/soapstone/audit.jsonl\n\nExits with 1 where the chain is broken. Lines cut off at the end show only beside an earlier link.',
    )
    .action(async (file: string) => {
      const { verifyAuditLog } = await import('../../telemetry/audit-log.js')
      const { lines, broken, link } = verifyAuditLog(readFileSync(file, 'utf8'))
      if (broken !== undefined) {
        throw new Failure(`${file}:${broken}: this line was changed, or one before it is missing or new.`, 1)
      }
      process.stdout.write(`${file}: ${lines} lines, unbroken${lines > 0 ? `, last link ${link}` : ''}\n`)
    })
}
