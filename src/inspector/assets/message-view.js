/**
 * The four messages of a call as trees, of which one side shows what the other has become. A value of REST and one of XML
 * belong together where one rule moves them and they are the same items of the same arrays.
 */

const SEPARATOR = '\u0000'

/** Makes an element: its attributes, then what stands in it. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children.filter((child) => child !== undefined && child !== null))
  return element
}

/** Rules by the places that they join. */
class RuleIndex {
  constructor(rules) {
    this.byRest = new Map()
    this.byXml = new Map()
    for (const rule of rules) {
      const rest = restKey(rule.rest.in, rule.rest.steps)
      const xml = rule.xml.map((step) => step.name).join('/')
      if (rule.rest.in !== 'call' && !this.byRest.has(rest)) this.byRest.set(rest, rule)
      if (!this.byXml.has(xml)) this.byXml.set(xml, rule)
    }
  }

  rest(place, steps) {
    const pattern = steps.map((step) => (typeof step === 'number' ? null : step))
    const rule = this.byRest.get(restKey(place, pattern))
    return (
      rule && {
        rule,
        link: linkOf(
          rule,
          steps.filter((step) => typeof step === 'number'),
        ),
      }
    )
  }

  /** @param names with the number of elements of the same name before each */
  xml(names, positions) {
    const rule = this.byXml.get(names.join('/'))
    if (!rule) return undefined
    return {
      rule,
      link: linkOf(
        rule,
        rule.xml.flatMap((step, index) => (step.many ? [positions[index]] : [])),
      ),
    }
  }
}

function restKey(place, steps) {
  return [place, ...steps.map((step) => (step === null ? '*' + SEPARATOR : step))].join(SEPARATOR)
}

/** By the place in XML: what stands in one element belongs together, the items of a list too. */
function linkOf({ xml }, positions) {
  const repeats = xml.filter((step) => step.many).length
  return `${xml.map((step) => step.name).join('/')}#${positions.slice(0, repeats).join('.')}`
}

function item({ label, row, children = [], found, section = false }) {
  const classes = [section ? 'section' : '', found ? 'linked' : 'unlinked'].filter(Boolean).join(' ')
  const element = h(
    'li',
    { role: 'treeitem', class: classes, tabindex: '-1', 'aria-label': label },
    h('span', { class: 'row' }, ...row),
  )
  if (found) {
    element.dataset.link = found.link
    element.rule = found.rule
  }
  if (children.length > 0) {
    element.setAttribute('aria-expanded', 'true')
    element.append(h('ul', { role: 'group' }, ...children))
  }
  return element
}

const HIDDEN = '•••'

function scalarSpan(view) {
  if (view.kind === 'null') return h('span', { class: 'scalar' }, 'null')
  if (view.text === undefined) return h('span', { class: 'hidden-value' }, HIDDEN)
  return h('span', { class: 'scalar' }, view.kind === 'string' ? JSON.stringify(view.text) : view.text)
}

function jsonItem(name, view, { index, place, steps }) {
  const found = index.rest(place, steps)
  const key = h('span', { class: 'key' }, String(name))
  if (view.kind === 'object') {
    const children = view.members.map(([member, value]) =>
      jsonItem(member, value, { index, place, steps: [...steps, member] }),
    )
    return item({
      label: `${name}, object`,
      row: [key, h('span', { class: 'kind' }, children.length === 0 ? ' {}' : '')],
      children,
      found,
    })
  }
  if (view.kind === 'array') {
    const children = view.items.map((value, position) =>
      jsonItem(position, value, { index, place, steps: [...steps, position] }),
    )
    const count = h('span', { class: 'kind' }, ` [${view.items.length}]`)
    return item({ label: `${name}, array of ${view.items.length}`, row: [key, count], children, found })
  }
  const said = view.kind === 'null' ? 'null' : (view.text ?? `hidden ${view.kind}`)
  const kind = view.kind === 'string' || view.kind === 'null' ? '' : ` ${view.kind}`
  return item({
    label: `${name}: ${said}`,
    row: [key, ': ', scalarSpan(view), h('span', { class: 'kind' }, view.text === undefined ? kind : '')],
    found,
  })
}

function xmlItem(view, { index, names, positions }) {
  const found = index.xml(names, positions)
  const isInEnvelope = names.length > 0
  const attributes = view.attributes.map(({ name, text }) => {
    const own = index.xml([...names, `@${name}`], [...positions, 0])
    const value =
      text === undefined ? h('span', { class: 'hidden-value' }, HIDDEN) : h('span', { class: 'scalar' }, text)
    return item({
      label: `attribute ${name}: ${text ?? 'hidden'}`,
      row: [h('span', { class: 'key' }, `@${name}`), ' = ', value],
      found: own,
    })
  })
  const seen = new Map()
  const children = view.children.map((child) => {
    const position = seen.get(child.name) ?? 0
    seen.set(child.name, position + 1)
    return xmlItem(child, { index, names: [...names, child.name], positions: [...positions, position] })
  })
  const text = !view.hasText
    ? []
    : [
        ' ',
        view.text === undefined
          ? h('span', { class: 'hidden-value' }, HIDDEN)
          : h('span', { class: 'scalar' }, view.text),
      ]
  const namespace = view.namespace === undefined ? [] : [' ', h('span', { class: 'ns' }, view.namespace)]
  const said = view.hasText ? `: ${view.text ?? 'hidden'}` : ''
  return item({
    label: `${isInEnvelope ? 'element ' : ''}${view.name}${said}`,
    row: [h('span', { class: 'key' }, `<${view.name}>`), ...text, ...namespace],
    children: [...attributes, ...children],
    found,
  })
}

/** The rows of one message; empty where there is nothing to link. */
function rowsOf(message, index) {
  const parameters = (message.parameters ?? []).map(({ in: place, name, value }) => [
    place,
    jsonItem(name, value, { index, place, steps: [name] }),
  ])
  const sections = ['path', 'query'].flatMap((place) => {
    const children = parameters.filter(([each]) => each === place).map(([, row]) => row)
    return children.length === 0 ? [] : [item({ label: place, row: [place], children, section: true })]
  })
  const mapped =
    message.parameters === undefined
      ? []
      : message.headers.flatMap(({ name, text }) => {
          const found = index.rest('header', [name])
          return found
            ? [
                jsonItem(
                  name,
                  { kind: 'string', ...(text !== undefined && { text }) },
                  { index, place: 'header', steps: [name] },
                ),
              ]
            : []
        })
  const headers =
    mapped.length === 0 ? [] : [item({ label: 'headers', row: ['headers'], children: mapped, section: true })]
  const body = message.json ? [bodyItem(message.json, index)] : []
  const xml = message.xml ? [xmlItem(message.xml, { index, names: [], positions: [] })] : []
  return [...sections, ...headers, ...body, ...xml]
}

function bodyItem(view, index) {
  return jsonItem('body', view, { index, place: 'body', steps: [] })
}

function pane(title, message, { index, side, second }) {
  const heading = h('h2', {}, h('span', {}, title), h('span', { class: 'mono soft' }, message?.start ?? ''))
  const attributes = { class: `message ${second ? 'second' : ''}`, 'aria-label': title }
  if (!message)
    return h('section', attributes, heading, h('div', {}), h('p', { class: 'none' }, 'There is none.'))
  const fields = message.headers.map(({ name, text }) =>
    h('div', {}, `${name}: `, text === undefined ? HIDDEN : text),
  )
  const details =
    fields.length === 0
      ? h('div', {})
      : h(
          'details',
          {},
          h('summary', {}, `${fields.length} header field${fields.length === 1 ? '' : 's'}`),
          h('div', { class: 'mono' }, ...fields),
        )
  const rows = rowsOf(message, index)
  if (message.note !== undefined || rows.length === 0) {
    return h(
      'section',
      attributes,
      heading,
      details,
      h('p', { class: 'none' }, message.note ?? 'No content.'),
    )
  }
  const tree = h('ul', { role: 'tree', class: 'tree', 'aria-label': title }, ...rows)
  tree.dataset.side = side
  tree.querySelector('[role="treeitem"]')?.setAttribute('tabindex', '0')
  return h('section', attributes, heading, details, tree)
}

/**
 * @param call with its four messages, as far as there are any
 * @param rules of its operation
 * @param showRule told which rule is looked at
 */
export function messagesView(call, rules, showRule) {
  const request = new RuleIndex(rules.request.rules)
  const fault = rules.faults.find(({ name }) => name === call.fault)
  const response = new RuleIndex((fault ?? rules.response).rules)
  const view = h(
    'div',
    { class: 'messages' },
    pane('REST request', call.restRequest, { index: request, side: 'request' }),
    h('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'),
    pane('SOAP envelope', call.soapRequest, { index: request, side: 'request' }),
    pane('REST response', call.restResponse, { index: response, side: 'response', second: true }),
    h('span', { class: 'arrow', 'aria-hidden': 'true' }, '←'),
    pane('SOAP answer', call.soapResponse, { index: response, side: 'response' }),
  )
  follow(view, showRule)
  return view
}

/** Lights what belongs to what is pointed at or focused, and moves the focus by the arrow keys. */
function follow(view, showRule) {
  const look = (target, { scroll }) => {
    for (const lit of view.querySelectorAll('.lit')) lit.classList.remove('lit')
    const own = target?.closest('[data-link]')
    if (!own) {
      showRule(undefined)
      return
    }
    const { side } = own.closest('.tree').dataset
    for (const tree of view.querySelectorAll(`.tree[data-side="${side}"]`)) {
      for (const each of tree.querySelectorAll('[data-link]')) {
        if (each.dataset.link !== own.dataset.link) continue
        each.classList.add('lit')
        if (scroll && !tree.contains(own)) reveal(tree, each)
      }
    }
    showRule(own.rule)
  }
  view.addEventListener('mouseover', ({ target }) => {
    const entry = target.closest('[role="treeitem"]')
    if (entry) look(entry, { scroll: true })
  })
  view.addEventListener('focusin', ({ target }) => {
    look(target.closest('[role="treeitem"]'), { scroll: true })
  })
  view.addEventListener('mouseleave', () => {
    look(document.activeElement?.closest('[role="treeitem"]'), { scroll: false })
  })
  view.addEventListener('keydown', (event) => {
    const own = event.target.closest('[role="treeitem"]')
    const tree = own?.closest('.tree')
    if (!tree) return
    const entries = [...tree.querySelectorAll('[role="treeitem"]')]
    const at = entries.indexOf(own)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key]
    const parent = event.key === 'ArrowLeft' ? own.parentElement.closest('[role="treeitem"]') : undefined
    const child = event.key === 'ArrowRight' ? own.querySelector('[role="treeitem"]') : undefined
    const to = next === undefined ? (parent ?? child) : entries[next]
    if (!to) return
    event.preventDefault()
    own.setAttribute('tabindex', '-1')
    to.setAttribute('tabindex', '0')
    to.focus()
  })
}

/** Scrolls within the tree alone: the page stays where it is. */
function reveal(tree, entry) {
  const row = entry.firstElementChild.getBoundingClientRect()
  const frame = tree.getBoundingClientRect()
  if (row.top < frame.top) tree.scrollTop -= frame.top - row.top + 24
  else if (row.bottom > frame.bottom) tree.scrollTop += row.bottom - frame.bottom + 24
}
