/** The drafts of others on one page, until they are stored or taken back. */
import type { SceneElement } from "../codec/element";
import { type Draft, decodeDrafting, drafted } from "./draft";

type Stored = ReadonlyMap<string, SceneElement>;

export class Drafts {
  private readonly byClient = new Map<number, Map<string, Draft>>();

  constructor(private readonly page: string) {}

  /** Takes a seat's drafts; `null` when there are none left. Tells whether anything changed. */
  hear(client: number, value: Uint8Array | null, stored: Stored): boolean {
    const had = this.byClient.delete(client);
    const said = value && decodeDrafting(value);
    if (said?.page !== this.page) return had;
    const open = said.drafts.filter((draft) => !isStored(draft, stored.get(draft.id)));
    if (open.length > 0) this.byClient.set(client, new Map(open.map((draft) => [draft.id, draft])));
    return had || open.length > 0;
  }

  /** These were stored, or deleted: what was drafted of them until then is past. */
  settle(ids: ReadonlySet<string>, stored: Stored): void {
    for (const [client, drafts] of this.byClient) {
      for (const [id, draft] of drafts) {
        const element = stored.get(id);
        if (ids.has(id) && (!element || isStored(draft, element))) drafts.delete(id);
      }
      if (drafts.size === 0) this.byClient.delete(client);
    }
  }

  /** Every draft as an element; of several people's drafts of one element, the highest client's. */
  elements(stored: Stored): Map<string, SceneElement> {
    const shown = new Map<string, SceneElement>();
    for (const client of [...this.byClient.keys()].sort((a, b) => a - b)) {
      for (const [id, draft] of this.byClient.get(client) ?? []) {
        const element = drafted(draft, stored.get(id));
        if (element) shown.set(id, element);
      }
    }
    return shown;
  }
}

/** A finished element may be stored before its author takes the draft back, or after. */
function isStored({ flat }: Draft, element: SceneElement | undefined): boolean {
  return element !== undefined && typeof flat.version === "number" && element.version >= flat.version;
}
