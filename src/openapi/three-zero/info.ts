import { isObject, type OpenApiObject } from '../document.js'
import { join } from '../pointer.js'
import type { Notes } from './notes.js'

/** One licence of the SPDX list, with a page of its own; an expression of several has none. */
const SPDX = /^[A-Za-z0-9.+-]+$/

/** The Info Object: its summary begins the description, and the licence is a URL. */
export function info30(info: unknown, pointer: string, notes: Notes): OpenApiObject {
  if (!isObject(info)) return { title: '', version: '' }
  const { summary, license, ...rest } = info
  const texts = [summary, rest.description].filter((text) => typeof text === 'string' && text !== '')
  return {
    ...rest,
    ...(texts.length > 0 && { description: texts.join('\n\n') }),
    ...(isObject(license) && { license: license30(license, join(pointer, 'license'), notes) }),
  }
}

function license30({ identifier, ...rest }: OpenApiObject, pointer: string, notes: Notes): OpenApiObject {
  if (typeof identifier !== 'string' || rest.url !== undefined) return rest
  if (SPDX.test(identifier)) return { ...rest, url: `https://spdx.org/licenses/${identifier}.html` }
  notes.add(join(pointer, 'identifier'), 'The expression of licences is left out: 3.0 has a URL alone.')
  return rest
}
