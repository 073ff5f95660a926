/**
 * Between a page of the shared document and a drawing surface.
 *
 * ```text
 *   stored (Y.Map) ── refresh ──►  surface  ── changed ──► edits in progress ──► one's own drafts (live)
 *   drafts of others ─────┘                                       └─ ended ───► stored
 * ```
 * The stored elements decide: all pages with the same updates show the same scene, apart from drafts.
 * The scene remembers what it showed, and so distinguishes one's own edits from the echo of what was shown.
 */
import { isKeepable } from "../codec/codec";
import { sameEdit, type SceneElement } from "../codec/element";
import type { Drafts } from "../live/drafts";
import { Look, looksSame } from "./look";
import { between, place } from "./between";
import { changedFields, isEqual, merged } from "./merge";
import { inOrder, repaired } from "./order";
import type { PageStore } from "./pageStore";
import { isTied, mended } from "./ties";

/** A drawing surface, e.g. Excalidraw. */
export interface Surface {
  /** Everything in the scene, deleted elements too. */
  elements(): readonly SceneElement[];
  /** Replaces the scene, outside of anybody's undo. Objects that were in it stay the same objects. */
  show(elements: SceneElement[]): void;
}

interface InHand {
  element: SceneElement;
  stored: SceneElement | undefined;
}

/** The outcome of an edit. */
export interface Stored {
  /** `null` for what was deleted. */
  changes: ReadonlyMap<string, SceneElement | null>;
  /** Copies of the elements that no board can have, as they were: they were taken out again. */
  refused: readonly SceneElement[];
  /** How many links were left out, because a click on them would open nothing. */
  unlinked: number;
}

/** The edits in progress of the person at the surface. */
export interface Hands {
  /** A pointer is pressed: every change is an edit in progress. */
  pressed: boolean;
  /** Elements that are being edited without a pointer, e.g. a text being typed. */
  unfinished: ReadonlySet<string>;
}

const nothing: Stored = { changes: new Map(), refused: [], unlinked: 0 };

export class Scene {
  /** Copies of what the surface was given or said itself: the surface changes its objects in place. */
  private shown = new Map<string, SceneElement>();
  private held = new Set<string>();
  private unfinished: ReadonlySet<string> = new Set();
  /** In the scene only because somebody else is drawing them: never ours to store. */
  private foreign = new Set<string>();
  private showing = false;
  /** In order, with places that grow; made anew when what is stored changes. */
  private arranged: SceneElement[] | undefined;
  /** Where each stands in it: the place that is stored, and the one that grows. */
  private readonly places = new Map<string, { at: number; told: string | null; index: string }>();

  constructor(
    private readonly store: PageStore,
    private readonly drafts: Drafts,
    private readonly surface: Surface,
    readonly look = new Look(() => false),
  ) {}

  /** Elements the surface has and the document does not have yet. */
  inHand(): InHand[] {
    const stored = this.store.elements;
    return this.surface
      .elements()
      .filter(({ id }) => this.held.has(id))
      .map((element) => ({ element, stored: stored.get(element.id) }));
  }

  /** An edit is in progress. */
  get holds(): boolean {
    return this.held.size > 0;
  }

  /** The surface changed, by its person or by this scene. Elements that nobody is editing are stored. */
  changed(elements: readonly SceneElement[], { pressed, unfinished }: Hands): Stored {
    if (this.showing) return nothing;
    this.unfinished = unfinished;
    const edited = this.edited(elements);
    return pressed ? nothing : this.letGo(edited.filter(({ id }) => !unfinished.has(id)));
  }

  /** Stores the edits in progress as they stand, if they are elements yet. They stay in progress. */
  pause(elements: readonly SceneElement[]): Stored {
    const isOne = (element: SceneElement) => element.text !== "" && isKeepable(element);
    return this.letGo(this.edited(elements).filter((element) => element.isDeleted || isOne(element)));
  }

  /** These changed in what is stored. As long as none of them came, went or changed places, the order stands. */
  stale(ids: Iterable<string>): void {
    for (const id of ids) {
      const element = this.store.elements.get(id);
      const place = this.places.get(id);
      if (!this.arranged || !element || place?.told !== element.index) {
        this.arranged = undefined;
        return;
      }
      this.arranged[place.at] = at(element, place.index);
    }
  }

  /** Shows the stored elements, the drafts of others, and one's own edits in progress. */
  refresh(): void {
    // An edit that the surface has not told yet must not be painted over.
    this.edited(this.surface.elements());
    const own = new Map(this.surface.elements().map((element) => [element.id, element]));
    const drafts = this.look.ofDrafts(this.drafts.elements(this.store.elements));
    const held = [...own.values()].filter(({ id }) => this.held.has(id));
    const stored = this.look.of(mended(this.stored(), [...drafts.values(), ...held]));
    const shown = new Map<string, SceneElement>();
    const settled: SceneElement[] = [];
    const loose: SceneElement[] = [];
    for (const element of stored) {
      const inHand = this.held.has(element.id) ? own.get(element.id) : undefined;
      const draft = drafts.get(element.id);
      if (inHand) (this.hold(inHand, element, shown) ? settled : loose).push(inHand);
      else settled.push(this.present(draft ? { ...draft, index: element.index } : element, own, shown));
    }
    this.foreign = new Set(
      [...drafts.keys()].filter((id) => !this.store.elements.has(id) && !this.held.has(id)),
    );
    for (const id of this.foreign) {
      const draft = drafts.get(id);
      if (draft) loose.push(this.present(draft, own, shown));
    }
    // An element being edited stays, even if somebody else deleted it meanwhile.
    for (const id of new Set([...this.held, ...this.unfinished])) {
      const element = own.get(id);
      if (!element || this.store.elements.has(id) || this.foreign.has(id)) continue;
      if (this.held.has(id) || !element.isDeleted) loose.push(this.keep(element, shown));
    }
    this.shown = shown;
    this.showing = true;
    try {
      this.surface.show(between(settled, loose));
    } finally {
      this.showing = false;
    }
  }

  /** The elements that say something else than what was shown. */
  private edited(elements: readonly SceneElement[]): SceneElement[] {
    const edited = elements.filter((element) => {
      if (this.foreign.has(element.id) && !this.store.elements.has(element.id)) return false;
      const shown = this.shown.get(element.id);
      return shown ? !sameEdit(shown, element) : !element.isDeleted;
    });
    this.held = new Set(edited.map(({ id }) => id));
    return edited;
  }

  private letGo(edited: readonly SceneElement[]): Stored {
    if (edited.length === 0) return nothing;
    const changes = new Map<string, SceneElement | null>();
    let differs = false;
    for (const element of edited) {
      const outcome = this.outcome(element);
      this.shown.set(element.id, { ...element });
      if (outcome === undefined) continue;
      changes.set(element.id, outcome);
      // The elements that it names may be gone.
      differs ||= outcome !== null && (isTied(outcome) || !looksSame(outcome, element));
    }
    for (const { id } of edited) this.held.delete(id);
    if (changes.size === 0) return nothing;
    const refused = this.store.write(changes).flatMap((id) => changes.get(id) ?? []);
    this.stale(changes.keys());
    for (const { id } of refused) changes.delete(id);
    const relinked = [...changes.values()].flatMap((element) => {
      const stored = element && this.store.elements.get(element.id);
      return !stored || isEqual(element.link, stored.link) ? [] : stored;
    });
    // The author of something too costly, or of no element at all, sees at once what everybody sees.
    if (differs || refused.length > 0 || relinked.length > 0 || this.look.isChangedBy(changes.values()))
      this.refresh();
    const unlinked = relinked.filter(({ link }) => (link ?? "") === "").length;
    return { changes, refused: refused.map((element) => ({ ...element })), unlinked };
  }

  /** The result of an edit: an element to store, `null` to delete it, nothing if there is nothing to write. */
  private outcome(element: SceneElement): SceneElement | null | undefined {
    const { id, isDeleted } = element;
    const [base, current] = [this.shown.get(id), this.store.elements.get(id)];
    if (isDeleted) {
      if (current) this.look.deleting(current);
      return current ? null : undefined;
    }
    // Its file is still being read.
    if (element.type === "image" && !element.fileId) return undefined;
    if (!current) return this.look.restored(element);
    if (!base || base.isDeleted) return element;
    if (Object.keys(changedFields(base, element)).length === 0) return undefined;
    return merged(base, element, current);
  }

  private stored(): readonly SceneElement[] {
    if (this.arranged) return this.arranged;
    this.places.clear();
    const sorted = [...this.store.elements.values()].sort(inOrder);
    this.arranged = repaired(sorted).map(({ element, index }, i) => {
      this.places.set(element.id, { at: i, told: element.index, index });
      return at(element, index);
    });
    return this.arranged;
  }

  /** Keeps an element being edited at its place; false if the edit itself moved it to another. */
  private hold(inHand: SceneElement, stored: SceneElement, shown: Map<string, SceneElement>): boolean {
    const before = this.shown.get(inHand.id);
    this.keep(inHand, shown);
    if (before && before.index !== inHand.index) return false;
    if (before && before.index !== stored.index) shown.set(inHand.id, { ...before, index: stored.index });
    place(inHand, stored.index);
    return true;
  }

  /** The surface's own object, which it may be changing. */
  private keep(element: SceneElement, shown: Map<string, SceneElement>): SceneElement {
    const before = this.shown.get(element.id);
    if (before) shown.set(element.id, before);
    return element;
  }

  /** The object the surface has if it says the same, so that nothing is drawn anew; else a copy. */
  private present(
    wanted: SceneElement,
    own: ReadonlyMap<string, SceneElement>,
    shown: Map<string, SceneElement>,
  ): SceneElement {
    const has = own.get(wanted.id);
    const before = this.shown.get(wanted.id);
    const same =
      has && before && sameEdit(has, wanted) && has.index === wanted.index && looksSame(before, wanted);
    shown.set(wanted.id, wanted);
    return same ? has : { ...wanted };
  }
}

function at(element: SceneElement, index: string): SceneElement {
  return element.index === index ? element : { ...element, index };
}
