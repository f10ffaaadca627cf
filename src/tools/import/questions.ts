import type { Imported } from './import.js'
import { type DesignSettings, isPath, methodOf, type OperationSettings } from './settings/settings.js'
import type { SettingsChange } from './settings/text.js'
import type { DesignCase } from './summary/cases.js'
import type { Explanation } from './summary/explain.js'
import type { DesignProposal } from './summary/summary.js'

/** A choice that the importer was unsure of. */
export interface Question {
  /** What is asked, in one line. */
  readonly message: string
  /** What makes it a question. */
  readonly why: string
  /** The first leaves the design as it is. */
  readonly choices: readonly Choice[]
}

export interface Choice {
  readonly label: string
  /** What it decides; nothing, where all stays as it is. */
  readonly decides?: SettingsChange
  /** A word that is still to be said. */
  readonly asks?: Asked
}

export interface Asked {
  readonly message: string
  /** What an empty answer means; without it there must be one. */
  readonly otherwise?: string
  /** @returns what is wrong with an answer */
  readonly refuse?: (answer: string) => string | undefined
  readonly decides: (answer: string) => SettingsChange
}

/**
 * What to ask a person about an import: who sends credentials and context, and how operations are read whose names or shapes left a
 * choice. What the settings decide already is not asked again.
 */
export function questionsOf(
  { summary: { proposals, cases }, explanations }: Imported,
  settings: DesignSettings,
): Question[] {
  return [
    ...proposals.map(askProposal),
    ...cases
      .filter(({ operation }) => settings.operations[operation] === undefined)
      .map((each) => {
        const explanation = explanations.find(({ operation }) => operation === each.operation)
        return explanation && explanation.name.intent === undefined
          ? askVerb(each, explanation)
          : askRoute(each)
      }),
  ]
}

function askProposal({ seen, asItIs, instead, settings }: DesignProposal): Question {
  const { headers = [], request = {}, soapHeaders = {}, session } = settings
  const about =
    session?.operation ?? [...Object.keys(request), ...Object.keys(soapHeaders), ...headers].join(', ')
  return {
    message: `Who sends ${about}, and how?`,
    why: `${seen}.`,
    choices: [{ label: asItIs }, { label: instead, decides: settings }],
  }
}

const intents = [
  ['get', 'reads one'],
  ['list', 'lists several'],
  ['check', 'asks or calculates, and changes nothing'],
  ['create', 'makes one'],
  ['update', 'changes one'],
  ['delete', 'deletes one'],
] as const

/** No verb is known: what does it do, and to what? */
function askVerb({ operation, chosen, why }: DesignCase, { name }: Explanation): Question {
  const otherwise = name.words.slice(-2).join(' ')
  return {
    message: `What does ${operation} do?`,
    why: `It is ${chosen}: ${why}.`,
    choices: [
      { label: `something of its own: ${chosen}` },
      ...intents.map(([verb, label]) => ({
        label,
        asks: {
          message: `Of what, in the singular?`,
          otherwise,
          decides: (resource: string) => ({ operations: { [operation]: { verb, resource } } }),
        },
      })),
      ignored(operation),
    ],
  }
}

/** The name is read, and others are possible. */
function askRoute({ operation, chosen, why, others }: DesignCase): Question {
  return {
    message: `${operation}: ${chosen}?`,
    why: `${why}.`,
    choices: [
      { label: `yes, ${chosen}` },
      ...others.map((other) => ({
        label: other,
        decides: { operations: { [operation]: callIn(other) } },
      })),
      {
        label: 'another resource',
        asks: {
          message: 'What is it about, in the singular?',
          decides: (resource) => ({ operations: { [operation]: { resource } } }),
        },
      },
      {
        label: 'another method or path',
        asks: {
          message: 'Which, as POST /loans/{loanId}/payments?',
          refuse: (answer) => {
            const { method, path = '' } = callIn(answer)
            return method !== undefined && isPath(path)
              ? undefined
              : 'It must be a method and a path, as POST /loans/{loanId}/payments.'
          },
          decides: (answer) => ({ operations: { [operation]: callIn(answer) } }),
        },
      },
      ignored(operation),
    ],
  }
}

function ignored(operation: string): Choice {
  return { label: 'leave it out', decides: { operations: { [operation]: { ignore: true } } } }
}

function callIn(call: string): Pick<OperationSettings, 'method' | 'path'> {
  const [said = '', path = ''] = call.trim().split(/\s+/, 2)
  const method = methodOf(said)
  return { ...(method && { method }), path }
}
