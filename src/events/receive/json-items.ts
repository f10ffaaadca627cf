/** The member of the text that the codec writes where a part of a message is wanted. */
const SELECTED = '{"body":'

/**
 * Takes the events out of the JSON text of a message, without reading their values: every digit stays as it is.
 *
 * @param json as our own codec has written it
 * @param isSelected whether the message is one member of an object
 * @param isList whether that is an array of events
 * @returns the text of each
 */
export function eventsIn(
  json: string,
  { isSelected, isList }: { readonly isSelected: boolean; readonly isList: boolean },
): readonly string[] {
  if (!isSelected) return [json]
  if (!json.startsWith(SELECTED)) return []
  const value = json.slice(SELECTED.length, -1)
  if (isList) return itemsOf(value)
  return value === 'null' ? [] : [value]
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

/** The items of an array, each as its text. */
function itemsOf(array: string): readonly string[] {
  const items: string[] = []
  let depth = 0
  let from = 1
  for (let at = 0; at < array.length; at++) {
    const code = array.charCodeAt(at)
    if (code === QUOTE) at = endOfText(array, at)
    else if (code === 0x5b || code === 0x7b) depth++
    else if (code === 0x5d || code === 0x7d) depth--
    if ((code === COMMA && depth === 1) || depth === 0) {
      if (at > from) items.push(array.slice(from, at))
      from = at + 1
    }
  }
  return items
}

/** The place of the quote that ends a text. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}
