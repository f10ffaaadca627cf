import { XSI } from '../base/namespaces.js'
import { isName } from './chars.js'
import { DEFAULT_PREFIX } from './names.js'
import { TagReader } from './tag-reader.js'
import { trimXml } from './white-space.js'

const XSI_NIL = `{${XSI}}nil`
const XSI_TYPE = `{${XSI}}type`

/** Tells what XML Schema has of its own in documents: attributes that say what an element is, and names as values. */
export class InstanceReader extends TagReader {
  /** Whether `xsi:nil` says so (XML Schema 1.0 part 1, section 2.6.2). */
  isNil(): boolean {
    if (this.attributeCount === 0) return false
    const lexical = trimXml(this.attribute(XSI_NIL))
    if (lexical === undefined || lexical === 'false' || lexical === '0') return false
    if (lexical === 'true' || lexical === '1') return true
    throw this.error('"xsi:nil" that is not an xs:boolean', this.octet, 'lexical')
  }

  /** The type that `xsi:type` names, in Clark notation (XML Schema 1.0 part 1, section 2.6.1). */
  typeName(): string | undefined {
    if (this.attributeCount === 0) return undefined
    const lexical = this.attribute(XSI_TYPE)
    return lexical === undefined ? undefined : this.resolveQName(lexical)
  }

  /** The same number as long as a name means the same to `resolveQName`. */
  get scope(): number {
    return this.bindings.version
  }

  /**
   * Resolves an `xs:QName` against the namespaces in scope, the default one among them: those of the current element, and directly
   * after `text()` those of the element whose text it was.
   *
   * @param lexical white space around it is ignored
   * @returns Clark notation
   */
  resolveQName(lexical: string): string {
    const name = trimXml(lexical)
    const colon = name.indexOf(':')
    const local = name.slice(colon + 1)
    const wellFormed = colon !== 0 && isName(local) && !local.includes(':')
    if (!wellFormed) throw this.error('A value that is not an xs:QName', this.octet, 'lexical')
    const id = colon === -1 ? DEFAULT_PREFIX : this.bindings.names.prefixId(name.slice(0, colon))
    const namespace = id === undefined ? undefined : this.bindings.bound[id]
    if (namespace === undefined) {
      throw this.error('An xs:QName whose prefix is not declared', this.octet, 'lexical')
    }
    return this.bindings.names.expanded(namespace, local)
  }
}
