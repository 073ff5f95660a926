/** The panel *Board*: a light shell; what draws is fetched when the board is shown first. */
import { useState } from "react";
import type { Room } from "../../engine";
import { useDocument } from "../../session/useDocument";
import { Notice } from "../../ui/Notice";
import { part } from "../../ui/Part";
import { BoardSkeleton } from "./BoardSkeleton";

export const loadBoard = () => import("./Board");
const Board = part(loadBoard, { name: "The board", waiting: <BoardSkeleton /> });

export function BoardPanel({ room, hidden }: { room: Room; hidden: boolean }) {
  const [wasShown, setShown] = useState(!hidden);
  if (!hidden && !wasShown) setShown(true);
  return (
    <section
      aria-label="Board"
      hidden={hidden}
      className="min-h-0 min-w-0 flex-1 flex-col bg-surface not-[[hidden]]:flex"
    >
      {wasShown && <Shown room={room} hidden={hidden} />}
    </section>
  );
}

function Shown({ room, hidden }: { room: Room; hidden: boolean }) {
  const { document, problem } = useDocument(room, "board");
  if (problem !== undefined) {
    return (
      <div className="p-5">
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      </div>
    );
  }
  if (!document) return <BoardSkeleton />;
  return <Board key={document.generation} room={room} view={document.view} hidden={hidden} />;
}
