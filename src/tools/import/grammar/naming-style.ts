/** What the names of a service have in common. */
export interface NamingStyle {
  /** Words that (nearly) all names begin with: `srm` of `srmPing` and `srmReserveSpace`. */
  readonly prefix: readonly string[]
  /** Capitals that all names begin with: `FE` of `FECAESolicitar` and `FEDummy`. */
  readonly capitals: string
  /** Names end in `Request` as a matter of form, so that it is no noun. */
  readonly requestIsForm: boolean
  /** Several things stand before a separator, `Order_Delete` and `Unit_Delete`. */
  readonly entities: boolean
  /** The service speaks another language than English. */
  readonly isForeign: boolean
  /** What several names say before a verb of their own, and is no thing: `fe param` of `FEParamGetTiposIva`. */
  readonly areas: ReadonlySet<string>
  /** Verbs end the names, whatever they may be elsewhere: `salesOrderHold`. */
  readonly verbsLast: boolean
}

export const noStyle: NamingStyle = {
  prefix: [],
  capitals: '',
  requestIsForm: true,
  entities: false,
  isForeign: false,
  areas: new Set(),
  verbsLast: false,
}
