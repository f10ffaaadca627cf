/** A request that succeeds, at its place in the walkthrough. */
export interface Step {
  readonly operationId: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below /v1; `*` stands for the last Location. */
  readonly path: string
  readonly body?: object
  readonly status: number
}

const eur = (value: string) => ({ value, currency: 'EUR' })
const creditor = { name: 'Harbour Row Lettings', iban: 'XK051212012345678906', bic: 'HARBXKPR' }
const terms = {
  creditor,
  amount: eur('845.00'),
  frequency: 'QURT',
  firstExecutionDate: '2999-01-31',
  finalExecutionDate: '3000-01-31',
  reference: 'Rent',
}
const address = { lines: ['7 Lantern Street'], town: 'Fernhill', postCode: '00417', country: 'IE' }
const patient = {
  names: [{ use: 'official', prefixes: ['Dr'], given: ['Nova'], family: 'Newcomer', suffixes: ['jr'] }],
  gender: 'UN',
  birthDate: '2001-01-01',
  multipleBirthOrder: null,
  generalPractitioner: null,
}
const mortgage = {
  type: 'mortgage',
  product: 'MGHOME20',
  applicants: [
    {
      person: {
        customerNumber: 'C000000101',
        givenName: 'Ada',
        familyName: 'Fernsby',
        birthDate: '1988-02-29',
        address,
        employment: 'employed',
      },
    },
  ],
  amount: eur('240000.00'),
  termMonths: 300,
  monthlyIncome: eur('6100.00'),
  property: {
    address,
    marketValue: eur('315000.00'),
    livingArea: '104.5',
    energyClass: 'B',
    yearBuilt: '1998',
  },
  ownFunds: eur('75000.00'),
}
const step = (
  operationId: string,
  method: Step['method'],
  path: string,
  body?: object,
  status = 200,
): Step => ({
  operationId,
  method,
  path,
  ...(body && { body }),
  status,
})

/** Every operation at least once, with success, on fresh simulated backends. */
export const walkthrough: readonly Step[] = [
  step('getCustomer', 'GET', '/customers/C000000101'),
  step('getCustomer', 'GET', '/customers/C000000102'),
  step('updateContactDetails', 'PATCH', '/customers/C000000103/contact-details', { emailAddress: null }),
  step('listAccounts', 'GET', '/customers/C000000101/accounts?status=OPEN'),
  step(
    'openAccount',
    'POST',
    '/customers/C000000102/accounts',
    { accountType: 'SAVINGS', currency: 'EUR' },
    201,
  ),
  step('getAccount', 'GET', '*'),
  step('closeAccount', 'DELETE', '*', undefined, 204),
  step('getAccount', 'GET', '/accounts/AC-00000101'),
  step('listBalances', 'GET', '/accounts/AC-00000101/balances'),
  step('listTransactions', 'GET', '/accounts/AC-00000101/transactions?limit=200'),
  step('getTransaction', 'GET', '/accounts/AC-00000101/transactions/9007199254740993'),
  step(
    'createPayment',
    'POST',
    '/payments',
    {
      instructionId: 'WALK-1',
      debtorAccountId: 'AC-00000101',
      creditor,
      amount: eur('1.00'),
      requestedExecutionDate: '2999-01-01',
      remittanceLines: ['Rent'],
    },
    201,
  ),
  step('getPayment', 'GET', '*'),
  step('listPayments', 'GET', '/accounts/AC-00000101/payments'),
  step('cancelPayment', 'POST', '*/cancellation', { reason: 'DUPL' }),
  step('createStandingOrder', 'POST', '/accounts/AC-00000101/standing-orders', terms, 201),
  step('getStandingOrder', 'GET', '*'),
  step('replaceStandingOrder', 'PUT', '*', { ...terms, finalExecutionDate: null }),
  step('listStandingOrders', 'GET', '/accounts/AC-00000101/standing-orders'),
  step('cancelStandingOrder', 'DELETE', '*', undefined, 204),
  step('listLoanProducts', 'GET', '/loan-products'),
  step('createLoanApplication', 'POST', '/loan-applications', mortgage, 201),
  step('getLoanApplication', 'GET', '*'),
  step(
    'listLoanApplications',
    'GET',
    '/loan-applications?customerId=C000000101&status=received&status=approved',
  ),
  step('withdrawLoanApplication', 'DELETE', '*', undefined, 204),
  step('getLoan', 'GET', '/loans/9100000000000000017'),
  step('getLoan', 'GET', '/loans/9100000000000000018'),
  step('getLoan', 'GET', '/loans/18446744073709551615'),
  step('getRepaymentSchedule', 'GET', '/loans/9100000000000000018/repayment-schedule'),
  step('findPatients', 'GET', '/patients?family=Quill'),
  step('registerPatient', 'POST', '/patients', patient, 201),
  step('getPatient', 'GET', '*'),
  step('updatePatient', 'PUT', '*?version=1', { ...patient, deceasedDate: '2024-05' }),
  step('amendPatient', 'PATCH', '*', { languages: ['en-GB'], telecoms: null }),
  step('listObservations', 'GET', '/patients/P00000001/observations'),
  step(
    'recordObservation',
    'POST',
    '*/observations',
    {
      category: 'laboratory',
      status: 'final',
      code: { code: '2823-3', codeSystem: '2.16.840.1.113883.6.1' },
      effectiveTime: '2024-05-17T08:15:00+01:00',
      valueQuantity: { value: '6.10', unit: 'mmol/L' },
    },
    201,
  ),
  step('deactivatePatient', 'DELETE', '*', undefined, 204),
  step('getPatient', 'GET', '/patients/P00000001'),
  step('listCoverages', 'GET', '/patients/P00000001/coverages'),
  step(
    'checkEligibility',
    'POST',
    '/patients/P00000001/coverages/CV-000001/eligibility-checks',
    { serviceDate: '2024-05-17', serviceType: { code: '33', codeSystem: '2.999.30.1' } },
    201,
  ),
  step('listDocuments', 'GET', '/patients/P00000001/documents'),
  step(
    'submitDocument',
    'POST',
    '/patients/P00000001/documents',
    {
      mediaType: 'text/plain',
      type: { code: '18842-5', codeSystem: '2.16.840.1.113883.6.1' },
      title: 'Letter',
      authoredOn: '2024-05-17T16:05:00+01:00',
      content: 'QQ==',
    },
    201,
  ),
  step('getDocument', 'GET', '*'),
]
