import { counted } from '../../base/count.js'
import { formatDiagnostic, formatLocation } from '../../base/diagnostic/diagnostic.js'
import type { Change, Place } from './change.js'
import type { Verdict } from './effect.js'
import type { DiffReport } from './report.js'

/** How parts of the text are painted; the identity where there are no colours. */
export interface Paint {
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
}

const SHOWN_PLACES = 4

/** The report as a person reads it: what breaks, what does not, and a last line that says how many operations break. */
export function formatDiff(report: DiffReport, paint: Paint): string {
  const { changes, leftOut = [], diagnostics = [], unused = [] } = report
  return [
    ...section('Breaks', { verdict: 'breaking', changes, colour: paint.red, paint }),
    ...section('Does not break', { verdict: 'compatible', changes, colour: paint.green, paint }),
    ...(leftOut.length > 0
      ? [paint.bold(`Not compared (${leftOut.length})`), '', ...leftOut.map(formatDiagnostic), '']
      : []),
    ...(diagnostics.length > 0
      ? [
          paint.bold(`The contract does not agree with ${report.new} (${diagnostics.length})`),
          '',
          ...diagnostics.map(formatDiagnostic),
          '',
        ]
      : []),
    ...(unused.length > 0
      ? [`Changed too, but the contract does not use them: ${unused.join(', ')}`, '']
      : []),
    conclusion(report, paint),
  ].join('\n')
}

function section(
  title: string,
  {
    verdict,
    changes,
    colour,
    paint,
  }: {
    readonly verdict: Verdict
    readonly changes: readonly Change[]
    readonly colour: (text: string) => string
    readonly paint: Paint
  },
): readonly string[] {
  const own = changes.filter((change) => change.verdict === verdict)
  if (own.length === 0) return []
  return [colour(`${title} (${own.length})`), '', ...own.flatMap((change) => [...entry(change, paint), ''])]
}

function entry(change: Change, { bold, dim }: Paint): readonly string[] {
  const { direction, what, meaning, advice, places, old, new: next } = change
  const [first, ...others] = pathsOf(places)
  const kind = direction === 'service' ? '' : `${direction} `
  const where = first === undefined ? '' : `${bold(first)}: `
  const ends = [old && `old ${formatLocation(old)}`, next && `new ${formatLocation(next)}`]
  const operations = operationsOf(places)
  return [
    `${kind}${where}${what}`,
    `  ${meaning}${advice === '' ? '' : ` ${advice}`}`,
    ...(others.length > 0 ? [`  also ${list(others)}`] : []),
    ...(operations.length > 0 ? [`  in ${list(operations)}`] : []),
    dim(`  ${ends.filter((end) => end !== undefined).join(', ')}`),
  ]
}

function pathsOf(places: readonly Place[]): readonly string[] {
  const named = places.filter(({ path, operation }) => path !== '' || operation !== '')
  return [...new Set(named.map(({ path, operation }) => (path === '' ? operation : path)))]
}

/** REST operations where there is a contract. */
function operationsOf(places: readonly Place[]): readonly string[] {
  const names = places.map(({ operation, rest }) =>
    rest ? `${rest.method.toUpperCase()} ${rest.path} (${rest.operationId})` : operation,
  )
  return [...new Set(names.filter((name) => name !== ''))]
}

function list(names: readonly string[]): string {
  const rest = names.length - SHOWN_PLACES
  return rest > 0 ? `${names.slice(0, SHOWN_PLACES).join(', ')} and ${rest} more` : names.join(', ')
}

function conclusion(
  { old, new: next, changes, operations, diagnostics = [] }: DiffReport,
  paint: Paint,
): string {
  const breaking = changes.filter(({ verdict }) => verdict === 'breaking')
  const places = breaking.flatMap((change) => change.places)
  const names = new Set(places.map(({ operation, rest }) => rest?.operationId ?? operation))
  // What belongs to no operation concerns them all.
  const hit = names.has('') ? operations : names.size
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const head = `${old} → ${next}: ${counted(operations, 'operation')}`
  if (changes.length === 0 && diagnostics.length === 0) return paint.green(`${head}, nothing changed`)
  if (breaking.length === 0 && errors === 0) return paint.green(`${head}, nothing breaks`)
  const disagreements = errors > 0 ? `, ${counted(errors, 'disagreement')} with the contract` : ''
  return paint.red(`${head}, ${hit} ${hit === 1 ? 'breaks' : 'break'}${disagreements}`)
}
