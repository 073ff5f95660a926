/** The board: the strip of its pages, and the page on show. Fetched when it is shown first. */
import type { UserToFollow } from "@excalidraw/excalidraw/types";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import type { DocView, Room } from "../../engine";
import { mayWrite } from "../../shared/format";
import { freshId } from "../../shared/ids";
import { apart } from "../../shared/names";
import { useRoomState } from "../../session/room";
import { Canvas } from "./adapter/Canvas";
import type { Omitted } from "./adapter/session";
import "./board.css";
import { Bulk } from "./model/bulk";
import { Pages } from "./model/pages";
import { OmittedBar } from "./OmittedBar";
import { PageList } from "./PageList";
import { PageStrip } from "./PageStrip";

interface BoardProps {
  room: Room;
  view: DocView;
  hidden: boolean;
}

/** The page one was on, kept over a rebuilt document, which is a new board. */
const chosen = new WeakMap<DocView, string>();

export default function Board({ room, view, hidden }: BoardProps) {
  const writes = useRoomState((state) => mayWrite(state.role));
  const pages = useMemo(() => new Pages(view.doc), [view]);
  const list = useSyncExternalStore(pages.subscribe, pages.all);
  const [wanted, setWanted] = useState(() => chosen.get(view));
  const [followed, setFollowed] = useState<UserToFollow | null>(null);
  // A page that somebody deleted is left for the first one.
  const current = list.find(({ id }) => id === wanted) ?? list[0];

  useEffect(() => {
    if (current) chosen.set(view, current.id);
  }, [view, current]);

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
  const remove = (id: string) => {
    const undo = pages.remove(id);
    if (!undo) return;
    const name = list.find((page) => page.id === id)?.name ?? "Page";
    toast(`“${apart(name)}” was deleted`, { action: { label: "Undo", onClick: undo } });
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageStrip
        pages={list}
        current={current.id}
        writes={writes}
        onChoose={(id) => {
          setFollowed(null);
          choose(id);
        }}
        onAdd={() => choose(pages.add(freshId()).id)}
        onRename={(id, name) => pages.rename(id, name)}
        onMove={(id, to) => pages.move(id, to)}
        onRemove={remove}
      />
      {listed === page ? (
        <div className="min-h-0 flex-1">
          <PageList
            key={page}
            room={room}
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
              room={room}
              view={view}
              page={current}
              writes={writes}
              hidden={hidden}
              followed={followed}
              onFollow={setFollowed}
              onPage={choose}
              onOmitted={(what) => setOmitted({ page, what })}
            />
          </div>
        </>
      )}
    </div>
  );
}
