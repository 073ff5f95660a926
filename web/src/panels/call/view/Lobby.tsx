/** The call as it looks from outside: who is in it, and the way in. */
import { Phone } from "lucide-react";
import { useRef } from "react";
import type { Attendee } from "../../../engine";
import { useRoom } from "../../../session/context";
import { Avatar } from "../../../ui/Avatar";
import { Button } from "../../../ui/Button";
import { Notice } from "../../../ui/Notice";
import { useCall, useRoomCall } from "../context";
import { useSomebody } from "../names";
import { stateOf } from "../words";
import { JoinDialog } from "./JoinDialog";
import { Recordings } from "./Recordings";

export function Lobby() {
  const attendees = useCall((state) => state.attendees);
  const admitted = useRoom(({ status }) => status.admitted);
  const { state } = useRoomCall();
  const joining = useCall((each) => each.joining);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    state.setState({ joining: false });
    // Once the dialog has let go of the focus.
    setTimeout(() => button.current?.focus());
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-4 overflow-y-auto p-5 text-center">
      {attendees.length === 0 ? (
        <p className="max-w-[18rem] text-soft">
          Nobody is in the call yet. Voice and video go from browser to browser.
        </p>
      ) : (
        <ul aria-label="In the call" className="flex flex-wrap justify-center gap-x-4 gap-y-2">
          {attendees.map((attendee) => (
            <Person key={attendee.client} attendee={attendee} />
          ))}
        </ul>
      )}
      <Button
        ref={button}
        kind="primary"
        data-panel-start
        disabled={!admitted}
        onClick={() => state.setState({ joining: true })}
      >
        <Phone aria-hidden className="size-4" />
        Join call
      </Button>
      {!("RTCPeerConnection" in globalThis) && (
        <Notice tone="warn">
          WebRTC is missing or switched off in this browser, and calls need it. Nobody could be seen or heard.
        </Notice>
      )}
      {!admitted && <p className="text-[0.867rem] text-soft">You can join as soon as someone lets you in.</p>}
      <Recordings />
      {joining && <JoinDialog onClose={close} />}
    </div>
  );
}

function Person({ attendee }: { attendee: Attendee }) {
  const { name, color } = useSomebody(attendee.member);
  return (
    <li className="flex items-center gap-2">
      <Avatar name={name} color={color} />
      <bdi className="max-w-40 truncate">{name}</bdi>
      <span className="sr-only">{stateOf(attendee)}</span>
    </li>
  );
}
