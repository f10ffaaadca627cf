// The registry: it answers what a known certificate has signed, and a caller whom the identity provider vouches for.
import { xml } from '../support.mjs'
import { callerOf, checkAge, signedParts } from './identity.mjs'
import { patientFor } from './records.mjs'
import { Fault, soapEndpoint } from './soap.mjs'

const element = (name, ...content) => `<${name}>${content.join('')}</${name}>`
const text = (name, value) => element(name, xml(value))

const operations = {
  GetSummary: (id, { name, born, conditions, medications, allergies }) => [
    ...[text('PatientId', id), text('Name', name), text('Born', born)],
    ...conditions.map(([code, about]) => element('Condition', text('Code', code), text('Text', about))),
    ...medications.map(([drug, dose]) => element('Medication', text('Name', drug), text('Dose', dose))),
    ...allergies.map((allergy) => text('Allergy', allergy)),
  ],
  FindDocuments: (id, { documents }) =>
    documents.map(([document, title, created]) =>
      element('Document', text('DocumentId', document), text('Title', title), text('Created', created)),
    ),
}

/**
 * @param facade certificate of who may sign requests, PEM
 * @param provider certificate of who may sign assertions, PEM
 * @param journal told of each access, allowed or not: who, what, whose, and the request
 */
export function createRegistry({ facade, provider, journal }) {
  return soapEndpoint((message, { headers }) => {
    const { caller, rest } = callerOf(message, provider)
    const { Body, Timestamp } = Object.assign({}, ...signedParts(message, rest, facade))
    if (!Body) throw new Fault('e:Client', 'Body must be signed.')
    checkAge(Timestamp)
    const [name] = Object.keys(Body).filter((each) => Object.hasOwn(operations, each))
    if (!name) throw new Fault('e:Client', 'There is no such operation.')
    const id = Body[name].PatientId
    journal(`${caller} asks for ${name} of ${id}, request ${headers['x-request-id']}`)
    const patient = patientFor(caller, id)
    const content = operations[name](id, patient).join('')
    return { body: `<${name}Response xmlns="urn:example:registry">${content}</${name}Response>` }
  })
}
