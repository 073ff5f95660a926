/** Sends the others which file one looks at, and which part of it. */
import type { EditorView } from "@codemirror/view";
import { useEffect } from "react";
import type { DocView } from "../../engine";
import { firstLine } from "./scrolling";
import { sayView } from "./view";

export function useShareView(
  view: DocView,
  visible: boolean,
  file: string,
  editor: EditorView | undefined,
): void {
  useEffect(() => {
    if (!visible || !editor) return;
    let said = "";
    let frame = 0;
    const say = () => {
      const line = firstLine(editor);
      if (said === `${file} ${line}`) return;
      said = `${file} ${line}`;
      sayView(view, { file, line });
    };
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(say);
    };
    soon();
    editor.scrollDOM.addEventListener("scroll", soon, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      editor.scrollDOM.removeEventListener("scroll", soon);
    };
  }, [view, visible, file, editor]);

  // A person who looks at another panel is in no file.
  useEffect(() => {
    if (visible) return () => sayView(view, undefined);
    return undefined;
  }, [view, visible]);
}
