// What the registries know, and who may read it.
import { Fault } from '../support.mjs'

const patients = {
  'P-1001': {
    name: 'Maren Holt',
    born: '1958-03-14',
    conditions: [
      ['I10', 'Essential hypertension'],
      ['E11', 'Type 2 diabetes'],
    ],
    medications: [['Metformin', '500 mg, twice a day']],
    allergies: ['Penicillin'],
    documents: [
      ['D-17', 'Discharge letter', '2026-02-11'],
      ['D-21', 'Laboratory report', '2026-03-02'],
    ],
    readers: ['okafor'],
  },
  'P-1002': {
    name: 'Tom Breuer',
    born: '1990-11-30',
    ...{ conditions: [], medications: [], allergies: [] },
    documents: [['D-30', 'Vaccinations', '2025-10-08']],
    readers: ['lindqvist'],
  },
}

/** Whether there is none is not told to those who may not read it. */
function readable(found, caller, namespace) {
  if (found?.readers.includes(caller)) return found
  throw new Fault('e:Client', 'Access denied', `<AccessDenied xmlns="${namespace}"/>`)
}

/** @throws Fault AccessDenied */
export const patientFor = (caller, id) => readable(patients[id], caller, 'urn:example:registry')

/** The lines of a document. @throws Fault AccessDenied */
export function documentFor(caller, id) {
  const holds = ({ documents }) => documents.some(([each]) => each === id)
  const found = Object.values(patients).find(holds)
  const { name, documents } = readable(found, caller, 'urn:example:repository')
  return [documents.find(([each]) => each === id)[1], name, id]
}
