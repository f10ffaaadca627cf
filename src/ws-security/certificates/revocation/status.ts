/** What is known of a certificate. */
export type RevocationStatus =
  /** `at`: when that was so (thisUpdate); `until`: when somebody has to ask again. Both in milliseconds since 1970. */
  | { readonly status: 'good'; readonly at: number; readonly until: number }
  | { readonly status: 'revoked'; readonly at: number }
  /** `why`: the cause, without names and addresses; `cause` is for the log. */
  | { readonly status: 'unknown'; readonly why: string; readonly cause?: unknown }
