/** One message: who, when, what, and what hangs on it. */
import { Clock3 } from "lucide-react";
import { memo, useState, type FocusEvent } from "react";
import { useStore } from "zustand";
import { Avatar } from "../ui/Avatar";
import { useAuthor, useHere } from "./context";
import { MessageActions } from "./MessageActions";
import { MessageText } from "./MessageText";
import { Reactions } from "./Reactions";
import { Readers } from "./Readers";
import type { Id } from "./records";
import { DaySeparator, NewsSeparator } from "./Separators";
import type { Message } from "./slot";
import { ThreadSummary } from "./ThreadSummary";
import { momentOf, timeOf } from "./time";

interface RowProps {
  message: Message;
  /** The first one of its day. */
  day: boolean;
  /** The first one that is new. */
  news: boolean;
  /** Stands together with the one before it. */
  joined: boolean;
  /** Nobody else has it yet. */
  waiting: boolean;
  newReplies: number;
  readers: readonly string[] | undefined;
  inThread: boolean;
  /** The one of the list that the Tab key reaches. */
  reached: boolean;
  onReach: (id: Id) => void;
}

export const MessageRow = memo(function MessageRow(props: RowProps) {
  const { message, day, news, joined, reached, onReach } = props;
  const { chat, writes } = useHere();
  const author = useAuthor(message.member);
  const editing = useStore(chat.place, (place) => place.editing === message.id);
  const [active, setActive] = useState({ hovered: false, focused: false, held: false });
  const name = message.removed ? "Deleted" : author.name;

  const focus = () => {
    onReach(message.id);
    setActive((before) => ({ ...before, focused: true }));
  };
  const blur = (event: FocusEvent) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setActive((before) => ({ ...before, focused: false }));
  };
  const hover = (hovered: boolean) => () => setActive((before) => ({ ...before, hovered }));

  return (
    // Padding: lists of this kind do not see margins.
    <div className={joined ? "" : "pt-2.5"}>
      {day && <DaySeparator at={message.at} />}
      {news && <NewsSeparator />}
      <article
        aria-label={`${name}, ${timeOf(message.at)}`}
        data-message={message.id}
        tabIndex={reached ? 0 : -1}
        onFocus={focus}
        onBlur={blur}
        onPointerEnter={hover(true)}
        onPointerLeave={hover(false)}
        className={`group/row relative mx-1.5 flex gap-2.5 rounded-lg py-[3px] pr-8 pl-2 -outline-offset-2 hover:bg-hover/60 focus-within:bg-hover/60 ${editing ? "bg-tint!" : ""}`}
      >
        {message.removed ? <Gone {...props} /> : <Said {...props} {...author} />}
        {writes && !message.removed && (active.hovered || active.focused || active.held) && (
          <MessageActions
            message={message}
            inThread={props.inThread}
            onHold={(held) => setActive((before) => ({ ...before, held }))}
          />
        )}
        {props.readers && <Readers members={props.readers} />}
      </article>
    </div>
  );
});

function Said(props: RowProps & { name: string; color: string }) {
  const { message, joined, name, color } = props;
  return (
    <>
      <div className="w-8 shrink-0 pt-0.5">
        {joined ? (
          <Moment
            at={message.at}
            className="block pt-[3px] text-center text-[0.667rem] opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100"
          />
        ) : (
          <Avatar name={name} color={color} />
        )}
      </div>
      <div className="min-w-0 flex-1">
        {!joined && (
          <p className="flex items-baseline gap-2 leading-snug">
            <bdi className="truncate font-semibold">{name}</bdi>
            <Moment at={message.at} className="shrink-0 text-[0.767rem]" />
            {message.edited && <Edited />}
          </p>
        )}
        <MessageText message={message} />
        {joined && message.edited && <Edited />}
        {props.waiting && <Waiting />}
        <Reactions message={message} />
        {!props.inThread && <Summary {...props} />}
      </div>
    </>
  );
}

function Summary({ message, newReplies }: RowProps) {
  return message.thread && <ThreadSummary first={message.id} thread={message.thread} news={newReplies} />;
}

/** What is left of a message on which a thread hangs. */
function Gone(props: RowProps) {
  return (
    <div className="min-w-0 flex-1 pl-[2.65rem]">
      <p className="py-0.5 text-[0.933rem] text-soft italic">This message was deleted.</p>
      {!props.inThread && <Summary {...props} />}
    </div>
  );
}

function Edited() {
  return <span className="text-[0.767rem] text-soft">edited</span>;
}

function Moment({ at, className }: { at: number; className: string }) {
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={momentOf(at)}
      className={`text-soft tabular-nums ${className}`}
    >
      {timeOf(at)}
    </time>
  );
}

/** Appears only after a moment, so that what is on its way does not flicker. */
function Waiting() {
  return (
    <span
      role="img"
      aria-label="Nobody else has this yet"
      title="Nobody else has this yet: it is sent when you meet again"
      className="ml-1 inline-flex align-[-0.15em] text-soft chat-late"
    >
      <Clock3 aria-hidden className="size-3.5" />
    </span>
  );
}
