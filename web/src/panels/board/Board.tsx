/** The board: the strip of its pages, and the page on show. Fetched when it is shown first. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { DocView } from "../../engine";
import { Bound } from "../../session/Bound";
import { useMayWrite, useRoom, useSession } from "../../session/context";
import type { PanelProps } from "../spec";
import { Canvas } from "./adapter/Canvas";
import type { Omitted } from "./adapter/session";
import { boardPlaces } from "./adapter/places";
import "./board.css";
import { Bulk } from "./model/bulk";
import { pagesIn } from "./model/pages";
import { OmittedBar } from "./OmittedBar";
import { PageList } from "./PageList";
import { PageStrip } from "./PageStrip";

export default function BoardPanel({ hidden, skeleton }: PanelProps) {
  return (
    <Bound document="board" waiting={skeleton}>
      {(view) => <Board view={view} hidden={hidden} />}
    </Bound>
  );
}

function Board({ view, hidden }: { view: DocView; hidden: boolean }) {
  const session = useSession();
  const places = session.of(boardPlaces);
  const writes = useMayWrite("board");
  const index = useMemo(() => pagesIn(view.doc), [view]);
  const list = useSyncExternalStore(index.subscribe, index.all);
  const [wanted, setWanted] = useState(places.page);
  const follows = useRoom(({ followed }) => followed?.panel === "board");
  // A page that somebody deleted is left for the first one.
  const current = list.find(({ id }) => id === wanted) ?? list[0];

  useEffect(() => {
    if (current) places.opened(current.id);
  }, [places, current]);

  useEffect(() => () => view.say("view", null), [view]);

  const page = current?.id ?? "";
  const bulk = useMemo(() => new Bulk(view.doc.getMap(`page/${page}`)), [view, page]);
  const tooMuch = useSyncExternalStore(bulk.subscribe, bulk.isTooMuch);
  const [listed, setListed] = useState<string>();
  const [omitted, setOmitted] = useState<{ page: string; what: Omitted }>();
  // It stays a list until somebody wants the drawing: what is being deleted must not turn into another view.
  if (tooMuch && listed !== page) setListed(page);

  if (!current) return null;
  const choose = (id: string) => {
    setListed(undefined);
    setWanted(id);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageStrip
        index={index}
        pages={list}
        current={current}
        writable={writes}
        onOpen={(id) => {
          if (follows) session.unfollow();
          choose(id);
        }}
      />
      {listed === page ? (
        <div className="min-h-0 flex-1">
          <PageList
            key={page}
            view={view}
            page={page}
            bulk={bulk}
            writes={writes}
            onDraw={() => setListed(undefined)}
          />
        </div>
      ) : (
        <>
          {omitted?.page === page && <OmittedBar omitted={omitted.what} onList={() => setListed(page)} />}
          <div className="min-h-0 flex-1">
            <Canvas
              key={page}
              view={view}
              page={current}
              writes={writes}
              hidden={hidden}
              onPage={choose}
              onOmitted={(what) => setOmitted({ page, what })}
            />
          </div>
        </>
      )}
    </div>
  );
}
