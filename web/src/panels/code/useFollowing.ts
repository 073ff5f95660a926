/** Goes where the followed person goes: to their file, and to the lines they see. */
import type { EditorView } from "@codemirror/view";
import { useEffect } from "react";
import type { DocView } from "../../engine";
import { useLiveValues } from "../../session/liveValues";
import type { File } from "./files";
import { scrollToLine } from "./scrolling";
import { decoded, TOPIC } from "./view";

interface Following {
  view: DocView;
  followed: string | undefined;
  files: readonly File[];
  current: File;
  editor: EditorView | undefined;
  open: (id: string) => void;
}

/** Tells whether the followed person is in the code at all. */
export function useFollowing({ view, followed, files, current, editor, open }: Following): boolean {
  const seen = useLiveValues(
    view,
    TOPIC,
    decoded,
    (all) => all.findLast(({ person }) => person.id === followed)?.value ?? null,
  );
  const known = seen !== null && files.some(({ id }) => id === seen.file);
  useEffect(() => {
    if (known) open(seen.file);
  }, [known, seen, open]);
  useEffect(() => {
    if (editor && seen?.file === current.id) scrollToLine(editor, seen.line);
  }, [editor, seen, current.id]);
  return known;
}
