/** What the page shows of a value. Without a text where values are not shown, and for what is no scalar. */
export type JsonView =
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: JsonView])[] }
  | { readonly kind: 'array'; readonly items: readonly JsonView[] }
  | { readonly kind: 'string' | 'number' | 'boolean'; readonly text?: string }
  | { readonly kind: 'null' }

/** An element; names are local, since prefixes mean nothing. */
export interface XmlView {
  readonly name: string
  /** Given where it is another than that of the parent. */
  readonly namespace?: string
  readonly attributes: readonly { readonly name: string; readonly text?: string }[]
  readonly children: readonly XmlView[]
  /** Whether there is character data. */
  readonly hasText: boolean
  readonly text?: string
}

/** One of the four messages of a call. */
export interface MessageView {
  /** `GET /accounts/{accountId}`, `200`, `POST core-banking`. */
  readonly start: string
  readonly headers: readonly { readonly name: string; readonly text?: string }[]
  /** Of a REST request: what stands in its path and its query. */
  readonly parameters?: readonly {
    readonly in: 'path' | 'query'
    readonly name: string
    readonly value: JsonView
  }[]
  readonly json?: JsonView
  readonly xml?: XmlView
  /** Why neither is there, though there is a body. */
  readonly note?: string
}

/** What of a message may be shown. */
export interface Disclosure {
  /** Whether values are shown; else their places and kinds. */
  readonly values: boolean
}
