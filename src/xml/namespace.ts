/** A namespace name and the expanded names made with it. */
export class Namespace {
  /** Local name to Clark notation. */
  readonly names = new Map<string, string>()

  constructor(readonly uri: string) {}
}
