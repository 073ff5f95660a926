/** Goes where the followed person goes: to their file, and to the lines they see. */
import type { EditorView } from "@codemirror/view";
import { useEffect, useState } from "react";
import type { DocView, Room } from "../engine";
import { useRoomState } from "../state/room";
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

export function useFollowing({ room, view, followed, files, current, editor, open }: Following): void {
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
}

/** What the followed person sees. */
function useSeen(room: Room, view: DocView, followed: string | undefined): View | undefined {
  const [seen, setSeen] = useState<View>();
  useEffect(() => {
    if (followed === undefined) return;
    const start = queueMicrotask.bind(undefined, () => setSeen(views(view, room).get(followed)));
    start();
    const stop = watchViews(view, room, (member, next) => {
      if (member === followed && next) setSeen(next);
    });
    return () => {
      stop();
      setSeen(undefined);
    };
  }, [room, view, followed]);
  return seen;
}
