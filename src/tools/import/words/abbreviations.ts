/* Words that names cut short, where each stands for one thing whatever the service is about. In lower-case ASCII. */

const everywhere: ReadonlyMap<string, string> = new Map(
  Object.entries({
    acct: 'account',
    addr: 'address',
    cust: 'customer',
    dept: 'department',
    emp: 'employee',
    grp: 'group',
    mgr: 'manager',
    msg: 'message',
    msgs: 'messages',
    pkg: 'package',
    pmt: 'payment',
    trx: 'transaction',
    txn: 'transaction',
    usr: 'user',
  }),
)

/** Before `Id` and the like alone; by themselves they may be other words. */
const inIdentifiers: ReadonlyMap<string, string> = new Map(
  Object.entries({
    acc: 'account',
    cat: 'category',
    doc: 'document',
    loc: 'location',
    ord: 'order',
    prod: 'product',
    proj: 'project',
    trans: 'transaction',
  }),
)

/** `cust` is a customer. */
export function inFull(word: string): string {
  return everywhere.get(word) ?? word
}

/** The same in the name of an identifier: `prodId`. */
export function inFullBeforeId(word: string): string {
  return inIdentifiers.get(word) ?? inFull(word)
}
