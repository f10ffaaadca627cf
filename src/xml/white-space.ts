/**
 * White space of XML: space, tab, line feed and carriage return (XML 1.0, production [3]). `String.prototype.trim` and
 * `\s` take 21 characters more, which XML counts as text: a no-break space is no part of the name that it stands beside.
 */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d
}

/** The text without white space at its ends; undefined stays that. */
export function trimXml(text: string): string
export function trimXml(text: string | undefined): string | undefined
export function trimXml(text: string | undefined): string | undefined {
  return text === undefined ? undefined : trimXmlStart(trimXmlEnd(text))
}

export function trimXmlStart(text: string): string {
  let start = 0
  while (start < text.length && isSpace(text.charCodeAt(start))) start++
  return start === 0 ? text : text.slice(start)
}

export function trimXmlEnd(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  return end === text.length ? text : text.slice(0, end)
}

/** Whether there is nothing but white space. */
export function isBlank(text: string): boolean {
  return trimXmlEnd(text) === ''
}

/** The items of a list (XML Schema 1.0 part 2, section 4.1.2.2). */
export function xmlWords(text: string): string[] {
  return text.split(/[ \t\n\r]+/).filter((word) => word !== '')
}
