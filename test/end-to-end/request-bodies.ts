// Request bodies that the simulated backends take; callers change one place each.
export const eur = (value: string) => ({ value, currency: 'EUR' })
const creditor = { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' }
let instructions = 0
export const payment = (change: object) => ({
  instructionId: `FAULT-${++instructions}`,
  debtorAccountId: 'AC-00000101',
  creditor,
  amount: eur('1.00'),
  ...change,
})
export const terms = (change: object = {}) => ({
  creditor,
  amount: eur('845.00'),
  frequency: 'MNTH',
  firstExecutionDate: '2999-01-31',
  finalExecutionDate: null,
  ...change,
})
export const application = (change: object) => ({
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
export const patient = (change: object = {}) => ({
  names: [{ given: ['Nova'], family: 'Newcomer' }],
  gender: 'F',
  birthDate: '2001-01-01',
  ...change,
})
export const observation = (change: object = {}) => ({
  category: 'laboratory',
  status: 'final',
  code: { code: '2823-3', codeSystem: '2.16.840.1.113883.6.1' },
  effectiveTime: '2024-05-17T08:15:00Z',
  valueText: 'x',
  ...change,
})
export const document = (change: object = {}) => ({
  mediaType: 'text/plain',
  type: { code: '18842-5', codeSystem: '2.16.840.1.113883.6.1' },
  title: 'Letter',
  authoredOn: '2024-05-17T16:05:00Z',
  content: 'QQ==',
  ...change,
})
export const eligibility = {
  serviceDate: '2024-05-17',
  serviceType: { code: '33', codeSystem: '2.999.30.1' },
}
