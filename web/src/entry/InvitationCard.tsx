/** The card that shows what a link gives, before it is used. */
import { ArrowLeft, Clock, DoorOpen, Eye, History, PencilLine } from "lucide-react";
import type { ReactNode } from "react";
import type { LinkInfo } from "../engine";
import { dateOf, expiry, isOver } from "../shared/format";
import { writes as writesAs } from "../session/rights";
import { shownTitle } from "../shared/names";
import { useTick } from "../shared/hooks";
import { dismissInvitation, joinRoom, type Invitation } from "../app/state";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

interface InvitationCardProps {
  invitation: Invitation;
  nameField: ReactNode;
  named: (action: () => void) => void;
  blocked: boolean;
}

export function InvitationCard({ invitation, nameField, named, blocked }: InvitationCardProps) {
  const { link, visited, info, problem } = invitation;
  return (
    <form
      noValidate
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        named(() => void joinRoom(link));
      }}
    >
      {problem !== undefined ? (
        <>
          <h1 className="sr-only">A link that does not work</h1>
          <Notice tone="bad" alert>
            {problem}
          </Notice>
        </>
      ) : (
        <>
          <Given info={info} visited={visited} />
          {nameField}
          <Button kind="primary" type="submit" className="w-full" busy={!info && !blocked} disabled={blocked}>
            Join room
          </Button>
        </>
      )}
      <Button kind="quiet" small className="-ml-3" onClick={dismissInvitation}>
        <ArrowLeft aria-hidden className="size-4" />
        Start page
      </Button>
    </form>
  );
}

function Given({ info, visited }: { info: LinkInfo | undefined; visited: boolean }) {
  useTick(30_000);
  if (!info) {
    return (
      <div
        role="status"
        aria-label="Reading the link…"
        className="space-y-3 rounded-xl border border-line p-5"
      >
        <div className="h-4 w-44 rounded bg-hover animate-breathe" />
        <div className="h-3 w-28 rounded bg-hover animate-breathe" />
      </div>
    );
  }
  const writes = writesAs(info.role);
  const over = isOver(info.expires);
  const Right = writes ? PencilLine : Eye;
  return (
    <div className="rounded-xl border border-line bg-surface p-5">
      <p className="text-[0.867rem] text-soft">You are invited to</p>
      <h1 className="mt-0.5 text-[1.33rem] leading-snug font-semibold tracking-tight [overflow-wrap:anywhere]">
        <bdi>{shownTitle(info.title)}</bdi>
      </h1>
      <ul className="mt-4 space-y-2 text-[0.933rem] [&_svg]:mt-[0.2rem] [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft [&>li]:flex [&>li]:gap-2.5">
        <li>
          <Right aria-hidden />
          {writes
            ? "You can read and write everything in it."
            : "You can look at everything, and write nothing."}
        </li>
        <li>
          <Clock aria-hidden />
          <span>
            {over ? (
              <>
                By this device’s clock the link {expiry(info.expires)}. The people in the room decide, by
                theirs: try it, and ask for a new one if they do not let you in.
              </>
            ) : (
              <>
                The link {expiry(info.expires)}
                {info.expires !== undefined && `, on ${dateOf(info.expires)}`}.
              </>
            )}
          </span>
        </li>
        <li>
          <DoorOpen aria-hidden />
          The others will see your name and whether you are here.
        </li>
        {visited && (
          <li>
            <History aria-hidden />
            Your browser keeps this link in its history: whoever uses this browser can open it too, as long as
            it holds.
          </li>
        )}
      </ul>
    </div>
  );
}
