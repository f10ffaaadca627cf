import { h, messagesView } from './message-view.js'

const main = document.querySelector('#main')
const ruleLine = document.querySelector('#rule')
const HINT = 'Point at a value, or walk with the arrow keys, to see where it comes from and where it goes.'
const POLL_MS = 1000

// ── What is asked of the service ──

let token = sessionStorage.getItem('token') ?? ''

class Refused extends Error {}

const counted = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`

async function ask(path, options = {}) {
  const headers = { ...options.headers, ...(token !== '' && { authorization: `Bearer ${token}` }) }
  const response = await fetch(`api/${path}`, { ...options, headers })
  if (response.status === 401 || response.status === 429) throw new Refused((await response.json()).detail)
  if (!response.ok)
    throw new Error((await response.json()).detail ?? `The inspector answered ${response.status}.`)
  return response.status === 204 ? undefined : response.json()
}

const rules = new Map()

async function rulesOf(rulesId) {
  if (!rules.has(rulesId)) rules.set(rulesId, await ask(`operations/${encodeURIComponent(rulesId)}/rules`))
  return rules.get(rulesId)
}

/** What chooses it, where several SOAP operations serve the operation. */
function choiceText({ when }) {
  if (!when) return undefined
  return when.length === 0 ? 'without a parameter that chooses' : `with ${when.join(' and ')}`
}

// ── What all views share ──

function show(...content) {
  main.replaceChildren(...content)
}

function showRule(rule) {
  if (!rule) {
    ruleLine.replaceChildren(HINT)
    return
  }
  const rest = rule.rest.in === 'call' ? 'call' : placeText(rule.rest)
  ruleLine.replaceChildren(
    h('b', {}, rule.says),
    h('span', { class: 'mono' }, `${rest} ↔ ${xmlText(rule.xml)}`),
  )
}

function placeText({ in: place, steps }) {
  const said = steps.map((step) => (step === null ? '[]' : `/${step}`)).join('')
  return place === 'body' ? `body${said}` : `${place}.${steps.map((step) => step ?? '[]').join('')}`
}

function xmlText(xml) {
  return xml.map(({ name, many }) => name + (many ? '[]' : '')).join('/')
}

function milliseconds(number) {
  return number >= 100 ? `${Math.round(number)} ms` : `${number.toFixed(number >= 10 ? 1 : 2)} ms`
}

function empty(title, ...text) {
  return h('div', { class: 'empty' }, h('h1', {}, title), ...text)
}

function stagesView({ stages }) {
  const names = { encode: 'Encode', backend: 'Wait for the backend', decode: 'Decode', respond: 'Respond' }
  const parts = stages.map(({ name, milliseconds: length }) => {
    const part = h('span', { class: name })
    part.style.flexGrow = String(Math.max(length, 0.001))
    return part
  })
  const legend = stages.map(({ name, milliseconds: length }) =>
    h('li', { class: name }, `${names[name]} `, h('b', {}, milliseconds(length))),
  )
  return h(
    'div',
    { class: 'stages' },
    h('div', { class: 'track', 'aria-hidden': 'true' }, ...parts),
    h('ul', { 'aria-label': 'Time by stage' }, ...legend),
  )
}

function problemView({ code, message, violations = [] }) {
  const places = violations.map(({ pointer, detail }) =>
    h('li', {}, h('span', { class: 'mono' }, pointer === '' ? '/' : pointer), ` ${detail}`),
  )
  return h(
    'div',
    { class: 'problem', role: 'alert' },
    h('b', {}, code),
    ` ${message}`,
    places.length > 0 ? h('ul', {}, ...places) : undefined,
  )
}

// ── Calls ──

const calls = { list: [], filter: '', shown: undefined, drawn: '' }

function callsView(id) {
  const filter = h('input', {
    type: 'search',
    placeholder: 'Filter',
    'aria-label': 'Filter calls',
    value: calls.filter,
    oninput: () => {
      calls.filter = filter.value
      drawCalls()
    },
  })
  const clear = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      onclick: async () => {
        await ask('calls', { method: 'DELETE' })
        await poll()
      },
    },
    'Clear',
  )
  calls.element = h('ul', { class: 'list', 'aria-label': 'Calls, newest first' })
  calls.detail = h('div', { class: 'detail', role: 'region', 'aria-label': 'One call', tabindex: '0' })
  calls.shown = id
  calls.drawn = ''
  show(
    h(
      'div',
      { class: 'split' },
      h('div', { class: 'side' }, h('div', { class: 'bar' }, filter, clear), calls.element),
      calls.detail,
    ),
  )
  drawCalls()
  return drawCall()
}

function drawCalls() {
  const words = calls.filter.toLowerCase()
  const found = calls.list.filter((call) =>
    JSON.stringify([call.operationId, call.method, call.path, call.backend, call.outcome])
      .toLowerCase()
      .includes(words),
  )
  const drawn = JSON.stringify([found.map(({ id }) => id), calls.shown])
  if (drawn === calls.drawn || !calls.element) return
  calls.drawn = drawn
  const focused = document.activeElement?.getAttribute('href')
  calls.element.replaceChildren(
    ...found.map((call) => {
      const { id, at, method, path, operationId, outcome, isFailed, milliseconds: length } = call
      const time = new Date(at).toLocaleTimeString()
      return h(
        'li',
        {},
        h(
          'a',
          { href: `#/calls/${id}`, 'aria-current': id === calls.shown ? 'true' : undefined },
          h('span', { class: 'method' }, method.toUpperCase()),
          h('span', { class: 'path mono' }, path),
          h('span', { class: `outcome ${isFailed ? 'failed' : ''}` }, outcome),
          h(
            'span',
            { class: 'more' },
            h('span', {}, operationId),
            h('span', {}, milliseconds(length)),
            h('span', {}, time),
          ),
        ),
      )
    }),
  )
  if (focused) calls.element.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus()
}

async function drawCall() {
  const { shown, detail } = calls
  if (shown === undefined) {
    detail.replaceChildren(
      calls.list.length === 0
        ? empty(
            'No call yet',
            'Calls of operations appear here as they come, with the envelopes that they became. Requests that are refused before they are translated are in the log alone.',
          )
        : empty(
            'Choose a call',
            'Its request, its envelope, the answer of the backend and the response stand side by side.',
          ),
    )
    return
  }
  try {
    const call = await ask(`calls/${shown}`)
    const own = await rulesOf(call.rulesId)
    if (calls.shown !== shown) return
    const facts = [
      call.operationId,
      `${call.backend} ${call.soapOperation}`,
      `${milliseconds(call.milliseconds)} in all`,
      ...(call.requestId ? [`request ${call.requestId}`] : []),
    ]
    detail.replaceChildren(
      h(
        'div',
        { class: 'head' },
        h('h1', {}, `${call.method.toUpperCase()} ${call.path}`),
        h(
          'span',
          { class: `outcome ${call.isFailed ? 'failed' : ''}` },
          call.fault ? `${call.outcome} ${call.fault}` : call.outcome,
        ),
        h('p', { class: 'facts' }, facts.join(' · ')),
      ),
      ...(call.problem ? [problemView(call.problem)] : []),
      stagesView(call),
      messagesView(call, own, showRule),
    )
  } catch (error) {
    if (error instanceof Refused) throw error
    detail.replaceChildren(empty('This call is gone', error.message))
  }
}

async function poll() {
  const { calls: list, values } = await ask('calls')
  calls.list = list
  const badge = document.querySelector('#values')
  badge.textContent = values ? 'values shown' : 'values hidden'
  badge.classList.toggle('shown', values)
  if (calls.element?.isConnected) {
    drawCalls()
    if (calls.shown === undefined) await drawCall()
  }
}

// ── Try ──

const drafts = new Map()

async function tryView(wanted) {
  const contract = await ask('contract')
  const rulesId = contract.operations.some((each) => each.rulesId === wanted)
    ? wanted
    : contract.operations[0]?.rulesId
  const select = h('select', {
    id: 'operation',
    onchange: () => {
      location.hash = `#/try/${encodeURIComponent(select.value)}`
    },
  })
  for (const backend of contract.backends) {
    const group = h('optgroup', { label: backend.name })
    for (const each of contract.operations.filter((operation) => operation.backend === backend.name)) {
      group.append(
        h(
          'option',
          { value: each.rulesId, selected: each.rulesId === rulesId },
          [`${each.method.toUpperCase()} ${each.path} – ${each.operationId}`, choiceText(each)]
            .filter(Boolean)
            .join(' '),
        ),
      )
    }
    select.append(group)
  }
  const text = h('textarea', { id: 'request', spellcheck: 'false' })
  const result = h('div', { 'aria-live': 'polite' })
  const path = `operations/${encodeURIComponent(rulesId)}`
  const preview = async () => {
    drafts.set(rulesId, text.value)
    try {
      const shown = await ask(`${path}/preview`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text.value,
      })
      const own = await rulesOf(shown.rulesId)
      result.replaceChildren(
        ...(shown.problem ? [problemView(shown.problem)] : []),
        messagesView(shown, own, showRule),
      )
    } catch (error) {
      if (error instanceof Refused) throw error
      result.replaceChildren(problemView({ code: 'The request cannot be read:', message: error.message }))
    }
  }
  const sample = async (optionals) => {
    try {
      text.value = (await ask(`${path}/sample?optionals=${optionals}`)).text
      await preview()
    } catch (error) {
      if (error instanceof Refused) throw error
      result.replaceChildren(problemView({ code: 'There is no sample:', message: error.message }))
    }
  }
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void guarded(preview)
  })
  show(
    h(
      'div',
      { class: 'page' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'What would be sent'),
        h(
          'p',
          { class: 'facts' },
          'Nothing is sent: the envelope is written, and the answer is a sample that the WSDL allows.',
        ),
      ),
      h(
        'div',
        { class: 'form' },
        h(
          'div',
          { class: 'line' },
          h('label', { for: 'operation' }, 'Operation', select),
          h(
            'button',
            { type: 'button', onclick: () => guarded(() => sample('all')) },
            'Sample with everything',
          ),
          h(
            'button',
            { type: 'button', onclick: () => guarded(() => sample('none')) },
            'Sample of what is required',
          ),
        ),
        h('label', { for: 'request' }, 'Request: path, query, headers, body', text),
        h(
          'div',
          { class: 'line' },
          h(
            'button',
            { type: 'button', class: 'main', onclick: () => guarded(preview) },
            'Show the envelope',
          ),
          h('span', { class: 'facts' }, 'Ctrl + Enter'),
        ),
      ),
      result,
    ),
  )
  const draft = drafts.get(rulesId)
  if (draft === undefined) await sample('all')
  else {
    text.value = draft
    await preview()
  }
}

// ── Contract ──

async function contractView(rulesId) {
  const contract = await ask('contract')
  const operation = contract.operations.find((each) => each.rulesId === rulesId)
  if (operation) return operationView(operation)
  const filter = h('input', {
    type: 'search',
    placeholder: 'Filter operations',
    'aria-label': 'Filter operations',
    oninput: () => draw(),
  })
  const body = h('tbody')
  const draw = () => {
    const words = filter.value.toLowerCase()
    body.replaceChildren(
      ...contract.operations
        .filter((each) => JSON.stringify(each).toLowerCase().includes(words))
        .map(operationRow),
    )
  }
  draw()
  show(
    h(
      'div',
      { class: 'page' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, contract.title),
        h(
          'p',
          { class: 'facts' },
          `${counted(new Set(contract.operations.map((each) => each.operationId)).size, 'operation')} over ${counted(contract.backends.length, 'backend')} below ${contract.basePath || '/'}`,
        ),
      ),
      h('div', { class: 'cards' }, ...contract.backends.map(backendCard)),
      h('div', { class: 'section-title' }, h('h2', {}, 'Operations'), filter),
      h(
        'div',
        { class: 'wrap', tabindex: '0', role: 'region', 'aria-label': 'Operations' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, 'REST'),
              h('th', { scope: 'col' }, 'Operation'),
              h('th', { scope: 'col' }, 'Backend'),
              h('th', { scope: 'col' }, 'SOAP'),
              h('th', { scope: 'col', class: 'number' }, 'Mapped'),
              h('th', { scope: 'col', class: 'number' }, 'Unmapped'),
            ),
          ),
          body,
        ),
      ),
    ),
  )
}

function backendCard({ name, wsdl, soapVersion, at, unused, leftOut }) {
  const facts = [
    ['WSDL', wsdl],
    ['SOAP', soapVersion],
    ['Contract', at],
    ['Not called', unused.length === 0 ? 'every operation is called' : unused.join(', ')],
    ...leftOut.map((each) => ['Left out', `${each.name}: ${each.why}`]),
  ]
  return h(
    'article',
    { class: 'card' },
    h('h2', {}, name),
    h('dl', {}, ...facts.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)])),
  )
}

function operationRow(operation) {
  const { rulesId, operationId, method, path, summary, backend, soapOperation } = operation
  const { mapped, unmapped, undeclaredFaults } = operation
  const choice = choiceText(operation)
  return h(
    'tr',
    {},
    h(
      'td',
      {},
      h('span', { class: 'method' }, method.toUpperCase()),
      ' ',
      h('span', { class: 'mono' }, path),
    ),
    h(
      'td',
      {},
      h('a', { href: `#/contract/${encodeURIComponent(rulesId)}` }, operationId),
      choice ? h('div', { class: 'facts' }, choice) : undefined,
      summary ? h('div', { class: 'facts' }, summary) : undefined,
    ),
    h('td', {}, backend),
    h(
      'td',
      {},
      soapOperation,
      undeclaredFaults.length > 0
        ? h('div', { class: 'facts' }, `no status for ${undeclaredFaults.join(', ')}`)
        : undefined,
    ),
    h('td', { class: 'number' }, String(mapped)),
    h('td', { class: 'number' }, String(unmapped)),
  )
}

async function operationView(operation) {
  const { rulesId, operationId, method, path, summary, backend, soapOperation, undeclaredFaults } = operation
  const own = await rulesOf(rulesId)
  const sections = [
    ['Request', own.request],
    ['Response', own.response],
    ...own.faults.map((fault) => [`Fault ${fault.name} → ${fault.status}`, fault]),
  ]
  show(
    h(
      'div',
      { class: 'page' },
      h('p', {}, h('a', { href: '#/contract' }, '← All operations')),
      h(
        'div',
        { class: 'head' },
        h('h1', {}, `${method.toUpperCase()} ${path}`),
        h(
          'p',
          { class: 'facts' },
          [operationId, `${backend} ${soapOperation}`, choiceText(operation), summary]
            .filter(Boolean)
            .join(' · '),
        ),
        h('a', { href: `#/try/${encodeURIComponent(rulesId)}` }, 'Try it'),
      ),
      undeclaredFaults.length > 0
        ? h(
            'p',
            { class: 'problem' },
            `The WSDL declares ${undeclaredFaults.join(', ')}, and the contract gives ${undeclaredFaults.length === 1 ? 'it' : 'them'} no status: clients get 502.`,
          )
        : undefined,
      ...sections.flatMap(([title, part]) => rulesView(title, part)),
    ),
  )
}

function rulesView(title, { rules: all, unmapped, isCut }) {
  const rows = all.map(({ rest, xml, says }) =>
    h(
      'tr',
      {},
      h('td', { class: 'mono' }, rest.in === 'call' ? '–' : placeText(rest)),
      h('td', { class: 'mono' }, xmlText(xml)),
      h('td', {}, says),
    ),
  )
  const left = unmapped.map(({ xml, isRequired, says }) =>
    h(
      'tr',
      {},
      h('td', { class: 'mono' }, xmlText(xml)),
      h('td', {}, isRequired ? h('span', { class: 'warn' }, 'required') : 'optional'),
      h('td', {}, says),
    ),
  )
  const table = (label, heads, body) =>
    h(
      'div',
      { class: 'wrap', tabindex: '0', role: 'region', 'aria-label': label },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
        h('tbody', {}, ...body),
      ),
    )
  return [
    h(
      'div',
      { class: 'section-title' },
      h('h2', {}, title),
      h(
        'span',
        { class: 'facts' },
        `${rows.length} rule${rows.length === 1 ? '' : 's'}${isCut ? ', and more than are listed' : ''}`,
      ),
    ),
    rows.length === 0
      ? h('p', { class: 'facts' }, 'No value is moved.')
      : table(`${title}: rules`, ['REST', 'XML', 'Rule'], rows),
    ...(left.length === 0
      ? []
      : [
          h(
            'div',
            { class: 'section-title' },
            h('h2', {}, `${title}: left unmapped`),
            h('span', { class: 'facts' }, 'in the WSDL, and not in the contract'),
          ),
          table(`${title}: left unmapped`, ['XML', 'In the WSDL', 'Type'], left),
        ]),
  ]
}

// ── Token, theme, routes ──

function tokenView(message) {
  const field = h('input', { type: 'password', id: 'token', autocomplete: 'off' })
  const form = h(
    'form',
    {
      class: 'form',
      onsubmit: (event) => {
        event.preventDefault()
        token = field.value
        sessionStorage.setItem('token', token)
        void start()
      },
    },
    h('label', { for: 'token' }, 'ADMIN_TOKEN', field),
    h('div', { class: 'line' }, h('button', { class: 'main' }, 'Open')),
  )
  show(
    h(
      'div',
      { class: 'empty' },
      h('h1', {}, 'The inspector asks for the token of operators'),
      h('p', {}, token === '' ? 'It is the value of ADMIN_TOKEN.' : message),
      form,
    ),
  )
  field.focus()
}

async function guarded(task) {
  try {
    await task()
  } catch (error) {
    if (error instanceof Refused) tokenView(error.message)
    else show(empty('The inspector does not answer', error.message))
  }
}

const THEMES = ['light dark', 'light', 'dark']
const THEME_NAMES = ['Theme: system', 'Theme: light', 'Theme: dark']
const themeButton = document.querySelector('#theme')

function setTheme(theme) {
  document.documentElement.style.colorScheme = THEMES[theme]
  themeButton.textContent = THEME_NAMES[theme]
  localStorage.setItem('theme', String(theme))
}

let theme = Number(localStorage.getItem('theme') ?? 0) % THEMES.length || 0
setTheme(theme)
themeButton.addEventListener('click', () => {
  theme = (theme + 1) % THEMES.length
  setTheme(theme)
})

function route() {
  const [, view = 'calls', argument] = location.hash.split('/')
  const given = argument === undefined ? undefined : decodeURIComponent(argument)
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#/${view}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  document.title = `${{ try: 'Try', contract: 'Contract' }[view] ?? 'Calls'} – soapstone inspector`
  showRule(undefined)
  if (view === 'try') return tryView(given)
  if (view === 'contract') return contractView(given)
  const id = given === undefined ? undefined : Number(given)
  if (calls.element?.isConnected) {
    calls.shown = id
    drawCalls()
    return drawCall()
  }
  return callsView(id)
}

async function start() {
  await guarded(async () => {
    const contract = await ask('contract')
    document.querySelector('#api').textContent = contract.title
    await poll()
    await route()
  })
}

window.addEventListener('hashchange', () => guarded(route))
setInterval(() => {
  if (
    document.visibilityState === 'visible' &&
    main.childElementCount > 0 &&
    !document.querySelector('#token')
  )
    poll().catch(() => undefined)
}, POLL_MS)
await start()
