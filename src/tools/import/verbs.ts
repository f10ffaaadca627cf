/** What an operation does, as its name says it. */
export type Intent = 'read' | 'search' | 'create' | 'update' | 'delete' | 'action'

const intents: Readonly<Record<Exclude<Intent, 'action'>, string>> = {
  read: 'get read retrieve fetch lookup load obtain show view describe inquire inquiry enquire enquiry inq',
  search: 'list find search query browse enumerate select',
  create: 'create add register open insert new place issue book record submit initiate',
  update: 'update modify set change edit amend replace save store put upsert alter adjust rename assign',
  delete: 'delete remove cancel close erase drop purge unregister deregister terminate',
}

const intentOf: ReadonlyMap<string, Intent> = new Map(
  Object.entries(intents).flatMap(([intent, verbs]) =>
    verbs.split(' ').map((verb) => [verb, intent as Intent]),
  ),
)

/** Verbs that name an action on what follows: `ApproveLoan` is `/loans/{loanId}/approve`. */
const actions = new Set(
  (
    'accept activate acknowledge allocate apply approve archive attach authenticate authorize authorise block calculate ' +
    'capture check claim clear complete compute confirm convert copy count deactivate decline deliver deposit detach ' +
    'disable download enable estimate evaluate execute export extend finish forward freeze generate grant hold import ' +
    'invoke link lock login logout merge move notify pay perform ping post prepare print process publish reactivate ' +
    'receive recalculate refresh refund reissue reject release renew reopen report request resend reserve reset resolve ' +
    'resume return reverse revoke run schedule send settle share sign start stop subscribe suspend sync synchronize ' +
    'test transfer transform translate unblock unlink unlock unsubscribe upload use validate verify void withdraw'
  ).split(' '),
)

/** @param verb in lower case */
export function intentOfVerb(verb: string): Intent | undefined {
  return intentOf.get(verb) ?? (actions.has(verb) ? 'action' : undefined)
}
