import { createHash, randomUUID } from 'node:crypto'
import { element, type Markup, text } from '../markup.js'
import type { Message } from '../message.js'
import { documentNotFound, documentRejected, observationRejected } from './faults.js'
import { dayOf, now, type PatientIndex } from './patient-index.js'
import { documentSeeds, observationSeeds } from './patient-seeds.js'
import { copyChildren, documentChildren, healthNamespaces, observationChildren } from './types.js'

interface Observation {
  readonly id: string
  readonly patientId: string
  readonly recordedAt: string
  readonly content: Message
}

interface ArchivedDocument {
  readonly id: string
  readonly patientId: string
  readonly description: Message
  readonly content: Buffer
}

/** Observations and documents. */
export class ClinicalArchive {
  readonly #observations: Observation[] = observationSeeds.map((seed, index) => ({
    ...seed,
    id: observationId(index + 1),
  }))
  readonly #documents = new Map<string, ArchivedDocument>(
    documentSeeds.map((seed) => [seed.id, { ...seed, content: Buffer.from(seed.content) }]),
  )

  constructor(private readonly patients: PatientIndex) {}

  readonly listObservations = (input: Message): Markup => {
    const { id } = this.patients.requireReadable(input)
    const categories = input.children('Category').map((category) => category.text.trim())
    const from = input.optional('From')
    const to = input.optional('To')
    const own = this.#observations
      .filter(({ patientId, content }) => {
        const day = dayOf(content.value('EffectiveTime'))
        return (
          patientId === id &&
          (categories.length === 0 || categories.includes(content.attribute('category') ?? '')) &&
          (from === undefined || day >= dayOf(from)) &&
          (to === undefined || day <= dayOf(to))
        )
      })
      .sort((a, b) => instantOf(b.content) - instantOf(a.content))
    const limit = Number(input.optional('MaxResults') ?? 20)
    const after = input.optional('ContinuationToken')
    const start = after === undefined ? 0 : own.findIndex((each) => each.id === after) + 1
    const page = own.slice(start, start + limit)
    const last = page.at(-1)
    return element('msg:ListObservationsResponse', healthNamespaces, [
      ...page.map(writeObservation),
      last !== undefined && start + limit < own.length
        ? element('msg:ContinuationToken', {}, text(last.id))
        : element('msg:ContinuationToken', { 'xsi:nil': 'true' }),
    ])
  }

  readonly recordObservation = (input: Message): Markup => {
    const { id } = this.patients.requireActive(input)
    const content = input.child('Observation')
    if (instantOf(content) > Date.now()) {
      throw observationRejected({
        element: 'Observation/EffectiveTime',
        message: 'The observation lies in the future.',
      })
    }
    const observation = {
      id: observationId(this.#observations.length + 1),
      patientId: id,
      recordedAt: now(),
      content,
    }
    this.#observations.push(observation)
    return element('msg:RecordObservationResponse', healthNamespaces, [writeObservation(observation)])
  }

  readonly listDocuments = (input: Message): Markup => {
    const { id } = this.patients.requireReadable(input)
    const own = [...this.#documents.values()].filter((document) => document.patientId === id)
    const list =
      own.length > 0
        ? element(
            'msg:DocumentList',
            {},
            own.map((document) => writeMetadata('msg:Document', document)),
          )
        : undefined
    return element('msg:ListDocumentsResponse', healthNamespaces, list)
  }

  readonly getDocument = (input: Message): Markup => {
    const id = input.value('DocumentId')
    const document = this.#documents.get(id)
    if (!document) throw documentNotFound(id)
    const patient = this.patients.byId(document.patientId)
    if (patient) this.patients.allow(input, patient)
    return element('msg:GetDocumentResponse', healthNamespaces, [
      element('msg:PatientId', {}, text(document.patientId)),
      writeMetadata('msg:Metadata', document),
      element('msg:Content', {}, text(document.content.toString('base64'))),
    ])
  }

  readonly submitDocument = (input: Message): Markup => {
    const { id } = this.patients.requireActive(input)
    const content = Buffer.from(input.value('Content'), 'base64')
    const expected = input.optional('Sha256')
    if (content.length === 0)
      throw documentRejected({ element: 'Content', message: 'The document has no content.' })
    if (expected !== undefined && expected.toUpperCase() !== sha256(content))
      throw documentRejected({ element: 'Sha256', message: 'The content has another hash.' })
    const document = { id: randomUUID(), patientId: id, description: input.child('Description'), content }
    this.#documents.set(document.id, document)
    return element('msg:SubmitDocumentResponse', healthNamespaces, [writeMetadata('msg:Metadata', document)])
  }
}

function observationId(number: number): string {
  return `OB-${String(number).padStart(8, '0')}`
}

function instantOf(content: Message): number {
  return Date.parse(content.value('EffectiveTime'))
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').toUpperCase()
}

function writeObservation({ id, recordedAt, content }: Observation): Markup {
  return element(
    'msg:Observation',
    { id, recordedAt, category: content.attribute('category'), status: content.attribute('status') },
    copyChildren(content, 'cli', observationChildren),
  )
}

function writeMetadata(name: string, { id, description, content }: ArchivedDocument): Markup {
  return element(name, { id, mediaType: description.attribute('mediaType') }, [
    ...copyChildren(description, 'cli', documentChildren),
    element('cli:Size', {}, text(String(content.length))),
    element('cli:Sha256', {}, text(sha256(content))),
  ])
}
