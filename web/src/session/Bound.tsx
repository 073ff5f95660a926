/** A document of the room for a panel, bound anew whenever the engine had to rebuild it. */
import { Fragment, useEffect, useState, type ReactNode } from "react";
import type { DocView } from "../engine";
import { sentence } from "../shared/sentences";
import { Notice } from "../ui/Notice";
import { useSession } from "./context";

interface BoundProps {
  document: string;
  /** Shown until it is there. */
  waiting?: ReactNode;
  /** Made anew with every `view.doc`. */
  children: (view: DocView) => ReactNode;
}

export function Bound({ document, waiting = null, children }: BoundProps) {
  const { view, generation, problem } = useDocument(document);
  if (problem !== undefined) {
    return (
      <div className="p-5">
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      </div>
    );
  }
  return view ? <Fragment key={generation}>{children(view)}</Fragment> : waiting;
}

interface Document {
  view?: DocView;
  /** Counts up when `view.doc` is another one than before. */
  generation: number;
  problem?: string;
}

function useDocument(name: string): Document {
  const { room } = useSession();
  const [document, setDocument] = useState<Document>({ generation: 0 });
  useEffect(() => {
    let gone = false;
    let stop: (() => void) | undefined;
    const bind = (view: DocView) => setDocument(({ generation }) => ({ view, generation: generation + 1 }));
    room.doc(name).then(
      (view) => {
        if (gone) return;
        stop = view.on("rejected", () => bind(view));
        bind(view);
      },
      (error: unknown) => {
        if (!gone) setDocument({ generation: 0, problem: sentence(error) });
      },
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [room, name]);
  return document;
}
