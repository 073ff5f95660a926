/**
 * Shows the marks that are piled on one letter by their number, in one element of the page. The text stays as it is;
 * a caret passes them at once.
 */
import { StateField, type Extension, type Text } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import { pileSaid, pilesIn } from "../../shared/piles";

class Pile extends WidgetType {
  constructor(private readonly marks: number) {
    super();
  }

  override eq({ marks }: Pile): boolean {
    return marks === this.marks;
  }

  override toDOM(): HTMLElement {
    const pile = document.createElement("span");
    pile.className = "cm-specialChar";
    pile.textContent = pileSaid(this.marks);
    pile.title = "More marks on the letter before than are drawn";
    return pile;
  }

  /** A click on it puts the caret beside it. */
  override ignoreEvent(): boolean {
    return false;
  }
}

const field = StateField.define<DecorationSet>({
  create: ({ doc }) => Decoration.set(ranges(doc, 0, doc.length)),
  update(before, { docChanged, changes, newDoc }) {
    if (!docChanged) return before;
    // No pile goes on in another line.
    let [from, to] = [newDoc.length, 0];
    changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
      from = Math.min(from, newDoc.lineAt(fromB).from);
      to = Math.max(to, newDoc.lineAt(toB).to);
    });
    return before.map(changes).update({
      filterFrom: from,
      filterTo: to,
      filter: () => false,
      add: ranges(newDoc, from, to),
    });
  },
  provide: (piles) => [
    EditorView.decorations.from(piles),
    EditorView.atomicRanges.of(({ state }) => state.field(piles)),
  ],
});

export const piles: Extension = field;

function ranges(doc: Text, from: number, to: number) {
  return pilesIn(doc.sliceString(from, to)).map((pile) =>
    Decoration.replace({ widget: new Pile(pile.marks) }).range(from + pile.from, from + pile.to),
  );
}
