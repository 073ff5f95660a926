/** One calm line under the header when something about the room is worth knowing. */
import { CloudOff, Hourglass } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { Status } from "../engine";
import { useLasting } from "../shared/hooks";
import { useRoom, useSession } from "../session/context";
import { Button } from "../ui/Button";

export function StateBanner() {
  const status = useRoom((state) => state.status);
  const unreachable = useLasting(status.node === "connecting", 4_000);
  // Being let in takes a moment, in which nothing needs to be said.
  const waits = useLasting(!status.admitted && status.loaded, 1_000);
  if (unreachable) {
    return (
      <Line icon={<CloudOff aria-hidden className="size-4" />} action={<Retry />}>
        {unreachableText(status)}
      </Line>
    );
  }
  if (waits) {
    return (
      <Line icon={<Hourglass aria-hidden className="size-4" />}>
        You can write as soon as someone who may let you in is here.
      </Line>
    );
  }
  return null;
}

function unreachableText({ reach }: Status): string {
  if (reach === "direct" || reach === "relayed") {
    return "You stay connected to the people here; new people cannot find you until the node that introduces people is reached again.";
  }
  return "Nobody can be reached at the moment. Everything is on this device, and what you write is sent when you meet again.";
}

function Retry() {
  const { room } = useSession();
  const [trying, setTrying] = useState(false);
  const retry = () => {
    setTrying(true);
    room.reconnect();
    setTimeout(() => setTrying(false), 2_000);
  };
  return (
    <Button small busy={trying} onClick={retry}>
      Try now
    </Button>
  );
}

interface LineProps {
  icon: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

function Line({ icon, action, children }: LineProps) {
  return (
    <div
      role="status"
      className="flex min-h-11 items-center gap-3 border-t border-line bg-warn-tint px-4 py-1.5 text-[0.867rem] animate-fade min-[900px]:px-5 [&>svg]:shrink-0 [&>svg]:text-warn"
    >
      {icon}
      <p className="min-w-0 flex-1">{children}</p>
      {action}
    </div>
  );
}
