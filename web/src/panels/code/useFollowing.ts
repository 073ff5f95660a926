/** Goes where the followed person goes: to their file, and to the lines they see. */
import type { EditorView } from "@codemirror/view";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import type { DocView, Room } from "../../engine";
import { useRoomState } from "../../session/room";
import type { File } from "./files";
import { stopFollowing } from "./following";
import { scrollToLine } from "./scrolling";
import { views, watchViews, type View } from "./view";

interface Following {
  room: Room;
  view: DocView;
  followed: string | undefined;
  files: File[];
  current: File;
  editor: EditorView | undefined;
  open: (id: string) => void;
}

/** Tells whether the followed person is in the code at all. */
export function useFollowing({ room, view, followed, files, current, editor, open }: Following): boolean {
  const seen = useSeen(room, view, followed);
  const known = seen !== undefined && files.some(({ id }) => id === seen.file);
  useEffect(() => {
    if (known) open(seen.file);
  }, [known, seen, open]);
  useEffect(() => {
    if (editor && seen?.file === current.id) scrollToLine(editor, seen.line);
  }, [editor, seen, current.id]);

  const here = useRoomState((state) =>
    state.people.some(({ id, path }) => id === followed && path !== "offline"),
  );
  useEffect(() => {
    if (followed !== undefined && !here) stopFollowing();
  }, [followed, here]);
  return known;
}

/** What the followed person sees. */
function useSeen(room: Room, view: DocView, followed: string | undefined): View | undefined {
  const watch = useCallback((listener: () => void) => watchViews(view, room, listener), [view, room]);
  const text = useSyncExternalStore(watch, () => {
    const seen = followed === undefined ? undefined : views(view, room).get(followed);
    return JSON.stringify(seen);
  }) as string | undefined;
  return useMemo(() => (text === undefined ? undefined : (JSON.parse(text) as View)), [text]);
}
