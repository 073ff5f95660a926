/** The panel *Code*: the files that everyone writes in. The editor itself is fetched with the first room. */
import { Eye } from "lucide-react";
import type { Room } from "../../engine";
import { mayWrite } from "../../shared/format";
import { useRoomState } from "../../session/room";
import { Notice } from "../../ui/Notice";
import { part } from "../../ui/Part";
import { CodeLines } from "../../shell/RoomSkeleton";
import { useDocument } from "../../session/useDocument";

export const loadEditor = () => import("./Editor");
const skeleton = (
  <div className="p-8">
    <CodeLines />
  </div>
);
const Editor = part(loadEditor, { name: "The editor", waiting: skeleton });

export function CodePanel({ room, hidden }: { room: Room; hidden: boolean }) {
  const { document, problem } = useDocument(room, "code");
  const { loaded, admitted } = useRoomState((state) => state.status);
  const writes = useRoomState((state) => mayWrite(state.role));
  return (
    <section
      aria-label="Code"
      hidden={hidden}
      className="min-h-0 min-w-0 flex-1 flex-col bg-surface not-[[hidden]]:flex"
    >
      {admitted && !writes && (
        <p className="flex items-center gap-2 border-b border-line px-5 py-2 text-[0.867rem] text-soft">
          <Eye aria-hidden className="size-4" />
          Your link lets you look. You see everything as it is written, and cannot change it.
        </p>
      )}
      {problem !== undefined ? (
        <div className="p-5">
          <Notice tone="bad" alert>
            {problem}
          </Notice>
        </div>
      ) : document ? (
        <>
          {!loaded && (
            <p
              role="status"
              className="border-b border-line px-5 py-2 text-[0.867rem] text-soft animate-breathe"
            >
              Waiting for someone who has what was written so far…
            </p>
          )}
          <Editor
            key={document.generation}
            room={room}
            view={document.view}
            writable={writes}
            hidden={hidden}
          />
        </>
      ) : (
        skeleton
      )}
    </section>
  );
}
