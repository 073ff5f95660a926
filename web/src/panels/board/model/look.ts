/** How elements are shown if not as they are stored: costly ones as outlines, refused pictures as such. */
import { sameEdit, type SceneElement } from "../codec/element";
import { HANDS, LINES } from "../codec/limits";
import { ORNAMENTS, outlined, outlineOf } from "./cost";
import { isEqual } from "./merge";
import { TIES } from "./ties";

export class Look {
  private bare: ReadonlySet<string> = new Set();
  /** Of what was shown as an outline and deleted here, all of it: for when the deletion is taken back. */
  private readonly deleted = new Map<string, SceneElement>();

  /** `isRefused`: whether a picture is there and not shown. */
  constructor(private readonly isRefused: (file: string) => boolean) {}

  /** How many elements are shown as outlines. */
  get outlines(): number {
    return this.bare.size;
  }

  /** The stored elements, as far as they can be drawn. */
  of(stored: readonly SceneElement[]): SceneElement[] {
    const bare = outlined(stored, LINES);
    this.bare = bare;
    return stored.map((element) => {
      if (bare.has(element.id)) return outlineOf(element);
      const { type, fileId } = element;
      const isRefused = type === "image" && typeof fileId === "string" && this.isRefused(fileId);
      return isRefused ? { ...element, status: "error" } : element;
    });
  }

  /** The drafts of the others; they never change how anything else looks. */
  ofDrafts(drafts: Map<string, SceneElement>): Map<string, SceneElement> {
    for (const id of outlined(drafts.values(), HANDS)) {
      const element = drafts.get(id);
      if (element) drafts.set(id, outlineOf(element));
    }
    return drafts;
  }

  /** Whether storing these can change how anything looks. */
  isChangedBy(elements: Iterable<SceneElement | null>): boolean {
    const some = [...elements].flatMap((element) => element ?? []);
    return this.bare.size > 0 || outlined(some, LINES).size > 0;
  }

  /** One's own edit deletes this. */
  deleting(element: SceneElement): void {
    if (this.bare.has(element.id)) this.deleted.set(element.id, element);
  }

  /** An outline whose deletion is taken back gets what was not shown of it. */
  restored(element: SceneElement): SceneElement {
    const whole = this.deleted.get(element.id);
    const bare = whole && outlineOf(whole);
    if (!whole || !ORNAMENTS.every((name) => bare?.[name] === element[name])) return element;
    return { ...element, ...Object.fromEntries(ORNAMENTS.map((name) => [name, whole[name]])) };
  }
}

const LOOKS = ["locked", ...ORNAMENTS] as const;

/** Whether two states of one element are drawn alike and are the same edit. */
export function looksSame(a: SceneElement, b: SceneElement): boolean {
  if (a === b) return true;
  return (
    sameEdit(a, b) &&
    a.index === b.index &&
    isEqual(a.link, b.link) &&
    // Not everything is shown as it is stored.
    LOOKS.every((name) => a[name] === b[name]) &&
    TIES.every((name) => isEqual(a[name], b[name])) &&
    (a.status === "error") === (b.status === "error")
  );
}
