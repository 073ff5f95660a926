/** The notes on show, and a field for another one. */
import { Trash2 } from "lucide-react";
import { useMemo, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import type { DocView } from "../../../web/src/engine";
import type { PanelProps } from "../../../web/src/panels/spec";
import { Bound } from "../../../web/src/session/Bound";
import { useMayWrite } from "../../../web/src/session/context";
import { apart } from "../../../web/src/shared/names";
import type { Entry } from "../../../web/src/shared/orderedIndex";
import { Button, IconButton } from "../../../web/src/ui/Button";
import { Field, inputLook } from "../../../web/src/ui/Field";
import { DOCUMENT, LENGTH, notesIn } from "./notes";

export default function NotesPanel({ skeleton }: PanelProps) {
  return (
    <Bound document={DOCUMENT} waiting={skeleton}>
      {(view) => <Notes view={view} />}
    </Bound>
  );
}

function Notes({ view }: { view: DocView }) {
  const index = useMemo(() => notesIn(view.doc), [view]);
  const notes = useSyncExternalStore(index.subscribe, index.all);
  const writable = useMayWrite(DOCUMENT);
  return (
    <>
      <ul aria-label="Notes" className="min-h-0 flex-1 space-y-3 overflow-y-auto p-4">
        {notes.length === 0 && <li className="p-6 text-center text-soft">There is no note yet.</li>}
        {notes.map((note) => (
          <li key={note.id} className="flex items-center gap-1">
            {writable ? (
              <>
                {/* What somebody else made of it meanwhile begins anew. */}
                <Note key={note.name} note={note} onChange={(text) => index.rename(note.id, text)} />
                <IconButton label={`Delete: ${apart(note.name)}`} onClick={() => index.remove(note.id)}>
                  <Trash2 />
                </IconButton>
              </>
            ) : (
              <p dir="auto">{note.name}</p>
            )}
          </li>
        ))}
      </ul>
      {writable && <Another onAdd={(text) => index.add(text) !== undefined} />}
    </>
  );
}

function Note({ note, onChange }: { note: Entry; onChange: (text: string) => void }) {
  const [text, setText] = useState(note.name);
  const pressed = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") onChange(text);
    if (event.key === "Escape") setText(note.name);
  };
  return (
    <input
      aria-label="Note"
      dir="auto"
      value={text}
      className={inputLook}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onChange(text)}
      onKeyDown={pressed}
    />
  );
}

function Another({ onAdd }: { onAdd: (text: string) => boolean }) {
  const [text, setText] = useState("");
  return (
    <form
      className="flex items-end gap-3 border-t border-line p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (onAdd(text)) setText("");
      }}
    >
      <Field
        label="Another note"
        className="min-w-0 flex-1"
        value={text}
        most={LENGTH}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={text.trim() === ""}>
        Add
      </Button>
    </form>
  );
}
