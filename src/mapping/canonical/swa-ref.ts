import { WSI_SWA } from '../../base/namespaces.js'
import type { ScalarMapping } from './value-mapping.js'

/** Is it the URL of a part, in whose place JSON has the part itself (WS-I Attachments Profile 1.0, section 4.4)? */
export function isSwaRef({ type: { name } }: ScalarMapping): boolean {
  return name?.namespace === WSI_SWA && name.localName === 'swaRef'
}
