/** Drafts of a room's chat on this device: each page keeps its own, and takes none away from another. */
import { list } from "../../shared/json";
import { tab } from "../../shared/memory";

/** Of more the oldest go. */
const DRAFTS = 20;

/** A page load, and the one before it in the same tab. */
export interface Page {
  readonly id: string;
  readonly before: string | undefined;
}

interface Draft {
  place: string;
  text: string;
  /** The page that wrote it; empty where that was not noted. */
  page: string;
}

let known: Page | undefined;

export function thisPage(): Page {
  if (!known) {
    known = { id: Math.random().toString(36).slice(2), before: tab.read("page") };
    tab.write("page", known.id);
  }
  return known;
}

export class Drafts {
  /** Drafts written here, by place; one that was emptied here is empty. */
  private readonly own = new Map<string, string>();
  /** Drafts that other pages had left when this one came, by place. */
  private readonly found = new Map<string, Draft>();

  constructor(
    kept: unknown,
    private readonly page: Page,
  ) {
    for (const draft of parse(kept)) {
      const { place } = draft;
      if (draft.page === page.id) this.own.set(place, draft.text);
      // The newest comes last, but one's own from before the page was loaded anew is nearer.
      else if (!this.isBefore(this.found.get(place))) this.found.set(place, draft);
    }
  }

  at(place: string): string {
    return this.own.get(place) ?? this.found.get(place)?.text ?? "";
  }

  set(place: string, text: string): void {
    this.own.delete(place);
    this.own.set(place, text);
  }

  /** The drafts to be stored in place of what is stored meanwhile. */
  merged(kept: unknown): [place: string, text: string, page: string][] {
    const others = parse(kept).filter((draft) => draft.page !== this.page.id && !this.isOver(draft));
    const own = [...this.own].filter(([, text]) => text !== "");
    return [
      ...others.map(({ place, text, page }): [string, string, string] => [place, text, page]),
      ...own.map(([place, text]): [string, string, string] => [place, text, this.page.id]),
    ].slice(-DRAFTS);
  }

  /** Whether other drafts of this page are stored than it has: another page wrote at the same moment. */
  isOutdated(kept: unknown): boolean {
    const stored = new Map(
      parse(kept).flatMap(({ page, place, text }) => (page === this.page.id ? [[place, text]] : [])),
    );
    return [...new Set([...stored.keys(), ...this.own.keys()])].some(
      (place) => (stored.get(place) ?? "") !== (this.own.get(place) ?? ""),
    );
  }

  /** Whether another page's draft was gone on with here: it is sent or emptied, or this page's own by now. */
  private isOver(draft: Draft): boolean {
    const text = this.own.get(draft.place);
    const found = this.found.get(draft.place);
    if (text === undefined || found?.page !== draft.page || found.text !== draft.text) return false;
    return text === "" || draft.page === "" || this.isBefore(draft);
  }

  private isBefore(draft: Draft | undefined): boolean {
    return draft !== undefined && draft.page === this.page.before;
  }
}

function parse(kept: unknown): Draft[] {
  return list(kept).flatMap((draft) => {
    const [place, text, page] = list(draft);
    if (typeof place !== "string" || typeof text !== "string") return [];
    return [{ place, text, page: typeof page === "string" ? page : "" }];
  });
}
