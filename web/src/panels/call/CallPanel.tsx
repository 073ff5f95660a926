/** The call on show: its tiles and buttons, or the way in. */
import { useEffect, useRef } from "react";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import type { PanelProps } from "../spec";
import "./call.css";
import { useCall, useRoomCall } from "./context";
import { useTalkKey } from "./talkKey";
import { Announcer } from "./view/Announcer";
import { Controls } from "./view/Controls";
import { Lobby } from "./view/Lobby";
import { MutedNotice } from "./view/MutedNotice";
import { Problems } from "./view/Problems";
import { RecordedBy } from "./view/RecordedBy";
import { Recordings } from "./view/Recordings";
import { Started } from "./view/Started";
import { Strip } from "./view/Strip";
import { Tiles } from "./view/Tiles";

export default function CallPanel({ hidden, skeleton, show, above }: PanelProps) {
  const call = useRoomCall();
  const ready = useCall((state) => state.call !== undefined);
  const problem = useCall((state) => state.problem);
  const joined = useCall((state) => state.joined);
  const size = useCall((state) => state.attendees.length);
  const root = useFocusKept(joined);
  useTalkKey();
  useEffect(() => call.state.setState({ hidden }), [call, hidden]);
  // A person who sees it in the panel need not be told.
  useEffect(() => {
    if (!hidden && size > 0) call.state.setState({ noticed: true });
  }, [call, hidden, size]);
  if (problem !== undefined)
    return (
      <div className="p-4">
        <Notice tone="bad" alert>
          <p>{problem}</p>
          <Button small className="mt-2" onClick={() => void call.open()}>
            Try again
          </Button>
        </Notice>
      </div>
    );
  if (!ready) return skeleton;
  return (
    <div ref={root} className="flex min-h-0 flex-1 flex-col">
      {joined ? (
        <>
          <Problems />
          <MutedNotice />
          <Recordings />
          <RecordedBy className="border-b border-line px-3 py-1.5" />
          <div className="flex min-h-0 flex-1 bg-track p-1.5">
            <Tiles />
          </div>
          <Controls />
          <Announcer />
          {hidden && <Strip above={above} onShow={show} />}
        </>
      ) : (
        <>
          <Lobby />
          {hidden && <Started above={above} onShow={show} />}
        </>
      )}
    </div>
  );
}

/** The button that was pressed is gone once one has joined or left: a keyboard goes on from the next one. */
function useFocusKept(joined: boolean) {
  const root = useRef<HTMLDivElement>(null);
  const before = useRef(joined);
  useEffect(() => {
    if (before.current === joined) return;
    before.current = joined;
    // A dialog that closes gives the focus back first.
    const timer = setTimeout(() => {
      if (document.activeElement !== document.body) return;
      root.current?.querySelector<HTMLElement>("[data-panel-start]")?.focus({ preventScroll: true });
    });
    return () => clearTimeout(timer);
  }, [joined]);
  return root;
}
