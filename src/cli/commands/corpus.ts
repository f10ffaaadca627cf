import { statSync } from 'node:fs'
import { Command } from 'commander'
import { Failure } from '../terminal/report.js'

interface Options {
  readonly json?: true
  readonly design?: true
}

export function corpusCommand(): Command {
  return new Command('corpus')
    .description(
      'Try every WSDL below folders: import it, load what was imported, write and read samples of each operation.',
    )
    .argument('<folder...>', 'searched for *.wsdl; each folder directly in it is a row of the table')
    .option('--design', 'judge the designs that import makes, instead of trying them')
    .option('--json', 'write the report as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ soapstone corpus wsdl\n\nExits with 1 where something fails. A WSDL that breaks its own specifications is refused, which is no failure.',
    )
    .action(async (folders: string[], { json, design }: Options) => {
      for (const folder of folders) {
        if (!statSync(folder).isDirectory())
          throw new Failure(`${folder} is not a folder; corpus searches folders for WSDLs.`, 2)
      }
      const { formatCorpus, formatDesigns, runCorpus, runDesigns } = await import('../../tools/corpus.js')
      if (design) {
        const scores = await runDesigns(folders)
        const score = json ? JSON.stringify(Object.fromEntries(scores), undefined, 2) : formatDesigns(scores)
        process.stdout.write(`${score}\n`)
        return
      }
      const report = await runCorpus(folders)
      const { rows, failures, refused, skipped } = report
      const text = json
        ? JSON.stringify({ rows, failures, refused, skipped }, undefined, 2)
        : formatCorpus(report)
      process.stdout.write(`${text}\n`)
      if (failures.length > 0) process.exitCode = 1
    })
}
