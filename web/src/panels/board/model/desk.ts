/** Somebody at a board without a screen, for tests: a document, a scene, and paper to draw on. */
import * as Y from "yjs";
import type { SceneElement } from "../codec/element";
import { sample } from "../codec/samples";
import { Drafts } from "../live/drafts";
import { PageStore } from "./pageStore";
import { type Hands, Scene, type Surface } from "./scene";

export const FREE: Hands = { pressed: false, unfinished: new Set() };

/** Draws nothing, and like Excalidraw changes its objects in place. */
export class Paper implements Surface {
  all: SceneElement[] = [];
  shows = 0;

  elements(): readonly SceneElement[] {
    return this.all;
  }

  show(elements: SceneElement[]): void {
    this.shows += 1;
    for (const [i, { index }] of elements.entries()) {
      const before = elements[i - 1]?.index ?? "";
      if (index === null || index <= before) throw new Error(`out of order: ${before}, ${index}`);
    }
    this.all = elements;
  }

  edit(id: string, changes: Partial<SceneElement>): void {
    const element = this.all.find((each) => each.id === id);
    if (!element) throw new Error(`no ${id} on paper`);
    Object.assign(element, changes, { version: element.version + 1, versionNonce: nonce() });
  }

  draw(id: string, changes: Partial<SceneElement> = {}): void {
    const index = changes.index ?? `a${this.all.length}`;
    const free = { groupIds: [], boundElements: null, version: 1, versionNonce: nonce() };
    this.all = [...this.all, sample("box", { id, ...free, ...changes, index })];
  }

  seen(): Partial<SceneElement>[] {
    return this.all
      .filter(({ isDeleted }) => !isDeleted)
      .map(({ id, index, x, strokeColor, version, versionNonce }) => ({
        id,
        index,
        x,
        strokeColor,
        version,
        versionNonce,
      }));
  }
}

let last = 0;
const nonce = () => (last += 1);

export class Desk {
  readonly doc = new Y.Doc();
  readonly paper = new Paper();
  readonly store: PageStore;
  readonly drafts = new Drafts("main");
  readonly scene: Scene;
  updates: Uint8Array[] = [];
  private hands: Hands = FREE;

  constructor(client: number) {
    this.doc.clientID = client;
    this.store = new PageStore(this.doc, "main");
    this.scene = new Scene(this.store, this.drafts, this.paper);
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "others") this.updates.push(update);
    });
    this.store.onChange((ids) => {
      this.drafts.settle(ids, this.store.elements);
      this.scene.stale(ids);
    });
    this.scene.refresh();
  }

  act(change: (paper: Paper) => void, pressed = false, unfinished: readonly string[] = []): void {
    change(this.paper);
    this.hands = { pressed, unfinished: new Set(unfinished) };
    this.scene.changed(this.paper.all, this.hands);
  }

  take(updates: readonly Uint8Array[]): void {
    for (const update of updates) Y.applyUpdate(this.doc, update, "others");
    this.scene.refresh();
    // The surface tells of what it was just shown.
    this.scene.changed(this.paper.all, this.hands);
  }
}

export function exchange(...desks: Desk[]): void {
  const sent = desks.map((desk) => desk.updates.splice(0));
  desks.forEach((desk, i) => desk.take(sent.filter((_, j) => j !== i).flat()));
}

export function pair(): [Desk, Desk] {
  return [new Desk(1), new Desk(2)];
}
