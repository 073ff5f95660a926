/** The content of a message's row: author, time, text, reactions and thread. */
import { Clock3 } from "lucide-react";
import { Avatar } from "../../ui/Avatar";
import { KeyMark } from "../../session/KeyMark";
import type { Author } from "./context";
import { MessageText } from "./MessageText";
import { Reactions } from "./Reactions";
import type { Message } from "./slot";
import { ThreadSummary } from "./ThreadSummary";
import { digitsOf, momentOf, timeOf } from "./time";

export interface BodyProps {
  message: Message;
  /** Stands together with the one before it. */
  joined: boolean;
  /** Nobody else has it yet. */
  waiting: boolean;
  newReplies: number;
  inThread: boolean;
}

export function MessageBody({ author, ...props }: BodyProps & { author: Author }) {
  const { message, joined } = props;
  return (
    <>
      <div className="w-8 shrink-0 pt-0.5">
        {joined ? (
          <Moment
            short
            at={message.at}
            className="block pt-[3px] text-center text-[0.667rem] opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100"
          />
        ) : (
          <Avatar name={author.name} color={author.color} />
        )}
      </div>
      <div className="min-w-0 flex-1">
        {!joined && (
          <p className="flex items-baseline gap-2 leading-snug">
            <bdi className="truncate font-semibold">{author.name}</bdi>
            <KeyMark member={message.member} />
            <Moment at={message.at} className="shrink-0 text-[0.767rem]" />
            <Marks {...props} />
          </p>
        )}
        <MessageText message={message} />
        {joined && <Marks {...props} />}
        <Reactions message={message} />
        <Summary {...props} />
      </div>
    </>
  );
}

/** The rest of a removed message that has a thread. */
export function RemovedBody(props: BodyProps) {
  return (
    <div className="min-w-0 flex-1 pl-[2.65rem]">
      <p className="py-0.5 text-[0.933rem] text-soft italic">This message was deleted.</p>
      <Summary {...props} />
    </div>
  );
}

function Summary({ message, newReplies, inThread }: BodyProps) {
  if (inThread || !message.thread) return null;
  return <ThreadSummary first={message.id} thread={message.thread} newCount={newReplies} />;
}

function Marks({ message, waiting }: BodyProps) {
  return (
    <>
      {message.edited && <span className="mr-1 shrink-0 text-[0.767rem] text-soft">edited</span>}
      {waiting && <Waiting />}
    </>
  );
}

/** Appears only after a moment, so that a message being sent does not flicker. */
function Waiting() {
  return (
    <span
      role="img"
      aria-label="Nobody else has this yet"
      title="Nobody else has this yet: it is sent when you meet again"
      className="inline-flex shrink-0 self-center align-[-0.15em] text-soft chat-late"
    >
      <Clock3 aria-hidden className="size-3.5" />
    </span>
  );
}

interface MomentProps {
  at: number;
  className: string;
  /** Without the half of the day, where there is little room. */
  short?: boolean;
}

function Moment({ at, className, short = false }: MomentProps) {
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={momentOf(at)}
      className={`text-soft tabular-nums ${className}`}
    >
      {short ? digitsOf(at) : timeOf(at)}
    </time>
  );
}
