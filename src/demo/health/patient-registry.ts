import { type DemoBackend, startSoapServer } from '../soap-server.js'
import { ClinicalArchive } from './clinical-archive.js'
import { EligibilityDesk } from './eligibility-desk.js'
import { PatientIndex } from './patient-index.js'

export interface PatientRegistryOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly listenPort?: number
}

/**
 * A patient registry in memory, behind wsdl/health/patient-registry.wsdl. Its state lives as long as the server.
 *
 * Seeds: patients P00000001 to P00000004, P00000008 (out of use) and P00000009 (merged into P00000001); coverages
 * CV-000001 (pays), CV-000002 (ended in 2014) of P00000001 and CV-000003 (no response yet) of P00000003; four
 * observations and a document of P00000001; a document of P00000004.
 *
 * | fault               | is answered to                                                                      |
 * | ------------------- | ----------------------------------------------------------------------------------- |
 * | PatientNotFound     | an unknown patient; P00000009, with the surviving patient                           |
 * | AccessDenied        | reading P00000004, or a document of theirs, for another purpose than ETREAT         |
 * | DuplicatePatient    | registering family name, day of birth and gender of a patient in use                |
 * | InvalidDemographics | a search without family name and identifier; a birth in the future; a digit in a    |
 * |                     | family name; an e-mail address without @ in an amendment                            |
 * | ConcurrentUpdate    | an expected version that is not the current one (seeds have 1)                      |
 * | PatientInactive     | writing to P00000008                                                                |
 * | CoverageNotFound    | a coverage that the patient does not have                                           |
 * | ObservationRejected | an observation in the future                                                        |
 * | DocumentNotFound    | an unknown document                                                                 |
 * | DocumentRejected    | content that is empty, or has another hash than the given one                       |
 *
 * @throws Error where the TCP port is taken
 */
export async function startPatientRegistry(options: PatientRegistryOptions = {}): Promise<DemoBackend> {
  const patients = new PatientIndex()
  const desk = new EligibilityDesk(patients)
  const archive = new ClinicalArchive(patients)
  const server = await startSoapServer({
    wsdlPath: new URL('../../../wsdl/health/patient-registry.wsdl', import.meta.url),
    soapVersion: '1.2',
    service: 'PatientRegistryService',
    port: 'PatientRegistryPort',
    path: '/patient-registry',
    ...(options.listenPort !== undefined && { listenPort: options.listenPort }),
    operations: {
      FindPatients: patients.findPatients,
      GetPatient: patients.getPatient,
      RegisterPatient: patients.registerPatient,
      UpdatePatient: patients.updatePatient,
      AmendPatient: patients.amendPatient,
      DeactivatePatient: patients.deactivatePatient,
      ListCoverages: desk.listCoverages,
      CheckEligibility: desk.checkEligibility,
      ListObservations: archive.listObservations,
      RecordObservation: archive.recordObservation,
      ListDocuments: archive.listDocuments,
      GetDocument: archive.getDocument,
      SubmitDocument: archive.submitDocument,
    },
  })
  return { name: 'patient-registry', ...server }
}
