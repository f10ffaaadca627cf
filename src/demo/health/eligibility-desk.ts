import { element, type Markup, text } from '../markup.js'
import { Message } from '../message.js'
import { coverageNotFound } from './faults.js'
import { dayOf, now, type PatientIndex } from './patient-index.js'
import { coverageSeeds } from './patient-seeds.js'
import { codedValue, copy, healthNamespaces } from './types.js'

type Coverage = (typeof coverageSeeds)[number]

/** Insurances and what they pay for. */
export class EligibilityDesk {
  #checks = 0

  constructor(private readonly patients: PatientIndex) {}

  readonly listCoverages = (input: Message): Markup => {
    const { id } = this.patients.require(input)
    const own = coverageSeeds.filter((coverage) => coverage.patientId === id)
    return element('msg:ListCoveragesResponse', healthNamespaces, own.map(writeCoverage))
  }

  readonly checkEligibility = (input: Message): Markup => {
    const { id } = this.patients.require(input)
    const coverageId = input.value('CoverageId')
    const coverage = coverageSeeds.find((each) => each.id === coverageId && each.patientId === id)
    if (!coverage) throw coverageNotFound(coverageId)
    const serviceDate = input.value('ServiceDate')
    const checkId = `EC-${String(++this.#checks).padStart(8, '0')}`
    return element('msg:CheckEligibilityResponse', healthNamespaces, [
      element('msg:Result', {}, [
        element('cov:CheckId', {}, text(checkId)),
        element('cov:CheckedAt', {}, text(now())),
        element('cov:ServiceDate', {}, text(serviceDate)),
        result(coverage, dayOf(serviceDate)),
      ]),
    ])
  }
}

function result(coverage: Coverage, day: string): Markup {
  const ended = coverage.end !== undefined && day > dayOf(coverage.end)
  if (ended || day < dayOf(coverage.start)) {
    const reason = {
      Reason: { attributes: { code: '27', codeSystem: '2.999.30.2', displayName: 'Outside of the period' } },
    }
    return element('cov:Ineligible', {}, copy(new Message(reason), 'Reason', 'cov', codedValue))
  }
  if (coverage.answer === 'undetermined') {
    return element('cov:Undetermined', {}, [
      element('cov:AskAgainAfter', {}, text('PT15M')),
      element('cov:Note', {}, text('The payer has not answered yet.')),
    ])
  }
  return element('cov:Eligible', {}, [
    element('cov:CoveredPercent', {}, text('80.00')),
    money('cov:Copayment', coverage.copayment),
    element('cov:RemainingBenefit', { 'xsi:nil': 'true' }),
    element('cov:AuthorizationRequired', {}, text('false')),
  ])
}

function writeCoverage(coverage: Coverage): Markup {
  return element('msg:Coverage', { priority: coverage.priority }, [
    element('cov:CoverageId', {}, text(coverage.id)),
    element('cov:Payer', {}, [
      element('cov:Name', {}, text(coverage.payer)),
      element('cov:PayerId', {}, text(coverage.payerId)),
    ]),
    element('cov:MemberId', { assigningAuthority: coverage.payerId, type: 'MB' }, text(coverage.memberId)),
    element('cov:PlanName', {}, text(coverage.plan)),
    element('cov:Period', {}, [
      element('dt:Start', {}, text(coverage.start)),
      coverage.end === undefined ? undefined : element('dt:End', {}, text(coverage.end)),
    ]),
    money('cov:Copayment', coverage.copayment),
  ])
}

function money(name: string, amount: string | undefined): Markup | undefined {
  return amount === undefined ? undefined : element(name, { currency: 'GBP' }, text(amount))
}
