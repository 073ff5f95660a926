/** The outline of messages while they are fetched. */
export function ChatSkeleton() {
  return (
    <div
      role="status"
      aria-label="The chat is being opened"
      className="flex flex-1 flex-col justify-end gap-5 p-5"
    >
      {[46, 70, 34].map((width) => (
        <div key={width} aria-hidden className="flex gap-3">
          <div className="size-8 rounded-full bg-line animate-breathe" />
          <div className="flex-1 space-y-2 pt-1">
            <div className="h-2.5 w-20 rounded bg-line animate-breathe" />
            <div className="h-2.5 rounded bg-line animate-breathe" style={{ width: `${width}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
