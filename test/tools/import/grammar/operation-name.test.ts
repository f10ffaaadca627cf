import { describe, expect, it } from 'vitest'
import { readOperationName } from '../../../../src/tools/import/grammar/operation-name.js'
import { isForeignName } from '../../../../src/tools/import/grammar/service-style.js'

describe('readOperationName', () => {
  it.each([
    ['GetAccount', 'read', 'get', 'account', ''],
    ['getAccountBalanceByIban', 'read', 'get', 'account balance', 'iban'],
    ['ListAllAccounts', 'search', 'list', 'accounts', ''],
    ['GetAccountList', 'search', 'get', 'account', ''],
    ['CustomerSearch', 'search', 'search', 'customer', ''],
    ['AccountInquiryRequest', 'read', 'inquiry', 'account', ''],
    ['CREATE_ORDER', 'create', 'create', 'order', ''],
    ['AddItemToOrder', 'create', 'add', 'item', 'order'],
    ['approveLoan', 'action', 'approve', 'loan', ''],
    ['Ping', 'check', 'ping', '', ''],
    ['HentPerson', 'read', 'hent', 'person', ''],
    ['hentOrdreListe', 'search', 'hent', 'ordre', ''],
    ['FECAESolicitar', 'action', 'solicitar', 'fecae', ''],
    ['Registry_FindDocuments', 'search', 'find', 'documents', ''],
    ['DocumentSet', undefined, undefined, 'document set', ''],
    ['tns:GetAccount', 'read', 'get', 'account', ''],
    ['Frobnicate', undefined, undefined, 'frobnicate', ''],
    ['OrderSearch', 'search', 'search', 'order', ''],
    ['TimeEntry_Get', 'read', 'get', 'time entry', ''],
    ['ClaimDelete', 'delete', 'delete', 'claim', ''],
    ['getNextInvoiceNumber', 'action', 'next', 'invoice number', ''],
  ])('%s', (name, intent, verb, noun, qualifier) => {
    const read = readOperationName(name)
    expect([read.intent, read.verb, read.noun.join(' '), read.qualifier.join(' ')]).toEqual([
      intent,
      verb,
      noun,
      qualifier,
    ])
  })
})

it.each([
  ...[
    'markAsRead',
    'markMessageRead',
    'flagForSearch',
    'pushToQuery',
    'toggleRead',
    'MessageRead',
    'resetSearch',
  ],
  ...['saveSearch', 'runQuery', 'StopSearch', 'submitToReview', 'BlackListCustomer', 'addToWishList'],
  ...[
    'GetAndLockOrder',
    'ReadAndDelete',
    'findOrCreateUser',
    'fetchAndMarkAsRead',
    'hentOgSlett',
    'getItemForUpdate',
  ],
  ...[
    'GetDocumentWithLock',
    'ListDelete',
    'listUpdateMember',
    'querySave',
    'FindReplace',
    'ViewCreate',
    'LookupDelete',
  ],
  ...['getNewGuid', 'GetNextId', 'loadFunds', 'LoadCard', 'selectSeat', 'PollMessages', 'popMessage'],
])('%s is not a read, which retries would repeat (RFC 9110, 9.2.1)', (name) => {
  expect(readOperationName(name).intent ?? '').not.toMatch(/^(?:read|search)$/)
})

it.each([
  'GetUpdateStatus',
  'getDeletedItems',
  'GetMarketRead',
  'ListOrders',
  'getNextPage',
  'GetReadings',
  'ShowAds',
])('%s is a read', (name) => {
  expect(readOperationName(name).intent).toMatch(/^(?:read|search)$/)
})

it.each([
  ['HentPerson', true],
  ['sendForsendelseMedId', true],
  ['GetPersonId', false],
])('%s is of another language than English: %s', (name, expected) => {
  expect(isForeignName(name)).toBe(expected)
})
