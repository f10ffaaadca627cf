/** Which way a message goes; a fault is a response. */
export type Direction = 'request' | 'response'

export type Verdict = 'breaking' | 'compatible'

/**
 * What a difference does to the messages that are allowed.
 *
 * - `narrowed`: fewer are; `widened`: more are; `changed`: others are, or it cannot be told
 * - `removed`, `added`: something that may be there; `demanded`: something that must be there, which was unknown
 * - `alternative`: something that may stand where something else stood
 * - `silent`: the same messages, another sense
 */
export type Effect =
  'narrowed' | 'widened' | 'changed' | 'removed' | 'added' | 'demanded' | 'alternative' | 'silent'

export interface Judgement {
  readonly verdict: Verdict
  /** What it means to those who keep to the old WSDL. */
  readonly meaning: string
  /** What to do; empty where nothing is. */
  readonly advice: string
}

const judgements: Readonly<Record<Direction, Readonly<Record<Effect, Judgement>>>> = {
  request: {
    narrowed: {
      verdict: 'breaking',
      meaning: 'Some requests that were valid are not any more.',
      advice: 'Send only what the new WSDL allows, and say so in the contract.',
    },
    widened: { verdict: 'compatible', meaning: 'Requests that were valid stay so.', advice: '' },
    changed: {
      verdict: 'breaking',
      meaning: 'Requests in the old form are not valid any more.',
      advice: 'Send the new form from the day on which the backend changes.',
    },
    removed: {
      verdict: 'breaking',
      meaning: 'A request that holds it is not valid any more.',
      advice: 'Take it out of the requests and of the contract.',
    },
    added: { verdict: 'compatible', meaning: 'It may be sent and need not.', advice: '' },
    demanded: {
      verdict: 'breaking',
      meaning: 'No request without it is valid.',
      advice: 'Give it a member, a parameter or a constant in the contract.',
    },
    alternative: { verdict: 'compatible', meaning: 'It may be sent and need not.', advice: '' },
    silent: {
      verdict: 'compatible',
      meaning: 'The same requests are valid, but what is left out means something else.',
      advice: 'Send the value where the old one is meant.',
    },
  },
  response: {
    narrowed: {
      verdict: 'compatible',
      meaning: 'Answers stay within what was allowed.',
      advice: '',
    },
    widened: {
      verdict: 'breaking',
      meaning: 'Answers may be what was not allowed.',
      advice: 'Allow it in the contract, and tell its clients.',
    },
    changed: {
      verdict: 'breaking',
      meaning: 'Answers are not in the old form any more.',
      advice: 'Read the new form from the day on which the backend changes.',
    },
    removed: {
      verdict: 'breaking',
      meaning: 'Answers do not hold it any more.',
      advice: 'Take it out of the contract, and tell its clients.',
    },
    added: {
      verdict: 'compatible',
      meaning: 'Answers may hold it; who checks them by the old WSDL refuses those.',
      advice: 'Take the new WSDL into use before the backend changes.',
    },
    demanded: {
      verdict: 'compatible',
      meaning: 'Answers hold it; who checks them by the old WSDL refuses them.',
      advice: 'Take the new WSDL into use together with the backend.',
    },
    alternative: {
      verdict: 'breaking',
      meaning: 'Answers may hold it in place of what was there.',
      advice: 'Add it to the contract, and tell its clients.',
    },
    silent: { verdict: 'compatible', meaning: 'What is left out means something else.', advice: '' },
  },
}

/** The law of variance: a request may ask for less, a response may promise more. */
export function judge(effect: Effect, direction: Direction): Judgement {
  return judgements[direction][effect]
}
