/** Messages in order: only those on the screen and near it are elements, however many there are. */
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { isSameDay } from "./calendar";
import { useHere } from "./context";
import { JumpButton } from "./JumpButton";
import { MessageRow } from "./MessageRow";
import { useReaders } from "./useReaders";
import type { Id } from "./records";
import type { Message } from "./slot";
import { NEAR, useStickToEnd } from "./stickToEnd";
import { Days } from "./days";
import { standTogether } from "./time";

/** The messages of one list: all, or those of a thread. */
export interface Feed {
  length: number;
  at: (index: number) => Message | undefined;
  /** Where a message stands; -1 when it is not in this feed. */
  indexOf: (id: Id) => number;
  /** The first message that is new. */
  firstNew: Id | undefined;
  newCount: number;
}

interface MessageListProps {
  label: string;
  feed: Feed;
  /** The thread whose messages these are. */
  thread?: Id;
  /** Called with whether the end of the list is on the screen. */
  onEnd?: (atEnd: boolean) => void;
}

/** How much is drawn beyond the screen, in pixels. */
const BEYOND = 360;

export function MessageList({ label, feed, thread, onEnd }: MessageListProps) {
  const { chat } = useHere();
  const list = useRef<VirtuosoHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Id>();
  const [days] = useState(() => new Days(chat.memory.arrivals));
  const moments = days.of(feed);
  const readers = useReaders(feed, thread === undefined);
  const start = useMemo(() => {
    const firstNew = feed.firstNew === undefined ? -1 : feed.indexOf(feed.firstNew);
    if (feed.newCount > 0 && firstNew >= 0) return { index: firstNew, align: "start" as const, offset: -40 };
    return { index: "LAST" as const, align: "end" as const };
    // The place where the list opens. Afterwards only the person scrolls.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const { scrollerRef, grown, reached: reachedEnd, atEnd, isAtEnd } = useStickToEnd(start.index === "LAST");
  useEffect(() => onEnd?.(atEnd), [onEnd, atEnd]);

  const jump = useCallback(() => list.current?.scrollToIndex({ index: "LAST", align: "end" }), []);

  // A message of one's own is scrolled into view, wherever one was.
  useEffect(
    () =>
      chat.came.listen((messages) => {
        if (messages.some(({ member, re }) => member === chat.self && re === thread)) {
          requestAnimationFrame(jump);
        }
      }),
    [chat, thread, jump],
  );

  const walk = (event: KeyboardEvent) => {
    const from = rowOf(event.target);
    const index = from === undefined ? -1 : feed.indexOf(from);
    const to = target(event.key, index, feed.length);
    if (index < 0 || to === undefined || event.defaultPrevented) return;
    event.preventDefault();
    list.current?.scrollIntoView({
      index: to,
      done: () => {
        const id = feed.at(to)?.id ?? "";
        frame.current?.querySelector<HTMLElement>(`[data-message="${id}"]`)?.focus();
      },
    });
  };

  const reached = chosen === undefined || feed.indexOf(chosen) < 0 ? feed.at(feed.length - 1)?.id : chosen;
  const row = (index: number) => {
    const message = feed.at(index);
    if (!message) return <div className="h-px" />;
    const before = feed.at(index - 1);
    const isFirstNew = message.id === feed.firstNew;
    const moment = moments[index] ?? message.at;
    const isFirst = !before || !isSameDay(moments[index - 1] ?? before.at, moment);
    return (
      <MessageRow
        message={message}
        day={isFirst ? moment : undefined}
        isFirstNew={isFirstNew}
        joined={!isFirstNew && !isFirst && standTogether(before, message)}
        waiting={chat.isWaiting(message)}
        newReplies={chat.reading.inThread(message.id)}
        readers={readers.get(index)}
        inThread={thread !== undefined}
        reached={reached === message.id}
        onReach={setChosen}
      />
    );
  };

  return (
    <div
      ref={frame}
      role="log"
      aria-label={label}
      aria-live="off"
      onKeyDown={walk}
      className="relative min-h-0 flex-1"
    >
      <Virtuoso
        ref={list}
        scrollerRef={scrollerRef}
        totalListHeightChanged={grown}
        tabIndex={-1}
        className="h-full overflow-x-hidden overscroll-contain"
        totalCount={feed.length}
        computeItemKey={(index) => feed.at(index)?.id ?? index}
        itemContent={row}
        initialTopMostItemIndex={start}
        alignToBottom={thread === undefined}
        followOutput={() => isAtEnd() && "auto"}
        atBottomThreshold={NEAR}
        atBottomStateChange={(next) => {
          if (next) reachedEnd();
        }}
        increaseViewportBy={BEYOND}
        components={{ Header: Edge, Footer: Edge }}
      />
      {thread === undefined && <JumpButton atEnd={atEnd} newCount={feed.newCount} onJump={jump} />}
    </div>
  );
}

function Edge() {
  return <div className="h-3" />;
}

function rowOf(element: EventTarget): Id | undefined {
  return element instanceof HTMLElement ? (element.dataset.message as Id | undefined) : undefined;
}

function target(key: string, index: number, length: number): number | undefined {
  const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: length - 1 }[key];
  return to !== undefined && to >= 0 && to < length ? to : undefined;
}
