/**
 * An element as node-soap read it: children are properties by local name, attributes a property `attributes`,
 * text the value itself, or `$value` beside attributes.
 */
export class Message {
  constructor(private readonly node: unknown) {}

  /** Text of this element; empty where it has none. */
  get text(): string {
    const value = isRecord(this.node) ? this.node.$value : this.node
    return typeof value === 'string' ? value : ''
  }

  /** Local name of the type that xsi:type gives. */
  get xsiType(): string | undefined {
    return this.attribute('xsi:type')?.replace(/^.*:/, '')
  }

  attribute(name: string): string | undefined {
    const attributes = isRecord(this.node) ? this.node.attributes : undefined
    const value = isRecord(attributes) ? attributes[name] : undefined
    return typeof value === 'string' ? value : undefined
  }

  has(name: string): boolean {
    return isRecord(this.node) && this.node[name] !== undefined
  }

  /** Whether the child stands there with xsi:nil. */
  isNil(name: string): boolean {
    return isRecord(this.node) && this.node[name] === null
  }

  /** The first child of that name; one without content where it is absent. */
  child(name: string): Message {
    return this.children(name)[0] ?? new Message(undefined)
  }

  children(name: string): readonly Message[] {
    const value = isRecord(this.node) ? this.node[name] : undefined
    if (value === undefined || value === null) return []
    return (Array.isArray(value) ? value : [value]).map((child: unknown) => new Message(child))
  }

  /** Text of a child, white space around it removed; empty where it is absent. */
  value(name: string): string {
    return this.child(name).text.trim()
  }

  /** As {@link value}, but `undefined` where the child is absent, nil or empty. */
  optional(name: string): string | undefined {
    const value = this.value(name)
    return value === '' ? undefined : value
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
