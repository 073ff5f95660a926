/** Tells people whose panel is hidden that there is a call, once for each call. */
import { Phone, X } from "lucide-react";
import { useRoom } from "../../../session/context";
import { apart, shownName } from "../../../shared/names";
import { count } from "../../../shared/format";
import { Button, IconButton } from "../../../ui/Button";
import { useCall, useRoomCall } from "../context";
import { Floating } from "./Floating";

interface StartedProps {
  above: HTMLElement | null;
  onShow: () => void;
}

export function Started({ above, onShow }: StartedProps) {
  const { state } = useRoomCall();
  const told = useCall(({ attendees, joined, noticed }) => attendees.length > 0 && !joined && !noticed);
  const others = useCall(({ attendees }) => attendees.length - 1);
  const first = useCall(({ attendees }) => attendees[0]?.member);
  const name = useRoom(({ people }) => shownName(people.find(({ id }) => id === first)?.name));
  const admitted = useRoom(({ status }) => status.admitted);
  if (!told || !admitted) return null;
  const join = () => {
    state.setState({ noticed: true, joining: true });
    onShow();
  };
  return (
    <Floating label="A call has started" above={above}>
      <div className="flex min-w-0 flex-1 items-center gap-2">
        <Phone aria-hidden className="size-4 shrink-0 text-accent" />
        <p role="status" className="min-w-0 flex-1 text-[0.9rem]">
          {others === 0
            ? `${apart(name)} started a call.`
            : `${apart(name)} and ${count(others, "other")} are in a call.`}
        </p>
        <IconButton
          label="Dismiss"
          className="-my-1 size-8!"
          onClick={() => state.setState({ noticed: true })}
        >
          <X />
        </IconButton>
      </div>
      <Button small kind="primary" onClick={join}>
        Join call
      </Button>
    </Floating>
  );
}
