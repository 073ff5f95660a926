/** The field: a message, a reply, or a change of one's own message. */
import { Eye, SendHorizontal, X } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useStore } from "zustand";
import { useRoom } from "../../session/context";
import { linkIsFor, writes as writesAnywhere } from "../../session/rights";
import { useHere } from "./context";
import { EmojiPopover } from "./EmojiPopover";
import { bytesOf, isText, TEXT_LIMIT, trimmed, type Id } from "./records";
import type { Message } from "./slot";

/** From this length on the remaining room is shown. */
const NEAR_LIMIT = TEXT_LIMIT * 0.9;

export function Composer({ thread }: { thread?: Id }) {
  const { chat, writes } = useHere();
  const [edits, setEdits] = useState(false);
  const admitted = useRoom((state) => state.status.admitted);
  const rights = useRoom((state) => state.rights);
  const edited = useStore(chat.place, ({ editing }) =>
    editing === undefined ? undefined : chat.timeline.get(editing),
  );
  // A thread's first message is edited where it stands.
  const editing = edited && !edited.removed && edited.re === thread ? edited : undefined;
  if (!writes) {
    if (!admitted) return <Quiet>You can write here as soon as someone lets you in.</Quiet>;
    if (thread !== undefined) return null;
    return writesAnywhere(rights.role) ? (
      <Quiet>You can read the chat here, not write in it: {linkIsFor(rights)}.</Quiet>
    ) : (
      <Quiet>Your link lets you look: you read here, and do not write.</Quiet>
    );
  }
  return (
    <>
      {!admitted && thread === undefined && (
        <p className="px-4 pb-1 text-[0.8rem] text-soft">
          What you write waits until someone has let you in.
        </p>
      )}
      <Field
        key={editing?.id ?? "new"}
        thread={thread}
        editing={editing}
        focus={edits || editing !== undefined || thread !== undefined}
        onEdited={() => {
          setEdits(true);
          chat.place.setState({ editing: undefined });
        }}
      />
    </>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-center gap-2.5 border-t border-line px-4 py-3 text-[0.867rem] text-soft">
      <Eye aria-hidden className="size-4 shrink-0" />
      {children}
    </p>
  );
}

interface FieldProps {
  thread: Id | undefined;
  editing: Message | undefined;
  /** Whether the person comes here to write. */
  focus: boolean;
  /** The change is made, or given up. */
  onEdited: () => void;
}

function Field({ thread, editing, focus, onEdited }: FieldProps) {
  const { chat } = useHere();
  const place = thread ?? "";
  const [text, setText] = useState(() => editing?.text ?? chat.memory.draft(place));
  const field = useGrowing(text);
  const over = overLimit(text);

  useEffect(() => {
    if (!focus) return;
    field.current?.focus();
    field.current?.setSelectionRange(-1, -1);
  }, [field, focus]);

  const change = (next: string) => {
    setText(next);
    if (!editing) chat.memory.setDraft(place, next);
    chat.live.typed(next.trim() !== "" && !editing);
  };
  const send = () => {
    if (editing && text.trim() === "") return;
    if (!isText(text)) return;
    if (editing) {
      chat.edit(editing.id, trimmed(text));
      onEdited();
    } else {
      if (chat.say(trimmed(text), thread)) change("");
    }
  };

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && editing) {
      event.preventDefault();
      onEdited();
    } else if (event.key === "ArrowUp" && text === "" && !editing && chat.self !== undefined) {
      const last = chat.timeline.lastOf(chat.self, thread);
      if (!last) return;
      event.preventDefault();
      chat.place.setState({ editing: last.id });
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="px-3 pb-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
    >
      <div className="rounded-xl border border-edge bg-raised transition-colors focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent">
        {editing && <EditingStrip onCancel={onEdited} />}
        <div className="flex items-end gap-0.5 p-1">
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            value={text}
            aria-label={thread === undefined ? "Message" : "Reply"}
            aria-invalid={over > 0}
            placeholder={thread === undefined ? "Write a message" : "Reply"}
            enterKeyHint="send"
            onChange={(event) => change(event.target.value)}
            onKeyDown={press}
            className="max-h-[40vh] min-h-8 flex-1 resize-none bg-transparent px-2.5 py-[5px] leading-[1.45] focus:outline-none"
          />
          <EmojiPopover
            label="Add an emoji"
            className={iconLook}
            backTo={field}
            onPick={(emoji) => {
              if (field.current) insert(field.current, emoji, change);
            }}
          />
          <button
            type="submit"
            aria-label={editing ? "Save" : "Send"}
            title={editing ? "Save (Enter)" : "Send (Enter)"}
            disabled={!isText(text)}
            className="grid size-8 shrink-0 place-items-center rounded-lg text-soft transition-colors enabled:bg-fill enabled:text-white enabled:hover:bg-fill-strong disabled:opacity-60"
          >
            <SendHorizontal aria-hidden className="size-4" />
          </button>
        </div>
      </div>
      {bytesOf(text) > NEAR_LIMIT && (
        <p role="status" className={`mt-1 px-1 text-[0.8rem] ${over > 0 ? "text-bad" : "text-soft"}`}>
          {over > 0
            ? `Too long by ${over.toLocaleString("en")} bytes: send it in parts.`
            : `${(-over).toLocaleString("en")} bytes are left.`}
        </p>
      )}
    </form>
  );
}

const iconLook =
  "grid size-8 shrink-0 place-items-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink [&_svg]:size-[1.1rem]";

function EditingStrip({ onCancel }: { onCancel: () => void }) {
  return (
    <div className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-3.5 text-[0.8rem] text-soft">
      <span className="flex-1">
        Editing your message<span className="max-[420px]:hidden"> · Escape cancels</span>
      </span>
      <button
        type="button"
        aria-label="Cancel editing"
        onClick={onCancel}
        className="grid size-6 place-items-center rounded-md hover:bg-hover hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}

/** By how much a text is too long; negative for what is left. */
function overLimit(text: string): number {
  return bytesOf(text) - TEXT_LIMIT;
}

/** In the place of what is selected, with the caret behind it and as a step that can be undone. */
function insert(field: HTMLTextAreaElement, text: string, change: (next: string) => void): void {
  field.focus();
  // Nothing else writes into the history of a field, deprecated or not.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  change(field.value);
}

/** A field as high as its text. */
function useGrowing(text: string) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
  return field;
}
