/** The presence of others, by the client id under which they write. */

/** Name, colour and, in one document at most, a caret as encoded relative positions. */
export interface Here {
  name: string;
  color: string;
  document?: string;
  anchor?: Uint8Array;
  head?: Uint8Array;
}

export class Presences {
  private readonly all = new Map<number, Here>();

  /** Takes what someone says; `null` when they are gone. */
  set(client: number, here: Here | null): void {
    if (here) this.all.set(client, here);
    else this.all.delete(client);
  }

  of(client: number): Here | undefined {
    return this.all.get(client);
  }

  clients(): Iterable<number> {
    return this.all.keys();
  }
}
