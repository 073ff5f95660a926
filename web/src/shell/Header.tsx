/** The header: the room's title, its status, the panels on show, and the room's menu. */
import { LogOut, UserPlus } from "lucide-react";
import { useState } from "react";
import { PanelToggles } from "./layout/PanelToggles";
import { useNarrow } from "./layout/store";
import { useSession } from "../session/context";
import { shownTitle } from "../shared/names";
import { leave } from "../app/state";
import { Button, IconButton } from "../ui/Button";
import { Logo } from "../ui/Logo";
import { Modal } from "../ui/Modal";
import { part } from "../ui/Part";
import { ThemeSwitch } from "../ui/ThemeSwitch";
import { RoomStatus } from "./RoomStatus";

export const loadInvite = () => import("./InviteDialog");
const InviteDialog = part(loadInvite, {
  name: "This dialog",
  frame: (said, { onClose }) => (
    <Modal open title="Invite people" onOpenChange={onClose}>
      <div className="mt-4">{said}</div>
    </Modal>
  ),
});

export function Header() {
  const { room } = useSession();
  const narrow = useNarrow();
  const [inviting, setInviting] = useState(false);
  return (
    <header className="flex h-14 shrink-0 max-[700px]:h-16 items-center gap-3 px-4 min-[900px]:px-5">
      <Logo className="size-7 shrink-0 max-[480px]:hidden" />
      <div className="flex min-w-0 flex-1 items-center gap-x-3 max-[700px]:flex-col max-[700px]:items-start">
        <h1
          className="max-w-full min-w-0 truncate font-semibold tracking-tight"
          title={shownTitle(room.title)}
        >
          <bdi>{shownTitle(room.title)}</bdi>
        </h1>
        <RoomStatus />
      </div>
      {!narrow && <PanelToggles />}
      <div className="flex shrink-0 items-center gap-1">
        <ThemeSwitch />
        <IconButton label="Leave the room" onClick={() => void leave()}>
          <LogOut />
        </IconButton>
        <Button kind="primary" small className="ml-1.5" onClick={() => setInviting(true)}>
          <UserPlus aria-hidden className="size-4" />
          Invite
        </Button>
      </div>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </header>
  );
}
