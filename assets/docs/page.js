/** Texts of a contract are data: they become text nodes and never markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value)
    else if (value === true) made.setAttribute(key, '')
    else if (value !== undefined && value !== false) made.setAttribute(key, String(value))
  }
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/** What documentation written for C# or HTML leaves behind. */
function withoutMarkup(text) {
  return text
    .replace(/<(?:br|p|para|li|item)\b[^<>]*>/gi, '\n')
    .replace(/<see(?:also)?\s+(?:cref|langword|href)="(?:[A-Z]:)?([^"<>]*)"\s*\/>/gi, '`$1`')
    .replace(/<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>/gi, '')
}

/** The little of CommonMark that descriptions are written in: paragraphs, lists, code, emphasis. */
function prose(text = '') {
  const made = document.createDocumentFragment()
  for (const block of withoutMarkup(text)
    .trim()
    .split(/\n\s*\n/)) {
    if (block === '') continue
    const lines = block.split('\n')
    const isList = lines.every((line) => /^\s*[-*] /.test(line) || /^\s{2,}\S/.test(line))
    if (!isList) made.append(element('p', {}, ...inline(lines.join(' '))))
    else {
      const items = block.split(/\n?^\s*[-*] /m).filter((item) => item.trim() !== '')
      made.append(element('ul', {}, ...items.map((item) => element('li', {}, ...inline(item)))))
    }
  }
  return made
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (/^`[^`]+`$/.test(part)) return element('code', {}, part.slice(1, -1))
    if (/^\*\*[^*]+\*\*$/.test(part)) return element('strong', {}, ...inline(part.slice(2, -2)))
    return part
  })
}

/** JSON with line breaks, every token as it was written: no number goes through a double. */
function indented(json) {
  let depth = 0
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? []
  const line = () => `\n${'  '.repeat(depth)}`
  return tokens
    .map((token, index) => {
      const before = tokens[index - 1]
      if (token === '{' || token === '[') {
        depth += 1
        const next = tokens[index + 1]
        return next === '}' || next === ']' ? token : token + line()
      }
      if (token === '}' || token === ']') {
        depth -= 1
        return before === '{' || before === '[' ? token : line() + token
      }
      if (token === ',') return token + line()
      return token === ':' ? ': ' : token
    })
    .join('')
}

const pretty = (value) => JSON.stringify(value, undefined, 2)

/** Fills an element when it is first opened. */
function opened(details, fill) {
  let isFilled = false
  const onToggle = () => {
    if (!details.open || isFilled) return
    isFilled = true
    fill()
  }
  details.addEventListener('toggle', onToggle)
  return details
}

function resolve(value, components) {
  let found = value
  for (let hops = 0; hops < 10 && typeof found?.$ref === 'string'; hops += 1) {
    const [, , kind, name = ''] = found.$ref.split('/')
    found = components[kind]?.[decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return found ?? {}
}

const nameOf = ({ $ref } = {}) => (typeof $ref === 'string' ? $ref.split('/').pop() : undefined)

const LIMITS = [
  ...['format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['exclusiveMaximum', 'minItems', 'maxItems', 'default', 'const', 'contentEncoding'],
]

function typeOf(schema, components) {
  const { type, items, enum: values, oneOf, anyOf, allOf } = resolve(schema, components)
  const named = nameOf(schema)
  const own = [type].flat().filter(Boolean)
  if (named !== undefined) return named
  if (own.includes('array')) return `array of ${items ? typeOf(items, components) : 'anything'}`
  if (own.length > 0) return own.join(' or ')
  if (oneOf ?? anyOf) return (oneOf ?? anyOf).map((one) => typeOf(one, components)).join(' or ')
  if (allOf) return 'object'
  return values ? 'one of these' : 'anything'
}

/** A schema as a list of its members; what they hold is shown when it is asked for. */
function schemaView(schema, components) {
  const made = element('div')
  const view = resolve(schema, components)
  made.append(prose(view.description))
  const limits = LIMITS.filter((limit) => view[limit] !== undefined)
  if (limits.length > 0 || view.enum) {
    const said = limits.map((limit) => `${limit} ${JSON.stringify(view[limit])}`)
    if (view.enum) said.push(`one of ${view.enum.map((value) => JSON.stringify(value)).join(', ')}`)
    made.append(element('p', { class: 'quiet' }, said.join(' · ')))
  }
  const members = Object.entries(view.properties ?? {})
  if (members.length > 0) {
    const list = element('dl')
    for (const [name, member] of members) {
      const isRequired = view.required?.includes(name) === true
      list.append(
        element(
          'dt',
          {},
          element('code', {}, name),
          ` ${typeOf(member, components)}${isRequired ? ', required' : ''}`,
        ),
        element('dd', {}, within(member, components)),
      )
    }
    made.append(list)
  }
  for (const part of view.allOf ?? []) made.append(schemaView(part, components))
  const alternatives = view.oneOf ?? view.anyOf ?? []
  for (const one of alternatives) {
    if (one.type !== 'null')
      made.append(element('div', {}, `Either ${typeOf(one, components)}:`, within(one, components)))
  }
  if (view.items) made.append(within(view.items, components))
  return made
}

function within(schema, components) {
  const view = resolve(schema, components)
  const isDeep =
    view.properties ?? view.allOf ?? view.oneOf ?? view.anyOf ?? view.items?.$ref ?? view.items?.properties
  if (!isDeep) return schemaView(schema, components)
  const details = element('details', {}, element('summary', {}, typeOf(schema, components)))
  return opened(details, () => {
    details.append(schemaView(schema, components))
  })
}

function exampleOf({ example, examples, schema }, components) {
  const view = resolve(schema, components)
  if (example !== undefined) return example
  const [first] = Object.values(examples ?? {})
  if (first?.value !== undefined) return first.value
  return view.example ?? view.examples?.[0] ?? (view.enum && view.enum[0]) ?? view.default
}

function examplesView({ example, examples = {} }) {
  const all = example === undefined ? Object.entries(examples) : [['Example', { value: example }]]
  return all.map(([name, { value }]) =>
    element(
      'details',
      { open: all.length === 1 },
      element('summary', {}, name),
      element('pre', { tabindex: 0 }, typeof value === 'string' ? value : pretty(value)),
    ),
  )
}

function contentView(content, components) {
  return Object.entries(content ?? {}).flatMap(([mediaType, media]) => [
    element('p', {}, element('code', {}, mediaType)),
    ...examplesView(media),
    ...(media.schema ? [within(media.schema, components)] : []),
  ])
}

const credentials = new Map()
const outline = await (await fetch('outline.json')).json()
const basePath = outline.root + outline.basePath
const main = document.querySelector('main')

/** Those of the path, unless the operation has one of the same name and place. */
function parametersOf(item, operation, components) {
  const [shared, own] = [item.parameters ?? [], operation.parameters ?? []].map((list) =>
    list.map((one) => resolve(one, components)),
  )
  const isOwn = (one) => own.some((other) => other.name === one.name && other.in === one.in)
  return [...shared.filter((one) => !isOwn(one)), ...own]
}

function operationView(described, { method, path }) {
  const { components = {}, paths } = described
  const item = paths[path]
  const operation = item[method]
  const parameters = parametersOf(item, operation, components)
  const body = operation.requestBody && resolve(operation.requestBody, components)
  const made = element('div', {}, prose(operation.description))
  made.append(tryView({ method, path, parameters, body, components }))
  if (body) {
    made.append(
      element('h3', {}, `Request body${body.required ? ', required' : ''}`),
      prose(body.description),
    )
    made.append(...contentView(body.content, components))
  }
  made.append(element('h3', {}, 'Responses'))
  for (const [status, given] of Object.entries(operation.responses ?? {})) {
    const response = resolve(given, components)
    const details = element(
      'details',
      {},
      element(
        'summary',
        {},
        element('strong', {}, status === 'default' ? 'others' : status),
        ' ',
        ...inline(withoutMarkup(response.description ?? '')),
      ),
    )
    opened(details, () => {
      for (const [name, header] of Object.entries(response.headers ?? {})) {
        const { description = '' } = resolve(header, components)
        details.append(element('p', {}, 'Header ', element('code', {}, name), ' ', ...inline(description)))
      }
      details.append(...contentView(response.content, components))
    })
    made.append(details)
  }
  return made
}

let fields = 0

function field(label, input, description) {
  input.id = `field-${(fields += 1)}`
  return element(
    'div',
    { class: 'field' },
    element('label', { for: input.id }, label),
    input,
    prose(description),
  )
}

/** A form for one call, filled with what the document has as examples. */
function tryView({ method, path, parameters, body, components }) {
  const inputs = parameters
    .filter((parameter) => parameter.in !== 'cookie')
    .map((parameter) => {
      const example = exampleOf(parameter, components)
      const known = example === undefined ? '' : [example].flat().join(',')
      const input = element('input', {
        ...(parameter.required && { required: true }),
        // The author's own example of an optional one is meant to be sent; what its type offers is a hint.
        ...(parameter.required || parameter.example !== undefined
          ? { value: known }
          : { placeholder: known }),
        autocomplete: 'off',
      })
      const label = `${parameter.name} (${parameter.in}${parameter.required ? ', required' : ''})`
      return { parameter, input, view: field(label, input, parameter.description) }
    })
  const [mediaType, media] = Object.entries(body?.content ?? {})[0] ?? []
  const isText = mediaType !== undefined && /[/+]json$|^text\//.test(mediaType)
  const example = media && exampleOf(media, components)
  const bodyInput =
    mediaType === undefined
      ? undefined
      : isText
        ? element(
            'textarea',
            { spellcheck: 'false' },
            typeof example === 'string' && !/json$/.test(mediaType) ? example : (pretty(example) ?? ''),
          )
        : element('input', { type: 'file' })
  const answer = element('div', { 'aria-live': 'polite' })
  const request = () => {
    const query = new URLSearchParams()
    const headers = {}
    let target = path
    for (const { parameter, input } of inputs) {
      if (parameter.in === 'path')
        target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value))
      else if (input.value === '') continue
      else if (parameter.in === 'header') headers[parameter.name] = input.value
      else {
        const isList = [resolve(parameter.schema, components).type].flat().includes('array')
        const values = isList && parameter.explode !== false ? input.value.split(',') : [input.value]
        for (const value of values) query.append(parameter.name, value)
      }
    }
    for (const [scheme, value] of credentials) {
      if (value === '') continue
      if (scheme.type !== 'apiKey') headers.Authorization = `Bearer ${value}`
      else if (scheme.in === 'query') query.append(scheme.name, value)
      else if (scheme.in === 'header') headers[scheme.name] = value
    }
    const sent = bodyInput?.type === 'file' ? bodyInput.files[0] : bodyInput?.value
    if (sent !== undefined && sent !== '') headers['Content-Type'] = mediaType
    const search = query.size > 0 ? `?${query}` : ''
    return {
      url: new URL(basePath + target + search, location.href),
      headers,
      sent: sent === '' ? undefined : sent,
    }
  }
  const send = async (event) => {
    event.preventDefault()
    const { url, headers, sent } = request()
    answer.replaceChildren(element('p', { class: 'quiet' }, 'Waiting for the response …'))
    const startedAt = performance.now()
    try {
      const response = await fetch(url, { method: method.toUpperCase(), headers, body: sent })
      const type = response.headers.get('content-type') ?? ''
      const text = /json|text|xml/.test(type)
        ? await response.text()
        : `${(await response.blob()).size} bytes of ${type || 'nothing'}`
      const fieldsOf = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
      answer.replaceChildren(
        element(
          'h4',
          { class: response.ok ? '' : 'error' },
          `${response.status} ${response.statusText}, ${Math.round(performance.now() - startedAt)} ms`,
        ),
        element('pre', { tabindex: 0 }, /json/.test(type) ? indented(text) : text),
        element('details', {}, element('summary', {}, 'Header fields'), element('pre', {}, fieldsOf)),
        element(
          'details',
          {},
          element('summary', {}, 'curl'),
          element('pre', { tabindex: 0 }, curl(method, url, headers, sent)),
        ),
      )
    } catch (error) {
      answer.replaceChildren(element('p', { class: 'error' }, `There was no response: ${error.message}`))
    }
  }
  return element(
    'form',
    { submit: (event) => void send(event) },
    element('h3', {}, 'Try it'),
    ...inputs.map(({ view }) => view),
    ...(bodyInput ? [field(`Body (${mediaType})`, bodyInput, '')] : []),
    element('p', {}, element('button', {}, 'Send')),
    answer,
  )
}

function curl(method, url, headers, sent) {
  const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`
  const named = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  const data = typeof sent === 'string' ? [`-d ${quoted(sent)}`] : []
  return ['curl', `-X ${method.toUpperCase()}`, ...named, ...data, quoted(url)].join(' ')
}

function outlinedOperation(operation) {
  const { id, method, path, summary, deprecated } = operation
  const details = element(
    'details',
    { class: `operation${deprecated ? ' deprecated' : ''}`, id },
    element(
      'summary',
      {},
      element('span', { class: `method ${method}` }, method.toUpperCase()),
      element('span', { class: 'path' }, path),
      ` ${summary}${deprecated ? ' (deprecated)' : ''}`,
    ),
  )
  return opened(details, async () => {
    try {
      const response = await fetch(`operations/${encodeURIComponent(id)}`)
      if (!response.ok) throw new Error(`status ${response.status}`)
      details.append(operationView(await response.json(), operation))
    } catch (error) {
      details.append(element('p', { class: 'error' }, `The operation could not be loaded: ${error.message}`))
    }
  })
}

function credentialFields() {
  return outline.schemes
    .filter(({ type, scheme }) => type !== 'mutualTLS' && (type !== 'http' || /^bearer$/i.test(scheme)))
    .map((scheme) => {
      const isKey = scheme.type === 'apiKey'
      const input = element('input', {
        autocomplete: 'off',
        spellcheck: 'false',
        input: () => credentials.set(scheme, input.value),
      })
      const view = field(isKey ? `API key (${scheme.name})` : `Access token (${scheme.id})`, input, '')
      if (isKey && outline.offeredKey !== undefined) {
        const take = () => {
          input.value = outline.offeredKey
          credentials.set(scheme, input.value)
        }
        view.append(
          element(
            'p',
            {},
            element('button', { type: 'button', click: take }, `Use the demo’s key, ${outline.offeredKey}`),
          ),
        )
      }
      return view
    })
}

const tags = outline.tags.map((tag) => {
  const details = element('details', { class: 'tag' })
  const count = element('span', { class: 'quiet' })
  details.append(element('summary', {}, element('strong', {}, tag.name), ' ', count))
  const list = element('div')
  details.append(prose(tag.description), list)
  let shown = tag.operations
  const fill = () => {
    list.replaceChildren(...shown.map(outlinedOperation))
  }
  const show = (operations) => {
    const isSame = operations.length === shown.length && list.childElementCount > 0
    shown = operations
    count.textContent = `${shown.length}`
    details.hidden = shown.length === 0
    if (details.open && !isSame) fill()
    else if (!isSame) list.replaceChildren()
  }
  details.addEventListener('toggle', () => {
    if (details.open && list.childElementCount === 0) fill()
  })
  show(tag.operations)
  return { tag, details, show, fill }
})

/** Opened by the filter, as long as that is not too much to look at. */
const MOST_OPENED = 200

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = tags.map(({ tag, details, show }) => {
    const operations = tag.operations.filter(({ id, method, path, summary }) => {
      const all = `${tag.name} ${id} ${method} ${path} ${summary}`.toLowerCase()
      return words.every((word) => all.includes(word))
    })
    return { details, show, operations }
  })
  const total = found.reduce((sum, { operations }) => sum + operations.length, 0)
  for (const { details, show, operations } of found) {
    show(operations)
    details.open = words.length > 0 && total <= MOST_OPENED && operations.length > 0
  }
  const counted = total === 1 ? '1 operation matches' : `${total} operations match`
  status.textContent = words.length > 0 ? counted : ''
}

const filterInput = element('input', {
  type: 'search',
  input: () => filter(filterInput.value),
  autocomplete: 'off',
})
const status = element('p', { class: 'quiet', role: 'status' })

/** The same API in its other versions, where the server has several. */
function versionsView(versions) {
  if (versions === undefined) return []
  const links = versions.flatMap(({ name, version, page, current }, index) => {
    const text = `${name} (${version})`
    const link = current
      ? element('strong', { 'aria-current': 'page' }, text)
      : element('a', { href: page }, text)
    return [index > 0 ? ' · ' : '', link]
  })
  return [element('nav', { 'aria-label': 'Versions' }, 'Versions: ', ...links)]
}

document
  .querySelector('header')
  .append(
    ...versionsView(outline.versions),
    element(
      'p',
      { class: 'quiet' },
      `Version ${outline.version} · OpenAPI `,
      ...['openapi.json', 'openapi.yaml', 'openapi-3.0.json', 'openapi-3.0.yaml'].flatMap((name, index) => [
        index > 0 ? ' · ' : '',
        element('a', { href: `${basePath}/${name}` }, name),
      ]),
    ),
    prose(outline.description),
  )
main.replaceChildren(
  element('div', { class: 'bar' }, field('Filter operations', filterInput, ''), ...credentialFields()),
  status,
  ...tags.map(({ details }) => details),
)

/** `#getAccount` in the address opens that operation. */
function openNamed() {
  const id = decodeURIComponent(location.hash.slice(1))
  const tag = tags.find(({ tag: { operations } }) => operations.some((operation) => operation.id === id))
  if (!tag) return
  tag.details.open = true
  tag.fill()
  const details = document.getElementById(id)
  details.open = true
  details.scrollIntoView()
}
addEventListener('hashchange', openNamed)
openNamed()
