import { element, type Markup, text } from '../markup.js'
import { SoapFault } from '../soap-server.js'
import { healthNamespaces } from './types.js'

/** The faults that the patient registry declares, each with its detail. */

export function patientNotFound(patientId: string, survivingPatientId?: string): SoapFault {
  return fault('PatientNotFound', 'PR-0404', 'There is no such patient.', [
    child('PatientId', patientId),
    survivingPatientId === undefined ? undefined : child('SurvivingPatientId', survivingPatientId),
  ])
}

export function duplicatePatient(patientIds: readonly string[]): SoapFault {
  return fault(
    'DuplicatePatient',
    'PR-0409',
    'The registry knows this patient already.',
    patientIds.map((patientId) => element('flt:Candidate', { patientId, score: '0.95' })),
  )
}

/** Which part of the content is refused, as a path of local names, and why. */
export interface Issue {
  readonly element: string
  readonly message: string
}

export function invalidDemographics(issues: readonly Issue[]): SoapFault {
  return fault('InvalidDemographics', 'PR-0422', 'The demographics are refused.', issues.map(writeIssue))
}

export function observationRejected(issue: Issue): SoapFault {
  return fault('ObservationRejected', 'PR-1422', 'The observation is refused.', [writeIssue(issue)])
}

export function documentRejected(issue: Issue): SoapFault {
  return fault('DocumentRejected', 'PR-2422', 'The document is refused.', [writeIssue(issue)])
}

export function coverageNotFound(coverageId: string): SoapFault {
  return fault('CoverageNotFound', 'PR-3404', 'The patient has no such coverage.', [
    child('CoverageId', coverageId),
  ])
}

export function documentNotFound(documentId: string): SoapFault {
  return fault('DocumentNotFound', 'PR-2404', 'There is no such document.', [child('DocumentId', documentId)])
}

export function concurrentUpdate(expected: string, current: number): SoapFault {
  return fault('ConcurrentUpdate', 'PR-1409', 'The patient has changed since it was read.', [
    child('ExpectedVersion', expected),
    child('CurrentVersion', String(current)),
  ])
}

export function patientInactive(since: string): SoapFault {
  return fault('PatientInactive', 'PR-2409', "The patient's record is out of use.", [
    child('InactiveSince', since),
  ])
}

export function accessDenied(): SoapFault {
  return fault('AccessDenied', 'PR-0403', 'The record is restricted.', [
    element('flt:Confidentiality', {
      code: 'V',
      codeSystem: '2.16.840.1.113883.5.25',
      displayName: 'very restricted',
    }),
    child('PermittedPurpose', 'ETREAT'),
  ])
}

function child(name: string, value: string): Markup {
  return element(`flt:${name}`, {}, text(value))
}

function writeIssue(issue: Issue): Markup {
  return element('flt:Issue', { element: issue.element, severity: 'error' }, text(issue.message))
}

function fault(
  name: string,
  errorCode: string,
  reason: string,
  content: readonly (Markup | undefined)[],
): SoapFault {
  const detail = [child('ErrorCode', errorCode), child('Text', reason), ...content]
  return new SoapFault(reason, element(`flt:${name}`, healthNamespaces, detail))
}
