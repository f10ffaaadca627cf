import { isObject, type OpenApiObject } from '../../../openapi/document.js'

/*
 * Documentation in WSDLs was written for other readers: comments of C# and Java, pages of HTML. Descriptions of OpenAPI are
 * CommonMark. What is markup of these becomes Markdown or goes; all other text stays as it was written.
 */

const entities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    nbsp: ' ',
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    ndash: '–',
    mdash: '—',
    hellip: '…',
  }),
)

/** Tags that are known as markup of comments and pages; others may be what the text is about: `<Order>`. */
const blocks =
  /^(?:summary|remarks|para|p|div|br|hr|ul|ol|dl|dt|dd|table|tr|tbody|thead|example|returns?|value|h[1-6]|section|article|pre|blockquote)$/
const inline: ReadonlyMap<string, string> = new Map(
  Object.entries({
    b: '**',
    strong: '**',
    i: '*',
    em: '*',
    code: '`',
    c: '`',
    tt: '`',
    u: '',
    span: '',
    font: '',
    small: '',
    sup: '',
    sub: '',
    td: ' ',
    th: ' ',
    center: '',
    big: '',
    list: '',
    item: '',
    term: '',
    description: '',
    a: '',
  }),
)

/** Documentation as Markdown; what has no markup of C#, Java or HTML is given back as it is. */
export function markdownOf(text: string): string {
  if (!/[<&@{]/.test(text)) return text
  const decoded = decode(text)
  const tagged = decoded
    .replace(/<!--[^]*?-->/g, '')
    .replace(/<!\[CDATA\[|\]\]>/g, '')
    .replace(
      /<(?:see|seealso|paramref|typeparamref)\s+(?:cref|name|langword|href)="(?:[A-Z]:)?([^"]*)"\s*\/?>(?:<\/\w+>)?/gi,
      (_, name: string) => `\`${shortName(name)}\``,
    )
    .replace(
      /<(param|typeparam|exception)\s+(?:name|cref)="(?:[A-Z]:)?([^"]*)"\s*>/gi,
      (_, _tag, name: string) => `\n- \`${shortName(name)}\`: `,
    )
    .replace(/<\/(?:param|typeparam|exception)>/gi, '\n')
    .replace(
      /<a\s[^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/gi,
      (_, href: string, label: string) => `[${label.trim()}](${href.trim()})`,
    )
    .replace(/<li\b[^>]*>/gi, '\n- ')
    .replace(/<\/li>/gi, '')
    .replace(/<(\/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>/g, (tag: string, _, name: string) => tagText(tag, name))
  return tidy(withoutJavadoc(tagged))
}

/** Twice where it was escaped twice: `&amp;nbsp;`. */
function decode(text: string): string {
  const once = (value: string): string =>
    value.replace(
      /&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return entities.get(name.toLowerCase()) ?? whole
        const code = decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10)
        return code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
          ? String.fromCodePoint(code)
          : ' '
      },
    )
  return once(once(text))
}

function tagText(tag: string, name: string): string {
  const lower = name.toLowerCase()
  const mark = inline.get(lower)
  if (mark !== undefined) return mark
  return blocks.test(lower) ? '\n\n' : tag
}

/** `T:Shop.Orders.Order` is `Order`. */
function shortName(name: string): string {
  const withoutArguments = name.split('(', 1)[0] ?? ''
  return withoutArguments.split(/[.#]/).at(-1) ?? name
}

/** `{@link Order#getId}`, `{@code x}`, `@param id the number`, `@return`, `@author`. */
function withoutJavadoc(text: string): string {
  return text
    .replace(
      /\{@(?:link|linkplain|see)\s{1,99}([^\s}]{1,999})(?:\s{1,99}([^}]{0,999}))?\}/g,
      (_, name: string, label?: string) => label?.trim() ?? `\`${shortName(name)}\``,
    )
    .replace(/\{@(?:code|literal|value)\s{1,99}([^}]{0,999})\}/g, (_, code: string) => `\`${code.trim()}\``)
    .replace(/\{@inheritDoc\}/g, '')
    .replace(/(?:^|\s)@(?:author|version|since|see|serial)\s[^@]*/g, ' ')
    .replace(/(?:^|\s)@param\s+(\w+)\s*-?\s*/g, (_, name: string) => `\n- \`${name}\`: `)
    .replace(/(?:^|\s)@returns?\s+/g, '\n\nReturns ')
    .replace(
      /(?:^|\s)@(?:throws|exception)\s+([\w.]+)\s*-?\s*/g,
      (_, name: string) => `\n- \`${shortName(name)}\`: `,
    )
}

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/[ \t]+/g, ' ').trim())
  const kept = lines.filter((line, index) => line !== '' || (lines[index - 1] ?? '') !== '')
  const spaced = kept.map((line, index) => {
    const before = kept[index - 1] ?? ''
    return line.startsWith('- ') && before !== '' && !before.startsWith('- ') ? `\n${line}` : line
  })
  return spaced
    .join('\n')
    .replace(/\*\*\s*\*\*|``/g, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const values = new Set(['examples', 'example', 'default', 'const', 'enum', 'x-soap', 'x-soap-backends'])

/** A document whose descriptions are all Markdown. */
export function withMarkdown(document: OpenApiObject): OpenApiObject {
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key === 'description' && typeof item === 'string') return [key, markdownOf(item)]
        return [key, values.has(key) && !isObject(value.properties) && key !== 'x-soap' ? item : clean(item)]
      }),
    )
  }
  const cleaned = clean(document)
  return isObject(cleaned) ? cleaned : document
}
