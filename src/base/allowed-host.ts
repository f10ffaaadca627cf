const HOST = /^(\*\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i

/** A host that calls may go to: `na1.crm.example`, `*.crm.example` for what is below it, with or without a port. */
export class AllowedHost {
  private constructor(
    readonly isBelow: boolean,
    readonly name: string,
    readonly port: string | undefined,
  ) {}

  /** @returns undefined where the text is none */
  static parse(text: string): AllowedHost | undefined {
    const [, below, name = '', port] = HOST.exec(text) ?? []
    if (name === '' || (below !== undefined && !name.includes('.'))) return undefined
    return new AllowedHost(below !== undefined, name.toLowerCase(), port)
  }

  /** Without a port that of the scheme is meant. */
  allows({ hostname, port, protocol }: URL): boolean {
    const usual = protocol === 'https:' ? '443' : '80'
    if ((port || usual) !== (this.port ?? usual)) return false
    return this.isBelow ? hostname.endsWith(`.${this.name}`) : hostname === this.name
  }
}
