import type { OperationName } from '../grammar/operation-name.js'
import type { Route } from '../routes/route.js'
import { apartLine, type Folded } from './folded.js'

/** How an operation came to its method and path, for a person who would have it otherwise. */
export interface Explanation {
  readonly operation: string
  readonly name: OperationName
  readonly resource: readonly string[]
  readonly candidates: readonly Route[]
  readonly method: string
  readonly path: string
  /** Where one GET serves it and others. */
  readonly folded?: Folded
}

/** The explanation as text for a terminal. */
export function formatExplanation({
  operation,
  name,
  resource,
  candidates,
  method,
  path,
  folded,
}: Explanation): string {
  const chosen = `${method.toUpperCase()} ${path}`
  const said = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(' '))
  const written = candidates.map(writeRoute)
  const isChosen = (each: string | undefined): boolean =>
    each !== undefined && placeOf(each) === placeOf(chosen)
  const others = written.filter((each) => !isChosen(each))
  const isFirst = isChosen(written[0])
  const reason = candidates.find(({ decision }) => decision !== undefined)?.decision
  return [
    `${operation}: ${chosen}`,
    '',
    'Read as',
    `  verb       ${name.verb ?? 'none that is known'}${name.intent === undefined ? '' : ` (${meanings[name.intent]})`}`,
    `  resource   ${said(resource)}`,
    ...(name.owner.length > 0 ? [`  part of    ${said(name.owner)}`] : []),
    ...(name.tail.length > 0 ? [`  and then   ${said(name.tail)}`] : []),
    ...(name.state.length > 0 ? [`  state      ${said(name.state)}`] : []),
    ...(name.variant.length > 0 ? [`  variant    ${said(name.variant)}`] : []),
    '',
    'Why',
    `  ${isFirst ? 'It is the first choice for these.' : 'Better ones are taken by other operations of the document, or cannot be told from theirs.'}`,
    ...(reason === undefined ? [] : [`  ${reason}.`]),
    ...(folded
      ? [`  It answers like ${folded.others.join(', ')}: one GET serves them, this one with ${folded.asked}.`]
      : []),
    ...(others.length === 0
      ? []
      : ['', 'Other choices, the best first', ...[...new Set(others)].map((each) => `  ${each}`)]),
    '',
    'To have it otherwise, in import.yaml',
    '  operations:',
    `    ${(folded && apartLine(operation, candidates)) ?? `${operation}: { method: ${method}, path: ${path} }`}   # or name, verb, resource, ignore`,
  ].join('\n')
}

/** A method and a path without the names of its parameters. */
function placeOf(call: string): string {
  return (call.split('?', 1)[0] ?? '').replace(/\{[^}]{0,256}\}/g, '{}')
}

const meanings = {
  read: 'reads',
  search: 'lists',
  check: 'asks, and changes nothing',
  create: 'makes',
  update: 'changes',
  delete: 'deletes',
  action: 'does something',
} as const

function writeRoute({ method, segments, query }: Route): string {
  const path = segments.map((part) => (typeof part === 'string' ? part : `{${part.name}}`)).join('/')
  const asked = query.length > 0 ? `?${query.map(({ name }) => name).join('&')}` : ''
  return `${method.toUpperCase()} /${path}${asked}`
}
