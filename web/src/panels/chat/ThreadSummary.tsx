/** Under a message: how many replies its thread has, from whom, and when the last one came. */
import { count } from "../../shared/format";
import { useTick } from "../../shared/hooks";
import { useHere } from "./context";
import { Faces } from "./Faces";
import type { Id } from "./records";
import type { Thread } from "./slot";
import { agoOf, momentOf } from "./time";

interface ThreadSummaryProps {
  first: Id;
  thread: Thread;
  newCount: number;
}

export function ThreadSummary({ first, thread, newCount }: ThreadSummaryProps) {
  const { chat } = useHere();
  useTick(30_000);
  return (
    <button
      type="button"
      onClick={() => chat.place.setState({ thread: first })}
      className="group/thread mt-1 flex max-w-full items-center gap-2 rounded-lg border border-transparent py-1 pr-2.5 pl-1 -ml-1 text-[0.867rem] hover:border-line hover:bg-raised"
    >
      <Faces members={thread.members} />
      <span className="shrink-0 font-medium text-accent">{count(thread.count, "reply", "replies")}</span>
      {newCount > 0 ? (
        <span className="shrink-0 rounded-full bg-fill px-1.5 text-[0.733rem] font-semibold text-white">
          {newCount.toLocaleString("en")} new
        </span>
      ) : (
        <time
          dateTime={new Date(thread.last).toISOString()}
          title={momentOf(thread.last)}
          className="truncate text-soft"
        >
          {agoOf(thread.last)}
        </time>
      )}
    </button>
  );
}
