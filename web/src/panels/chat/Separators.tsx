/** Lines across the list: where a day begins, and where what is new begins. */
import { dateOf, dayOf } from "./time";

export function DaySeparator({ at }: { at: number }) {
  const label = dayOf(at);
  return (
    <div role="separator" aria-label={label} className="flex items-center gap-3 px-4 pt-4 pb-1.5">
      <span className="h-px flex-1 bg-line" />
      <time
        dateTime={new Date(at).toISOString()}
        title={dateOf(at)}
        className="text-[0.8rem] font-medium text-soft"
      >
        {label}
      </time>
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}

export function NewSeparator() {
  return (
    <div role="separator" aria-label="New" className="flex items-center gap-2.5 px-4 pt-3 pb-0.5">
      <span className="h-px flex-1 bg-accent/60" />
      <span className="text-[0.8rem] font-semibold text-accent">New</span>
    </div>
  );
}
