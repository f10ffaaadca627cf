/** XML text that is complete and escaped. */
export interface Markup {
  readonly xml: string
}

export type Content = Markup | readonly (Markup | undefined)[] | undefined

export function text(value: string): Markup {
  return { xml: value.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`) }
}

/**
 * Writes an element. Prefixes are the caller's business: namespace declarations are attributes like others.
 *
 * @param attributes those without a value are left out
 * @param content children that are `undefined` are left out
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  content?: Content,
): Markup {
  const tag = [name]
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) tag.push(`${attribute}="${escapeAttribute(value)}"`)
  }
  const children = Array.isArray(content) ? content : [content]
  const inner = children.map((child: Markup | undefined) => child?.xml ?? '').join('')
  return { xml: inner === '' ? `<${tag.join(' ')}/>` : `<${tag.join(' ')}>${inner}</${name}>` }
}

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
