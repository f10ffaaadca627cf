import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { annotatedOperations, readContract } from '../oracle/contracts.js'
import { deploy, type Deployment } from './deployment.js'

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy()
})

afterAll(() => deployment.close())

const eur = (value: string) => ({ value, currency: 'EUR' })
const creditor = { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' }
let instructions = 0
const payment = (change: object) => ({
  instructionId: `FAULT-${++instructions}`,
  debtorAccountId: 'AC-00000101',
  creditor,
  amount: eur('1.00'),
  ...change,
})
const terms = (change: object = {}) => ({
  creditor,
  amount: eur('845.00'),
  frequency: 'MNTH',
  firstExecutionDate: '2999-01-31',
  finalExecutionDate: null,
  ...change,
})
const application = (change: object) => ({
  type: 'consumer',
  product: 'CLFLEX',
  applicants: [
    {
      company: {
        legalName: 'Tidewater',
        lei: null,
        address: { lines: ['1'], town: 'Fernhill', postCode: '1', country: 'IE' },
      },
    },
  ],
  amount: eur('4000.00'),
  termMonths: 24,
  monthlyIncome: eur('9000.00'),
  purpose: 'travel',
  ...change,
})
const patient = (change: object = {}) => ({
  names: [{ given: ['Nova'], family: 'Newcomer' }],
  gender: 'F',
  birthDate: '2001-01-01',
  ...change,
})
const observation = (change: object = {}) => ({
  category: 'laboratory',
  status: 'final',
  code: { code: '2823-3', codeSystem: '2.16.840.1.113883.6.1' },
  effectiveTime: '2024-05-17T08:15:00Z',
  valueText: 'x',
  ...change,
})
const document = (change: object = {}) => ({
  mediaType: 'text/plain',
  type: { code: '18842-5', codeSystem: '2.16.840.1.113883.6.1' },
  title: 'Letter',
  authoredOn: '2024-05-17T16:05:00Z',
  content: 'QQ==',
  ...change,
})
const eligibility = { serviceDate: '2024-05-17', serviceType: { code: '33', codeSystem: '2.999.30.1' } }

const noCustomer = { code: 'CU01', customerId: 'C999999999' }
const noAccount = { code: 'AC01', accountId: 'AC-99999999' }
const closedAccount = { code: 'AC04', accountId: 'AC-00000103', closedOn: '2025-06-30' }
const noPayment = { code: 'PY01', paymentId: 'PMT-9999999999' }
const noOrder = { code: 'SO01', standingOrderId: 'SO-99999999' }
const noLoan = { code: 'LN01', loanNumber: '9007199254740993' }
const noApplication = { code: 'LA01', applicationNumber: 'LA-1999-000001' }
const noPatient = { code: 'PR-0404', patientId: 'P99999999' }
const inactive = { code: 'PR-2409', inactiveSince: '2023-10-29T02:30:00+01:00' }
const denied = { code: 'PR-0403', confidentiality: { code: 'V' }, permittedPurposes: ['ETREAT'] }
const broken = (field: string) => ({ code: 'FF01', violations: [{ field }] })
const issue = (code: string, element: string) => ({ code, issues: [{ element, severity: 'error' }] })

type Case = readonly [
  operationId: string,
  fault: string,
  method: 'get' | 'post' | 'put' | 'patch' | 'delete',
  path: string,
  body: object | undefined,
  detail: object,
]

const cases: readonly Case[] = [
  ['getCustomer', 'CustomerNotFoundFault', 'get', '/customers/C999999999', undefined, noCustomer],
  [
    'updateContactDetails',
    'CustomerNotFoundFault',
    'patch',
    '/customers/C999999999/contact-details',
    { emailAddress: null },
    noCustomer,
  ],
  [
    'updateContactDetails',
    'InvalidRequestFault',
    'patch',
    '/customers/C000000101/contact-details',
    { emailAddress: 'a@invalid.example' },
    broken('Change/EmailAddress'),
  ],
  ['listAccounts', 'CustomerNotFoundFault', 'get', '/customers/C999999999/accounts', undefined, noCustomer],
  [
    'openAccount',
    'CustomerNotFoundFault',
    'post',
    '/customers/C999999999/accounts',
    { accountType: 'SAVINGS', currency: 'EUR' },
    noCustomer,
  ],
  [
    'openAccount',
    'LimitExceededFault',
    'post',
    '/customers/C000000103/accounts',
    { accountType: 'SAVINGS', currency: 'EUR' },
    { code: 'AM02', limitType: 'ACCOUNTS', limit: '5', currency: null },
  ],
  [
    'openAccount',
    'InvalidRequestFault',
    'post',
    '/customers/C000000102/accounts',
    { accountType: 'SAVINGS', currency: 'GBP' },
    broken('Currency'),
  ],
  ['getAccount', 'AccountNotFoundFault', 'get', '/accounts/AC-99999999', undefined, noAccount],
  ['closeAccount', 'AccountNotFoundFault', 'delete', '/accounts/AC-99999999', undefined, noAccount],
  ['closeAccount', 'AccountClosedFault', 'delete', '/accounts/AC-00000103', undefined, closedAccount],
  [
    'closeAccount',
    'AccountNotEmptyFault',
    'delete',
    '/accounts/AC-00000102?reason=DECEASED',
    undefined,
    { code: 'AC14', balance: '10000.00', currency: 'EUR' },
  ],
  ['listBalances', 'AccountNotFoundFault', 'get', '/accounts/AC-99999999/balances', undefined, noAccount],
  ['listBalances', 'AccountClosedFault', 'get', '/accounts/AC-00000103/balances', undefined, closedAccount],
  [
    'listTransactions',
    'AccountNotFoundFault',
    'get',
    '/accounts/AC-99999999/transactions',
    undefined,
    noAccount,
  ],
  [
    'listTransactions',
    'InvalidRequestFault',
    'get',
    '/accounts/AC-00000101/transactions?from=2026-02-01&to=2026-01-01',
    undefined,
    broken('Period/ToDate'),
  ],
  [
    'getTransaction',
    'AccountNotFoundFault',
    'get',
    '/accounts/AC-99999999/transactions/1',
    undefined,
    noAccount,
  ],
  ['listPayments', 'AccountNotFoundFault', 'get', '/accounts/AC-99999999/payments', undefined, noAccount],
  [
    'listPayments',
    'InvalidRequestFault',
    'get',
    '/accounts/AC-00000101/payments?after=nowhere',
    undefined,
    broken('Paging/StartAfter'),
  ],
  [
    'createPayment',
    'AccountNotFoundFault',
    'post',
    '/payments',
    payment({ debtorAccountId: 'AC-99999999' }),
    noAccount,
  ],
  [
    'createPayment',
    'AccountClosedFault',
    'post',
    '/payments',
    payment({ debtorAccountId: 'AC-00000103' }),
    closedAccount,
  ],
  [
    'createPayment',
    'DuplicatePaymentFault',
    'post',
    '/payments',
    payment({ instructionId: 'SEED-1' }),
    { code: 'AM05', instructionId: 'SEED-1', originalPaymentId: 'PMT-0000000001' },
  ],
  [
    'createPayment',
    'InsufficientFundsFault',
    'post',
    '/payments',
    payment({ debtorAccountId: 'AC-00000104', amount: eur('1.5') }),
    { code: 'AM04', available: eur('0.00'), requested: eur('1.50') },
  ],
  [
    'createPayment',
    'LimitExceededFault',
    'post',
    '/payments',
    payment({ amount: eur('5000.01') }),
    { code: 'AM02', limitType: 'PAYMENT', limit: '5000.00', currency: 'EUR' },
  ],
  [
    'createPayment',
    'InvalidRequestFault',
    'post',
    '/payments',
    payment({
      debtorAccountId: 'AC-00000106',
      requestedExecutionDate: '2001-01-01',
      amount: { value: '1', currency: 'GBP' },
    }),
    {
      code: 'FF01',
      violations: [
        { field: 'Instruction/DebtorAccountId' },
        { field: 'Instruction/Amount/@Ccy' },
        { field: 'Instruction/RequestedExecutionDate' },
      ],
    },
  ],
  ['getPayment', 'PaymentNotFoundFault', 'get', '/payments/PMT-9999999999', undefined, noPayment],
  [
    'cancelPayment',
    'PaymentNotFoundFault',
    'post',
    '/payments/PMT-9999999999/cancellation',
    { reason: 'CUST' },
    noPayment,
  ],
  [
    'cancelPayment',
    'PaymentNotCancellableFault',
    'post',
    '/payments/PMT-0000000001/cancellation',
    { reason: 'CUST' },
    { code: 'PY09', status: 'ACSC' },
  ],
  [
    'listStandingOrders',
    'AccountNotFoundFault',
    'get',
    '/accounts/AC-99999999/standing-orders',
    undefined,
    noAccount,
  ],
  [
    'createStandingOrder',
    'AccountNotFoundFault',
    'post',
    '/accounts/AC-99999999/standing-orders',
    terms(),
    noAccount,
  ],
  [
    'createStandingOrder',
    'AccountClosedFault',
    'post',
    '/accounts/AC-00000103/standing-orders',
    terms(),
    closedAccount,
  ],
  [
    'createStandingOrder',
    'InvalidRequestFault',
    'post',
    '/accounts/AC-00000101/standing-orders',
    terms({ firstExecutionDate: '2001-01-01', finalExecutionDate: '2000-01-01' }),
    { violations: [{ field: 'Terms/FirstExecutionDate' }, { field: 'Terms/FinalExecutionDate' }] },
  ],
  [
    'getStandingOrder',
    'StandingOrderNotFoundFault',
    'get',
    '/standing-orders/SO-99999999',
    undefined,
    noOrder,
  ],
  [
    'replaceStandingOrder',
    'StandingOrderNotFoundFault',
    'put',
    '/standing-orders/SO-99999999',
    terms(),
    noOrder,
  ],
  [
    'replaceStandingOrder',
    'InvalidRequestFault',
    'put',
    '/standing-orders/SO-00000002',
    terms(),
    broken('StandingOrderId'),
  ],
  [
    'cancelStandingOrder',
    'StandingOrderNotFoundFault',
    'delete',
    '/standing-orders/SO-99999999',
    undefined,
    noOrder,
  ],
  [
    'createLoanApplication',
    'ProductNotFoundFault',
    'post',
    '/loan-applications',
    application({ product: 'XX99' }),
    { code: 'LP01', product: 'XX99' },
  ],
  [
    'createLoanApplication',
    'AmountOutOfRangeFault',
    'post',
    '/loan-applications',
    application({ amount: eur('30000.01') }),
    { code: 'LA03', minimum: eur('500.00'), maximum: eur('30000.00') },
  ],
  [
    'createLoanApplication',
    'NotEligibleFault',
    'post',
    '/loan-applications',
    application({ termMonths: 85, monthlyIncome: eur('0') }),
    { code: 'LA04', criteria: ['A term of 6 to 84 months', 'A regular income'] },
  ],
  [
    'createLoanApplication',
    'ApplicationInvalidFault',
    'post',
    '/loan-applications',
    application({ product: 'MGHOME20' }),
    { code: 'LA02', expected: 'mortgage' },
  ],
  [
    'getLoanApplication',
    'ApplicationNotFoundFault',
    'get',
    '/loan-applications/LA-1999-000001',
    undefined,
    noApplication,
  ],
  [
    'withdrawLoanApplication',
    'ApplicationNotFoundFault',
    'delete',
    '/loan-applications/LA-1999-000001',
    undefined,
    noApplication,
  ],
  ['getLoan', 'LoanNotFoundFault', 'get', '/loans/9007199254740993', undefined, noLoan],
  [
    'getRepaymentSchedule',
    'LoanNotFoundFault',
    'get',
    '/loans/9007199254740993/repayment-schedule',
    undefined,
    noLoan,
  ],
  [
    'findPatients',
    'InvalidDemographicsFault',
    'get',
    '/patients?given=Odette',
    undefined,
    issue('PR-0422', 'Query'),
  ],
  [
    'registerPatient',
    'DuplicatePatientFault',
    'post',
    '/patients',
    patient({ names: [{ given: ['O'], family: 'quillfeather' }], birthDate: '1984-02-29' }),
    { code: 'PR-0409', candidates: [{ patientId: 'P00000001', score: 0.95 }] },
  ],
  [
    'registerPatient',
    'InvalidDemographicsFault',
    'post',
    '/patients',
    patient({ names: [{ given: ['O'], family: 'R2D2' }], birthDate: '2999-01-01' }),
    {
      code: 'PR-0422',
      issues: [
        { element: 'Patient/Demographics/BirthDate' },
        { element: 'Patient/Demographics/Name/Family' },
      ],
    },
  ],
  [
    'getPatient',
    'PatientNotFoundFault',
    'get',
    '/patients/P00000009',
    undefined,
    { code: 'PR-0404', survivingPatientId: 'P00000001' },
  ],
  ['getPatient', 'AccessDeniedFault', 'get', '/patients/P00000004', undefined, denied],
  ['updatePatient', 'PatientNotFoundFault', 'put', '/patients/P99999999?version=1', patient(), noPatient],
  [
    'updatePatient',
    'ConcurrentUpdateFault',
    'put',
    '/patients/P00000001?version=7',
    patient(),
    { code: 'PR-1409', expectedVersion: 7, currentVersion: 1 },
  ],
  ['updatePatient', 'PatientInactiveFault', 'put', '/patients/P00000008?version=1', patient(), inactive],
  [
    'updatePatient',
    'InvalidDemographicsFault',
    'put',
    '/patients/P00000001?version=1',
    patient({ birthDate: '2999-01-01' }),
    issue('PR-0422', 'Patient/Demographics/BirthDate'),
  ],
  ['amendPatient', 'PatientNotFoundFault', 'patch', '/patients/P99999999', { languages: null }, noPatient],
  [
    'amendPatient',
    'ConcurrentUpdateFault',
    'patch',
    '/patients/P00000001?version=7',
    { languages: null },
    { expectedVersion: 7 },
  ],
  ['amendPatient', 'PatientInactiveFault', 'patch', '/patients/P00000008', { languages: null }, inactive],
  [
    'amendPatient',
    'InvalidDemographicsFault',
    'patch',
    '/patients/P00000001',
    { telecoms: [{ system: 'email', value: 'nowhere' }] },
    issue('PR-0422', 'Amendment/TelecomList/Telecom'),
  ],
  ['deactivatePatient', 'PatientNotFoundFault', 'delete', '/patients/P99999999', undefined, noPatient],
  ['deactivatePatient', 'PatientInactiveFault', 'delete', '/patients/P00000008', undefined, inactive],
  ['listCoverages', 'PatientNotFoundFault', 'get', '/patients/P99999999/coverages', undefined, noPatient],
  [
    'checkEligibility',
    'PatientNotFoundFault',
    'post',
    '/patients/P99999999/coverages/CV-000001/eligibility-checks',
    eligibility,
    noPatient,
  ],
  [
    'checkEligibility',
    'CoverageNotFoundFault',
    'post',
    '/patients/P00000001/coverages/CV-000003/eligibility-checks',
    eligibility,
    { code: 'PR-3404', coverageId: 'CV-000003' },
  ],
  [
    'listObservations',
    'PatientNotFoundFault',
    'get',
    '/patients/P99999999/observations',
    undefined,
    noPatient,
  ],
  ['listObservations', 'AccessDeniedFault', 'get', '/patients/P00000004/observations', undefined, denied],
  [
    'recordObservation',
    'PatientNotFoundFault',
    'post',
    '/patients/P99999999/observations',
    observation(),
    noPatient,
  ],
  [
    'recordObservation',
    'PatientInactiveFault',
    'post',
    '/patients/P00000008/observations',
    observation(),
    inactive,
  ],
  [
    'recordObservation',
    'ObservationRejectedFault',
    'post',
    '/patients/P00000001/observations',
    observation({ effectiveTime: '2999-01-01T00:00:00Z' }),
    { issues: [{ element: 'Observation/EffectiveTime', message: 'The observation lies in the future.' }] },
  ],
  ['listDocuments', 'PatientNotFoundFault', 'get', '/patients/P99999999/documents', undefined, noPatient],
  ['listDocuments', 'AccessDeniedFault', 'get', '/patients/P00000004/documents', undefined, denied],
  ['submitDocument', 'PatientNotFoundFault', 'post', '/patients/P99999999/documents', document(), noPatient],
  ['submitDocument', 'PatientInactiveFault', 'post', '/patients/P00000008/documents', document(), inactive],
  [
    'submitDocument',
    'DocumentRejectedFault',
    'post',
    '/patients/P00000001/documents',
    document({ sha256: '0'.repeat(64) }),
    issue('PR-2422', 'Sha256'),
  ],
  [
    'getDocument',
    'DocumentNotFoundFault',
    'get',
    '/documents/00000000-0000-4000-8000-00000000ffff',
    undefined,
    { code: 'PR-2404', documentId: '00000000-0000-4000-8000-00000000ffff' },
  ],
  [
    'getDocument',
    'AccessDeniedFault',
    'get',
    '/documents/00000000-0000-4000-8000-000000000002',
    undefined,
    denied,
  ],
]

const declared = annotatedOperations(readContract())

async function provoke(app: Deployment['app'], method: Case[2], path: string, body: Case[4]) {
  const request = supertest(app)[method](`/v1${path}`)
  return body === undefined ? request : request.send(body)
}

describe('every declared fault', () => {
  it('is provoked below, but for one that needs a withdrawn application', () => {
    const covered = new Set(cases.map(([operationId, fault]) => `${operationId} ${fault}`))
    covered.add('withdrawLoanApplication ApplicationNotWithdrawableFault')
    const all = declared.flatMap(({ operationId, faults }) =>
      Object.keys(faults).map((fault) => `${operationId} ${fault}`),
    )
    expect([...covered].sort()).toEqual(all.sort())
  })

  it.each(cases)('%s answers %s', async (operationId, fault, method, path, body, detail) => {
    const expected = declared.find((operation) => operation.operationId === operationId)?.faults[fault]
    const response = await provoke(deployment.app, method, path, body)
    expect(response.body).toMatchObject({
      type: `/problems/declared-fault#${fault}`,
      status: expected,
      code: fault,
      fault: detail,
    })
    expect(response.status).toBe(expected)
    expect(response.type).toBe('application/problem+json')
    expect((response.body as { title: string }).title).not.toBe('')
  })

  it('withdrawLoanApplication answers ApplicationNotWithdrawableFault', async () => {
    const { headers } = await provoke(deployment.app, 'post', '/loan-applications', application({}))
    const path = (headers as { location: string }).location.replace('/v1', '')
    expect((await provoke(deployment.app, 'delete', path, undefined)).status).toBe(204)
    const { status, body } = await provoke(deployment.app, 'delete', path, undefined)
    expect(body).toMatchObject({
      code: 'ApplicationNotWithdrawableFault',
      fault: { code: 'LA09', status: 'withdrawn', message: 'The application cannot be withdrawn' },
    })
    expect(status).toBe(409)
  })

  it('leaves the breakers closed', () => {
    expect(deployment.adapter.backends().map(({ breaker }) => breaker)).toEqual([
      'closed',
      'closed',
      'closed',
    ])
  })
})

describe('a fault that no contract declares', () => {
  it("is the gateway's 502, without its words", async () => {
    const { status, text, body } = await provoke(deployment.app, 'get', '/accounts/AC-00000500', undefined)
    expect(status).toBe(502)
    expect(body).toMatchObject({ code: 'backend-fault' })
    expect(text).not.toContain('Ledger')
    expect(deployment.log.text()).not.toContain('Ledger')
  })
})
