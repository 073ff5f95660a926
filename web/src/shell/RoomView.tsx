/** A room: its header, and its panels as the person arranged them or, on small screens, one at a time. */
import { useEffect } from "react";
import { SessionContext } from "../session/context";
import type { RoomSession } from "../session/session";
import { apart, cleanName } from "../shared/names";
import { CopyByHand } from "../ui/CopyByHand";
import { Header, loadInvite } from "./Header";
import { InvitedElsewhere } from "./InvitedElsewhere";
import { loadMenu } from "./layout/GroupView";
import { PanelSwitch } from "./layout/PanelSwitch";
import { reveal, useNarrow } from "./layout/store";
import { Workspace } from "./layout/Workspace";
import { Printed } from "./Printed";
import { preloadPanels } from "./registry";
import { loadSheet, Shortcuts } from "./Shortcuts";
import { StateBanner } from "./StateBanner";

/** Fetches what a room shows only later, so that it is there even if this version leaves its server meanwhile. */
export function preload(): void {
  void Promise.allSettled([...preloadPanels(), loadInvite(), loadMenu(), loadSheet()]);
}

export default function RoomView({ session }: { session: RoomSession }) {
  const narrow = useNarrow();
  const { room, state } = session;

  useEffect(() => {
    document.title = `${apart(cleanName(room.title) || "Room")} · Covey`;
    return () => {
      document.title = "Covey";
    };
  }, [room]);

  // The panel is shown: somebody is followed to be seen.
  useEffect(
    () =>
      state.subscribe(({ followed }, before) => {
        if (followed && followed !== before.followed) reveal(followed.panel);
      }),
    [state],
  );

  return (
    <SessionContext value={session}>
      <div className="flex h-dvh flex-col">
        <Header />
        {narrow && <PanelSwitch />}
        <StateBanner />
        <Workspace />
        <InvitedElsewhere />
        <Shortcuts />
        <CopyByHand />
        <Printed />
      </div>
    </SessionContext>
  );
}
