import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Imported } from '../../tools/import/import.js'
import type { Question } from '../../tools/import/questions.js'
import type { DesignSettings } from '../../tools/import/settings/settings.js'
import type { SettingsChange } from '../../tools/import/settings/text.js'
import { type Asker, openAsker } from '../terminal/asker.js'
import { Failure } from '../terminal/report.js'

/** Where answers go unless `--settings` says. */
export const SETTINGS_FILE = 'import.yaml'

/** What `--settings` says. @throws Failure where the file is missing or nothing is known of what it says */
export async function readSettings(file: string): Promise<DesignSettings> {
  const { parseSettings } = await import('../../tools/import/settings/settings.js')
  if (!existsSync(file)) throw new Failure(`There is no ${file} with settings of an import.`, 1)
  try {
    return parseSettings(readFileSync(file, 'utf8'), file)
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), 1)
  }
}

/**
 * Asks what an import is unsure of, and writes the answers to its settings.
 *
 * @param imported by the settings that there are
 * @param file of settings; it need not be there
 * @throws Failure where an answer cannot be used, or the person gives up: nothing is written then
 */
export async function askSettings(
  imported: Imported,
  settings: DesignSettings,
  file: string,
): Promise<DesignSettings> {
  const [{ questionsOf }, { settingsLines, withDecisions }, { parseSettings }] = await Promise.all([
    import('../../tools/import/questions.js'),
    import('../../tools/import/settings/text.js'),
    import('../../tools/import/settings/settings.js'),
  ])
  const questions = questionsOf(imported, settings)
  const { stdin: input, stderr: output, env } = process
  if (questions.length === 0) {
    output.write('Nothing to ask: no name and no shape left a choice that is not decided.\n')
    return settings
  }
  const asker = await openAsker({ input, output, terminal: env.TERM })
  try {
    const changes = await answersTo(questions, asker)
    if (changes.length === 0) {
      output.write('\nAll stays as it is; no settings were written.\n')
      return settings
    }
    // Settings without a file are those that the record of a merge has.
    const known = existsSync(file) ? readFileSync(file, 'utf8') : settingsLines(settings).join('\n')
    const text = withDecisions(known, changes)
    const decided = parseSettings(text, file)
    writeFileSync(file, text)
    output.write(`\nWrote ${file}: give it with --settings ${file} to decide so again.\n`)
    return decided
  } finally {
    asker.close()
  }
}

async function answersTo(questions: readonly Question[], asker: Asker): Promise<SettingsChange[]> {
  const changes: SettingsChange[] = []
  for (const [index, { message, why, choices }] of questions.entries()) {
    asker.say(why)
    const chosen = await asker.choose(
      `${index + 1}/${questions.length} ${message}`,
      choices.map(({ label }) => label),
    )
    const { decides, asks } = choices[chosen] ?? {}
    if (decides) changes.push(decides)
    if (!asks) continue
    const { message: asked, otherwise, refuse } = asks
    const answer = await asker.text(asked, {
      ...(otherwise !== undefined && { otherwise }),
      ...(refuse && { refuse }),
    })
    changes.push(asks.decides(answer))
  }
  return changes
}
