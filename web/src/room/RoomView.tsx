/** A room: its header, and the panels *Code* and *People* beside each other or, on small screens, one at a time. */
import { useEffect, useState } from "react";
import type { Room } from "../engine";
import { useMedia } from "../lib/hooks";
import { CodePanel, loadEditor } from "./CodePanel";
import { Header, loadInvite } from "./Header";
import { InvitedElsewhere } from "./InvitedElsewhere";
import { PanelSwitch, type Panel } from "./PanelSwitch";
import { PeoplePanel } from "./PeoplePanel";
import { Shortcuts } from "./Shortcuts";
import { StateBanner } from "./StateBanner";

/** Fetches what a room shows only later, so that it is there even if this version leaves its server meanwhile. */
export function preload(): void {
  void Promise.allSettled([loadEditor(), loadInvite()]);
}

export default function RoomView({ room }: { room: Room }) {
  const narrow = useMedia("(max-width: 899px)");
  const [panel, setPanel] = useState<Panel>("code");

  useEffect(() => {
    document.title = `${room.title || "Room"} · Covey`;
    return () => {
      document.title = "Covey";
    };
  }, [room]);

  return (
    <div className="flex h-dvh flex-col">
      <Header room={room} />
      {narrow && <PanelSwitch panel={panel} onChange={setPanel} />}
      <StateBanner room={room} />
      <main className="flex min-h-0 flex-1 border-t border-line">
        <CodePanel room={room} hidden={narrow && panel !== "code"} />
        <PeoplePanel room={room} hidden={narrow && panel !== "people"} />
      </main>
      <InvitedElsewhere room={room} />
      <Shortcuts />
    </div>
  );
}
