/** What is known of a certificate. */
export type RevocationStatus =
  /** `until`: when somebody has to ask again, in milliseconds since 1970. */
  | { readonly status: 'good'; readonly until: number }
  | { readonly status: 'revoked' }
  /** `why`: the cause, without names and addresses; `cause` is for the log. */
  | { readonly status: 'unknown'; readonly why: string; readonly cause?: unknown }
