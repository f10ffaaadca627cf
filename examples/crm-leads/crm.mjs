import { randomUUID } from 'node:crypto'
import { Fault, list, soapServer, xml } from '../support.mjs'

const NAMESPACE = 'xmlns="urn:example:crm"'
const PAGE = 3

/** A CRM in the cloud: one host logs in, another holds the data of the organisation and sends outbound messages. */
export class Crm {
  #sessions = new Set()
  #leads = ['Aalto', 'Breuer', 'Cassina', 'Day'].map((name) => ({
    name,
    company: 'Chairs Ltd',
    id: randomUUID(),
  }))
  #locators = new Map()
  /** Of the host with the data; the login tells it. */
  instanceUrl = ''
  /** Where outbound messages go. */
  outbound = ''
  logins = 0

  /** Ends all sessions, as a CRM does after a while. */
  endSessions() {
    this.#sessions.clear()
  }

  loginServer = soapServer({
    login: ({ username, password }) => {
      if (username !== 'ann@example.com' || password !== 'correct horse')
        throw new Fault('t:INVALID_LOGIN', 'Invalid username or password')
      this.logins++
      const session = randomUUID()
      this.#sessions.add(session)
      const result = `<serverUrl>${this.instanceUrl}/soap/u/1.0</serverUrl><sessionId>${session}</sessionId>`
      return `<loginResponse ${NAMESPACE}><result>${result}</result></loginResponse>`
    },
  })

  instanceServer = soapServer({
    query: (_, { header }) => {
      this.#judge(header)
      return this.#page(this.#leads, 0)
    },
    queryMore: ({ queryLocator }, { header }) => {
      this.#judge(header)
      const kept = this.#locators.get(queryLocator)
      if (kept) return this.#page(kept.leads, kept.from)
      const why = '<exceptionMessage>invalid query locator</exceptionMessage>'
      throw new Fault('e:Client', 'No', `<InvalidQueryLocator ${NAMESPACE}>${why}</InvalidQueryLocator>`)
    },
    create: ({ leads }, { header }) => {
      this.#judge(header)
      const results = list(leads).map((lead) => this.#create(lead))
      return `<createResponse ${NAMESPACE}>${results.join('')}</createResponse>`
    },
  })

  #judge(header) {
    if (this.#sessions.has(header?.SessionHeader?.sessionId)) return
    throw new Fault('t:INVALID_SESSION_ID', 'Session expired or invalid')
  }

  /** Each lead for itself: one that is refused does not stop the others. */
  #create({ LastName: name, Company: company, Email: email }) {
    if (email !== undefined && !email.includes('@')) {
      const why =
        '<statusCode>INVALID_EMAIL_ADDRESS</statusCode><message>This is no address</message><fields>Email</fields>'
      return `<result><id xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/><success>false</success><errors>${why}</errors></result>`
    }
    const lead = { id: randomUUID(), name, company, email }
    this.#leads.push(lead)
    setTimeout(() => void this.#send(lead), 200)
    return `<result><id>${lead.id}</id><success>true</success></result>`
  }

  #page(leads, from) {
    const end = from + PAGE
    const isDone = end >= leads.length
    const locator = isDone ? undefined : randomUUID()
    if (locator) this.#locators.set(locator, { leads: [...leads], from: end })
    const next = locator
      ? `<queryLocator>${locator}</queryLocator>`
      : '<queryLocator xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
    const records = leads.slice(from, end).map((lead) => `<records>${fields(lead)}</records>`)
    return `<queryResponse ${NAMESPACE}><result><done>${isDone}</done>${next}${records.join('')}<size>${leads.length}</size></result></queryResponse>`
  }

  async #send(lead) {
    const notification = `<Notification><Id>${randomUUID()}</Id><sObject>${fields(lead)}</sObject></Notification>`
    const body = `<notifications ${NAMESPACE}><OrganizationId>00D1</OrganizationId>${notification}</notifications>`
    await fetch(this.outbound, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`,
    })
  }
}

const fields = ({ id, name, company, email }) =>
  `<Id>${id}</Id><LastName>${xml(name)}</LastName><Company>${xml(company)}</Company>${email ? `<Email>${xml(email)}</Email>` : ''}`
