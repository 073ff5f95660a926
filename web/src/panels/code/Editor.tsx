/** The code on show: its files, the one that is open, and whom one follows through them. */
import type { EditorView } from "@codemirror/view";
import { useCallback, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import type { DocView } from "../../engine";
import { Bound } from "../../session/Bound";
import { useMayWrite, useRoom, useSession } from "../../session/context";
import { usePageShown } from "../../shared/hooks";
import type { PanelProps } from "../spec";
import { FileTabs } from "./FileTabs";
import { filesIn, type File } from "./files";
import { FollowStrip } from "./FollowStrip";
import { codePlaces } from "./places";
import { TextView } from "./TextView";
import { useFollowing } from "./useFollowing";
import { useShareView } from "./useShareView";

export default function CodePanel({ hidden, skeleton }: PanelProps) {
  const loaded = useRoom(({ status }) => status.loaded);
  return (
    <Bound document="code" waiting={skeleton}>
      {(view) => (
        <>
          {!loaded && (
            <p
              role="status"
              className="border-b border-line px-5 py-2 text-[0.867rem] text-soft animate-breathe"
            >
              Waiting for someone who has what was written so far…
            </p>
          )}
          <Editor view={view} hidden={hidden} />
        </>
      )}
    </Bound>
  );
}

function Editor({ view, hidden }: { view: DocView; hidden: boolean }) {
  const session = useSession();
  const writable = useMayWrite("code");
  const index = useMemo(() => filesIn(view.doc), [view]);
  const files = useSyncExternalStore(index.subscribe, index.all);
  const { current, open } = useOpenFile(files);
  const [editor, setEditor] = useState<EditorView>();
  const followed = useRoom(({ followed }) => (followed?.panel === "code" ? followed.member : undefined));
  const root = useRef<HTMLDivElement>(null);
  const found = useFollowing({ view, followed, files, current, editor, open });
  useShareView(view, usePageShown() && writable && !hidden, current.id, editor);

  const stop = () => {
    if (followed !== undefined) session.unfollow();
  };
  /** Moves the focus to the text: a person who picks a file is about to read or write in it. */
  const enter = (id: string) => {
    stop();
    flushSync(() => open(id));
    root.current?.querySelector<HTMLElement>(".cm-content")?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    const step = event.key === "PageDown" ? 1 : event.key === "PageUp" ? -1 : 0;
    if (step === 0 || !event.altKey) return;
    event.preventDefault();
    const next = files[(files.indexOf(current) + step + files.length) % files.length];
    if (next) enter(next.id);
  };

  return (
    <div ref={root} className="flex min-h-0 flex-1 flex-col" onKeyDown={pressed}>
      <FileTabs
        view={view}
        index={index}
        files={files}
        current={current}
        writable={writable}
        onOpen={open}
        onEnter={enter}
      />
      <div
        className="relative flex min-h-0 flex-1 flex-col"
        onKeyDownCapture={(event) => {
          if (!MODIFIERS.has(event.key)) stop();
        }}
        onPointerDownCapture={stop}
        onWheelCapture={stop}
        onTouchMoveCapture={stop}
      >
        {followed !== undefined && <FollowStrip member={followed} found={found} onStop={stop} />}
        <TextView view={view} file={current} writable={writable} onEditor={setEditor} />
      </div>
    </div>
  );
}

/** Pressed on the way to another window, most often. */
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta"]);

/** The open file, or the one at its place where somebody deleted it. */
function useOpenFile(files: readonly File[]): { current: File; open: (id: string) => void } {
  const places = useSession().of(codePlaces);
  const [id, setId] = useState(places.file);
  const [place, setPlace] = useState(0);
  const at = files.findIndex((file) => file.id === id);
  if (at >= 0 && at !== place) setPlace(at);
  const open = useCallback(
    (next: string) => {
      places.opened(next);
      setId(next);
    },
    [places],
  );
  const current = files[at] ?? files[Math.min(place, files.length - 1)];
  if (!current) throw new Error("there is always a file");
  return { current, open };
}
