/** A document of the room for a panel, bound anew whenever the engine had to rebuild it. */
import { useEffect, useState } from "react";
import type { DocView, Room } from "../engine";
import { sentence } from "../shared/format";

interface Bound {
  view: DocView;
  /** Counts up when `view.doc` is another one than before. */
  generation: number;
}

interface Loading {
  document?: Bound;
  problem?: string;
}

export function useDocument(room: Room, name: string): Loading {
  const [state, setState] = useState<Loading>({});
  useEffect(() => {
    const stop = new AbortController();
    let generation = 0;
    const bind = (view: DocView) => {
      generation += 1;
      setState({ document: { view, generation } });
    };
    room.doc(name).then(
      (view) => {
        if (stop.signal.aborted) return;
        view.addEventListener("rejected", () => bind(view), { signal: stop.signal });
        bind(view);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setState({ problem: sentence(error) });
      },
    );
    return () => stop.abort();
  }, [room, name]);
  return state;
}
