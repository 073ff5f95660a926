/** The room's outline while it is being opened. */
import { TextLines } from "../ui/TextLines";

export function RoomSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex h-full flex-col animate-fade">
      <div className="flex h-14 items-center gap-3 border-b border-line px-5">
        <div className="size-7 rounded-lg bg-line animate-breathe" />
        <div className="h-3.5 w-40 rounded bg-line animate-breathe" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="flex-1 bg-surface p-8">
          <p className="mb-8 text-soft">{label}</p>
          <TextLines />
        </div>
        <div className="hidden w-72 space-y-4 border-l border-line p-5 min-[900px]:block">
          {[0, 1, 2].map((row) => (
            <div key={row} className="flex items-center gap-3">
              <div className="size-8 rounded-full bg-line animate-breathe" />
              <div className="h-3 w-28 rounded bg-line animate-breathe" />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
