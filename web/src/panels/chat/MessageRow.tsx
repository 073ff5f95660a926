/** One message with its author, time, text, reactions and thread. */
import { memo, useState, type FocusEvent } from "react";
import { useStore } from "zustand";
import { apart } from "../../shared/names";
import { useAuthor, useHere } from "./context";
import { MessageActions } from "./MessageActions";
import { MessageBody, RemovedBody, type BodyProps } from "./MessageBody";
import { Readers } from "./Readers";
import type { Id } from "./records";
import { DaySeparator, NewSeparator } from "./Separators";
import { timeOf } from "./time";

interface RowProps extends BodyProps {
  /** A moment of its day, for the first one of it. */
  day: number | undefined;
  /** The first one that is new. */
  isFirstNew: boolean;
  readers: readonly string[] | undefined;
  /** The one of the list that the Tab key reaches. */
  reached: boolean;
  onReach: (id: Id) => void;
}

export const MessageRow = memo(function MessageRow(props: RowProps) {
  const { message, day, isFirstNew, joined, reached, onReach } = props;
  const { chat } = useHere();
  const author = useAuthor(message.member);
  const editing = useStore(chat.place, (place) => place.editing === message.id);
  const [active, setActive] = useState({ hovered: false, focused: false, held: false });
  const name = message.removed ? "Deleted" : apart(author.name);

  const focus = () => {
    onReach(message.id);
    setActive((before) => ({ ...before, focused: true }));
  };
  const blur = (event: FocusEvent) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setActive((before) => ({ ...before, focused: false }));
  };
  const hover = (hovered: boolean) => () =>
    setActive((before) => (before.hovered === hovered ? before : { ...before, hovered }));

  return (
    // Padding: lists of this kind do not see margins.
    <div className={joined ? "" : "pt-2.5"}>
      {day !== undefined && <DaySeparator at={day} />}
      {isFirstNew && <NewSeparator />}
      <article
        aria-label={`${name}, ${timeOf(message.at)}`}
        data-message={message.id}
        tabIndex={reached ? 0 : -1}
        onFocus={focus}
        onBlur={blur}
        onPointerEnter={hover(true)}
        // A row that came under a pointer at rest was not entered.
        onPointerMove={hover(true)}
        onPointerLeave={hover(false)}
        className={`group/row relative mx-1.5 flex gap-2.5 rounded-lg py-[3px] pr-8 pl-2 -outline-offset-2 hover:bg-hover/60 focus-within:bg-hover/60 ${editing ? "bg-tint!" : ""}`}
      >
        {message.removed ? <RemovedBody {...props} /> : <MessageBody {...props} author={author} />}
        {!message.removed && (active.hovered || active.focused || active.held) && (
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
