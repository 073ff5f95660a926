/** The outline of the board while what draws is fetched. */

export function BoardSkeleton() {
  return (
    <div role="status" aria-label="The board is loading" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-11 shrink-0 items-center border-b border-line bg-track px-2">
        <span className="h-8 w-20 rounded-md bg-chosen animate-breathe" />
      </div>
      <div className="flex flex-1 justify-center pt-4">
        <span className="h-11 w-[min(26rem,70%)] rounded-lg bg-track animate-breathe" />
      </div>
    </div>
  );
}
