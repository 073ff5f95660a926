/** A link was opened in this page while a room is on show. */
import { useEffect } from "react";
import { toast } from "sonner";
import { useSession } from "../session/context";
import { apart, shownTitle } from "../shared/names";
import { dismissInvitation, leave, useApp } from "../app/state";
import { Confirm } from "../ui/Modal";

export function InvitedElsewhere() {
  const { room } = useSession();
  const invitation = useApp((state) => state.invitation);
  const problem = invitation?.problem;
  const here = invitation?.info?.room === room.id;

  useEffect(() => {
    if (problem !== undefined) toast.error(problem);
    else if (here) toast("You are in this room already.");
    else return;
    dismissInvitation();
  }, [problem, here]);

  const info = here ? undefined : invitation?.info;
  return (
    <Confirm
      open={info !== undefined}
      onOpenChange={(open) => {
        if (!open && useApp.getState().session) dismissInvitation();
      }}
      title={`Go to “${apart(shownTitle(info?.title ?? ""))}”?`}
      about="You opened a link to another room. This one stays on your device, and you can come back to it at any time."
      action="Leave and look"
      onConfirm={() => void leave()}
    />
  );
}
