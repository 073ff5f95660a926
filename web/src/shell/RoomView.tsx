/** A room: its header, and its panels as the person arranged them or, on small screens, one at a time. */
import { useEffect, useMemo } from "react";
import { BoardPanel } from "../panels/board/BoardPanel";
import { ChatPanel, loadChat } from "../panels/chat/ChatPanel";
import { useUnread } from "../panels/chat/unread";
import type { Room } from "../engine";
import { loadMenu } from "./layout/GroupView";
import type { PanelId } from "./layout/model";
import { PanelSwitch } from "./layout/PanelSwitch";
import { useNarrow } from "./layout/store";
import { Workspace } from "./layout/Workspace";
import { apart, cleanName } from "../shared/names";
import { useRoomState } from "../session/room";
import { CopyByHand } from "../ui/CopyByHand";
import { CodePanel, loadEditor } from "../panels/code/CodePanel";
import { Header, loadInvite } from "./Header";
import { InvitedElsewhere } from "./InvitedElsewhere";
import { PeoplePanel } from "../panels/people/PeoplePanel";
import { Printed } from "./Printed";
import { loadSheet, Shortcuts } from "./Shortcuts";
import { StateBanner } from "./StateBanner";

const panels: Record<PanelId, typeof CodePanel> = {
  code: CodePanel,
  board: BoardPanel,
  chat: ChatPanel,
  people: PeoplePanel,
};

/** Fetches what a room shows only later, so that it is there even if this version leaves its server meanwhile. */
export function preload(): void {
  void Promise.allSettled([loadEditor(), loadChat(), loadInvite(), loadMenu(), loadSheet()]);
}

export default function RoomView({ room }: { room: Room }) {
  const narrow = useNarrow();
  const people = useRoomState((state) => state.people.length);
  const chat = useUnread(room);
  const counts = useMemo(() => ({ people, chat }), [people, chat]);

  useEffect(() => {
    document.title = `${apart(cleanName(room.title) || "Room")} · Covey`;
    return () => {
      document.title = "Covey";
    };
  }, [room]);

  return (
    <div className="flex h-dvh flex-col">
      <Header room={room} counts={counts} />
      {narrow && <PanelSwitch counts={counts} />}
      <StateBanner room={room} />
      <Workspace
        counts={counts}
        render={(panel, hidden) => {
          const Panel = panels[panel];
          return <Panel room={room} hidden={hidden} />;
        }}
      />
      <InvitedElsewhere room={room} />
      <Shortcuts />
      <CopyByHand />
      <Printed />
    </div>
  );
}
