/**
 * The others' carets and selections, in the awareness format of `y-codemirror.next`. Its own plugin ties a caret
 * to the character after it, so two people writing at one spot see each other's carets slide off; here a caret
 * stays behind the character its owner wrote last.
 */
import { StateEffect, type Extension, type Range } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { inkOn } from "../../shared/color";

interface Place {
  anchor: number;
  head: number;
}

interface Owner {
  client: number;
  name: string;
  color: string;
}

interface Changes {
  added: number[];
  updated: number[];
  removed: number[];
}

const othersMoved = StateEffect.define();

export function carets(text: Y.Text, awareness: Awareness): Extension {
  return [
    ViewPlugin.define((view) => new Carets(view, text, awareness), {
      decorations: (plugin) => plugin.decorations,
    }),
    look,
  ];
}

class Carets {
  decorations: DecorationSet = Decoration.none;
  private telling = false;
  private destroyed = false;

  constructor(
    private readonly view: EditorView,
    private readonly text: Y.Text,
    private readonly awareness: Awareness,
  ) {
    this.decorations = this.draw();
    awareness.on("change", this.changed);
  }

  update(update: ViewUpdate): void {
    if (update.docChanged || update.selectionSet || update.focusChanged) this.tellSoon();
    const moved = update.transactions.some((each) => each.effects.some((effect) => effect.is(othersMoved)));
    if (update.docChanged || moved) this.decorations = this.draw();
  }

  destroy(): void {
    this.destroyed = true;
    this.awareness.off("change", this.changed);
  }

  private readonly changed = ({ added, updated, removed }: Changes): void => {
    const others = [...added, ...updated, ...removed].filter((client) => client !== this.awareness.clientID);
    if (others.length === 0) return;
    this.view.dispatch({ effects: othersMoved.of(null) });
    for (const client of others) this.showName(client);
  };

  /** The name beside a caret fades out by itself; moving brings it back. */
  private showName(client: number): void {
    const caret = this.view.contentDOM.querySelector(`[data-client="${client}"]`);
    for (const fading of caret?.getAnimations({ subtree: true }) ?? []) fading.currentTime = 0;
  }

  /** Runs after the current update, since listeners of the awareness may act on the editor at once. */
  private tellSoon(): void {
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      if (!this.destroyed) this.tell();
    });
  }

  private tell(): void {
    const state = this.awareness.getLocalState();
    // A caret that was never put anywhere is not worth showing; one that lost the focus stays where it was.
    if (state === null || (!this.view.hasFocus && state.cursor === undefined)) return;
    const { anchor, head } = this.view.state.selection.main;
    const cursor = {
      anchor: this.relative(anchor, anchor < head),
      head: this.relative(head, head < anchor),
    };
    if (JSON.stringify(cursor) !== JSON.stringify(state.cursor)) {
      this.awareness.setLocalStateField("cursor", cursor);
    }
  }

  /** The start of a selection holds on to the character after it, everything else to the one before. */
  private relative(index: number, startsSelection: boolean): unknown {
    const position = Y.createRelativePositionFromTypeIndex(this.text, index, startsSelection ? 0 : -1);
    return Y.relativePositionToJSON(position);
  }

  private draw(): DecorationSet {
    const ranges: Range<Decoration>[] = [];
    for (const [client, state] of this.awareness.getStates()) {
      if (client === this.awareness.clientID) continue;
      const place = this.placeOf(state.cursor);
      if (place) ranges.push(...drawn(ownerOf(client, state.user), place));
    }
    return Decoration.set(ranges, true);
  }

  /** Where a cursor of someone else's making points to in this text, if anywhere. */
  private placeOf(cursor: unknown): Place | undefined {
    if (typeof cursor !== "object" || cursor === null) return undefined;
    const { anchor, head } = cursor as { anchor?: unknown; head?: unknown };
    const from = this.absolute(anchor);
    const to = this.absolute(head);
    return from === undefined || to === undefined ? undefined : { anchor: from, head: to };
  }

  private absolute(position: unknown): number | undefined {
    const { doc } = this.text;
    if (!doc || typeof position !== "object" || position === null) return undefined;
    try {
      const found = Y.createAbsolutePositionFromRelativePosition(
        Y.createRelativePositionFromJSON(position),
        doc,
      );
      if (found?.type !== this.text) return undefined;
      return Math.min(found.index, this.view.state.doc.length);
    } catch {
      return undefined;
    }
  }
}

function ownerOf(client: number, user: unknown): Owner {
  const { name, color } = (user ?? {}) as { name?: unknown; color?: unknown };
  return {
    client,
    name: typeof name === "string" ? name : "Someone",
    color: typeof color === "string" && CSS.supports("color", color) ? color : "#6b7280",
  };
}

function drawn(owner: Owner, { anchor, head }: Place): Range<Decoration>[] {
  const side = head > anchor ? -1 : 1;
  const caret = Decoration.widget({ widget: new Caret(owner), side }).range(head);
  if (anchor === head) return [caret];
  const selected = Decoration.mark({
    class: "cm-ySelection",
    attributes: { style: `background-color: color-mix(in srgb, ${owner.color} 24%, transparent)` },
  });
  return [selected.range(Math.min(anchor, head), Math.max(anchor, head)), caret];
}

class Caret extends WidgetType {
  constructor(private readonly owner: Owner) {
    super();
  }

  override eq(other: Caret): boolean {
    const { client, name, color } = this.owner;
    return other.owner.client === client && other.owner.name === name && other.owner.color === color;
  }

  /** The name is an attribute, so that it is never part of the text that is copied or read out. */
  override toDOM(): HTMLElement {
    const { client, name, color } = this.owner;
    const caret = document.createElement("span");
    caret.className = "cm-ySelectionCaret";
    caret.dataset.client = String(client);
    caret.dataset.name = name;
    caret.style.backgroundColor = color;
    // Dark colours would drown on the dark ground.
    caret.style.borderColor = `light-dark(${color}, color-mix(in oklab, ${color} 65%, white))`;
    caret.style.color = inkOn(color);
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const look = EditorView.baseTheme({
  ".cm-ySelectionCaret": {
    position: "relative",
    borderLeft: "1px solid",
    borderRight: "1px solid",
    marginLeft: "-1px",
    marginRight: "-1px",
  },
  ".cm-ySelectionCaret::after": {
    content: "attr(data-name)",
    position: "absolute",
    zIndex: "5",
    bottom: "100%",
    left: "-1px",
    maxWidth: "12em",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    unicodeBidi: "plaintext",
    padding: "1px 6px 2px",
    borderRadius: "5px 5px 5px 0",
    background: "inherit",
    font: "600 11px/1.35 var(--font-sans-editor)",
    pointerEvents: "none",
    animation: "caret-name 2.8s ease-in forwards",
  },
  ".cm-ySelectionCaret:hover::after": { animation: "none" },
  "@keyframes caret-name": { "0%, 85%": { opacity: 1 }, "100%": { opacity: 0 } },
  "@media (prefers-reduced-motion: reduce)": {
    ".cm-ySelectionCaret::after": { animation: "none !important" },
  },
});
