import { foreign } from './foreign-verbs.js'
import { type Intent, isSafe, type Vocabulary } from './intent.js'

export interface Verb {
  readonly intent: Intent
  /** Of another language than English, whose nouns then are not English either. */
  readonly isForeign: boolean
}

const english: Vocabulary = {
  read:
    'get read retrieve retreive retrive fetch lookup obtain show view describe inquire inquiry enquire enquiry inq gets ' +
    'getting download track',
  search: 'list find search query browse enumerate lists',
  /** Answer a question out of what they are given, and change nothing. */
  check:
    'check calculate calc compute estimate validate compare count export preview simulate evaluate determine echo ping ' +
    'predict forecast suggest recommend detect parse inspect exists exist locate heartbeat dummy geocode ' +
    'lint diff noop healthcheck',
  create: 'create add register open insert new place issue book record submit initiate ins upload',
  update:
    'update modify set change edit amend replace save store put upsert alter adjust rename assign write upd mod',
  delete: 'delete remove cancel close erase drop purge unregister deregister terminate destroy del',
  /** They act on what follows: `ApproveLoan` is `/loans/{loanId}/approve`. */
  action:
    'abort accept ack acknowledge acquire activate adjudicate admit advance allocate allow announce answer append ' +
    'apply appoint approve archive arrange arrest ask assemble assess associate assure attach attest audit ' +
    'authenticate authorise authorize avoid await award backup ban bill bind block boost broadcast buffer build burn ' +
    'buy bypass call capture cast charge checkin checkout claim clear clone collect combine commit compensate compile ' +
    'complete compose compress confirm connect consolidate consume convert copy correct credit cut deactivate deal ' +
    'debit decide declare decline decode decrease decrement decrypt deduct defer define delay delegate deliver demote ' +
    'deny deploy deposit deprovision dequeue derive detach dial disable disburse discard discharge disconnect dismiss ' +
    'dispatch dispense display dispute dissociate distribute divert draw duplicate eject elevate enable encode ' +
    'encrypt end endorse enforce enqueue enrol enroll ensure enter escalate establish exchange exclude exec execute ' +
    'exempt expand expire expose extend extract fail file fill filter finalise finalize finish fire fix flag flip ' +
    'flush follow force forget forward freeze fulfil fulfill fund gather generate give grant group guarantee handle ' +
    'hang hide hold identify ignore impersonate implement import include increase increment index indicate inform ' +
    'init initialise initialize inject install instruct insure intercept interrupt invalidate invite invoke join kick ' +
    'kill label launch leave lend lift limit link liquidate listen load lock log login logoff logon logout lower mail ' +
    'maintain make manage map mark mask match merge migrate mirror mix monitor mount move mute nominate normalise ' +
    'normalize notify nullify offer offset opt optimise optimize order override pack park parse pass pause pay ' +
    'perform permit persist pick pin plan play poll pop populate post postpone prefer prepare present print ' +
    'prioritise prioritize process produce promote propose protect prove provide provision publish pull punch ' +
    'purchase push qualify quarantine quit quote raise rank rate reach reactivate reassign rebook reboot rebuild ' +
    'recalculate recall receive reclaim recognise recognize recompute reconcile reconnect reconsider recover recreate ' +
    'redeem redeliver redirect redo reduce refer refill refine reformat refresh refund refuse regenerate reindex ' +
    'reinstate reissue reject rejoin relate relaunch relay release reload relocate rematch remind remit renew reopen ' +
    'reorder repair repeat replay replicate reply report repost reprint reprocess republish request requeue ' +
    'reschedule resend reserve reset resign resize resolve restart restore restrict resubmit resume resync retain ' +
    'retire retry return reuse revalidate reverse revert review revise revoke reward ring roll rollback rotate route ' +
    'run sanction scan schedule score scrap screen seal secure seize select sell send separate serve settle shape ' +
    'share shelve shift ship shred shutdown sign signal signin signoff signon signout signup skip snooze solve sort ' +
    'spend split sponsor stage stamp standardise standardize star start stash stop stream strip subscribe substitute ' +
    'subtract sum supply support surrender suspend swap sweep switch sync synchronise synchronize tag take tell ' +
    'tender test throttle toggle touch trade train transcode transfer transform transition translate transmit ' +
    'transport trash trigger trim trust try tune turn unarchive unassign unban unbind unblock undelete undeploy undo ' +
    'unenroll unflag unfollow unfreeze unhide uninstall unlink unload unlock unmark unmount unmute unpack unpark ' +
    'unpin unpublish unreserve unsubscribe unsuspend untag unwatch upgrade use value verify void vote waive ' +
    'wake warn watch wipe withdraw withhold wrap zip commence customize do encash manifest label void greet hire ' +
    'onboard preauthorize reauthorize recharge repay rerun say setup sideload summon swipe topup transact unassociate unenrol unmap unsign untie',
}

const verbs: ReadonlyMap<string, Verb> = new Map(
  [...foreign, english].flatMap((vocabulary) =>
    Object.entries(vocabulary).flatMap(([intent, words]) =>
      words
        .split(' ')
        .map((word) => [word, { intent: intent as Intent, isForeign: vocabulary !== english }] as const),
    ),
  ),
)

/** @param word in lower-case ASCII */
export function verbOf(word: string): Verb | undefined {
  return verbs.get(word) ?? repeated(word)
}

const noRepeats = new Set('research remark preset reform resell recount rebate resource prefix'.split(' '))

/** `relist`, `unhold`, `prebook`: what is done again, undone or done before. */
function repeated(word: string): Verb | undefined {
  const [, rest = ''] = /^(?:re|un|pre)([a-z]{3,})$/.exec(word) ?? []
  const verb = noRepeats.has(word) ? undefined : verbs.get(rest)
  return verb && !verb.isForeign ? { intent: 'action', isForeign: false } : undefined
}

const nounsToo = new Set(
  (
    'associate block book claim copy count deal debit delay delegate deposit discharge dispatch display dispute duplicate ' +
    'estimate export extend import issue link list load lock new notify open order place post print process publish ' +
    'receive record refill refund relay release repair repeat replay report reprint request reserve reset retain return ' +
    'reverse review reward run set share sign start stop store test transfer use view void write alta baja lista track ' +
    'diff preview forecast heartbeat ins mod change close lease setup topup kontrola cria rate rank index supply file group'
  ).split(' '),
)

/** A noun far more often than a verb, where a name begins with it: `OrderSearch`, but `ReportFault`. */
const nounsFirst = new Set(
  (
    'award bill book charge claim credit deposit estimate group invoice issue message offer order payment permit purchase ' +
    'quote record refund report request return review store trade transfer visit contact document file image link log market ' +
    'project score seat service stream tag tax label address access account balance lease plan price stock'
  ).split(' '),
)

/** What makes verbs of verbs and adjectives: `deactivate`, `unblock`, `authorise`. */
const verbLike = /(?:ate|i[sz]e|ify)$|^(?:re|un|de|dis)/

const atEnd = new Set(
  (
    'accept acknowledge activate approve archive attach authorise authorize block calculate calc capture check clear compute ' +
    'confirm convert download eject execute finish freeze generate grant init invoke login logout merge notify pause pay ' +
    'perform ping prepare process renew reopen schedule send settle subscribe suspend sync transform upload verify withdraw ' +
    'exists exist heartbeat validate echo dummy refund test reset refresh import submit reverse lookup transfer change cancel close'
  ).split(' '),
)

/** Is it a verb although something stands before it? `CustomerSearch`, but not `DocumentSet`. */
export function isVerbAtEnd(word: string): boolean {
  const verb = verbOf(word)
  if (!verb) return false
  if (word === 'list' || word === 'notify' || atEnd.has(word)) return true
  if (nounsToo.has(word)) return false
  return verb.isForeign || verb.intent !== 'action' || verbLike.test(word)
}

/** Is it a verb in the midst of a name, whatever stands around it? `FEParamGetTiposIva`, but not `BlackListCustomer`. */
export function isVerbInside(word: string): boolean {
  return /^(?:get|find|retrieve|create|update|delete|remove)$/.test(word)
}

/** Does a name that begins with it and ends with another verb say what the other is about? `ClaimSearch`. */
export function isNounFirst(word: string): boolean {
  return nounsFirst.has(word)
}

/** A verb that is not a noun as well, of what is not a read: `delete`, but not `order`. */
export function isWrite(word: string): boolean {
  const verb = verbOf(word)
  return verb !== undefined && !isSafe(verb.intent) && !nounsToo.has(word)
}
