/** The actions for a message: a toolbar with arrow keys, on its upper right edge. */
import { CodeXml, MessageSquareReply, Pencil, Trash2 } from "lucide-react";
import { Toolbar } from "radix-ui";
import { useState, type ComponentProps, type ReactNode } from "react";
import { toast } from "sonner";
import type { Chat } from "./chat";
import { useHere } from "./context";
import { EmojiPopover } from "./EmojiPopover";
import type { Message } from "./slot";
import { SourceDialog } from "./SourceDialog";

const QUICK = ["👍", "❤️", "😂"];

interface MessageActionsProps {
  message: Message;
  inThread: boolean;
  /** Called with true while a menu or dialog of the toolbar is open, so that the toolbar stays. */
  onHold: (held: boolean) => void;
}

export function MessageActions({ message, inThread, onHold }: MessageActionsProps) {
  const { chat, writes } = useHere();
  const [source, setSource] = useState(false);
  const { id, re, thread } = message;
  const own = message.member === chat.self;
  const showSource = (open: boolean) => {
    setSource(open);
    onHold(open);
  };
  const dialog = source && <SourceDialog text={message.text} onClose={() => showSource(false)} />;
  // Readers have this action alone.
  if (!writes) {
    return (
      <div className={frame}>
        <button type="button" {...named("Show source")} onClick={() => showSource(true)}>
          <CodeXml />
        </button>
        {dialog}
      </div>
    );
  }
  return (
    <Toolbar.Root aria-label="Actions" className={frame}>
      {QUICK.map((emoji) => (
        <Action key={emoji} label={`React with ${emoji}`} onClick={() => chat.react(id, emoji)}>
          <span className="text-[0.933rem]">{emoji}</span>
        </Action>
      ))}
      <EmojiPopover onOpenChange={onHold} onPick={(emoji) => chat.react(id, emoji)}>
        {(trigger) => <Toolbar.Button asChild>{trigger}</Toolbar.Button>}
      </EmojiPopover>
      {!inThread && (
        <Action
          label="Reply in thread"
          onClick={() => chat.place.setState({ thread: id, editing: undefined })}
        >
          <MessageSquareReply />
        </Action>
      )}
      {own && (
        <Action
          label="Edit"
          onClick={() =>
            chat.place.setState({ editing: id, ...(inThread && re === undefined && { thread: undefined }) })
          }
        >
          <Pencil />
        </Action>
      )}
      <Action label="Show source" onClick={() => showSource(true)}>
        <CodeXml />
      </Action>
      {dialog}
      {(own || chat.moderates) && (
        <Action
          label="Delete"
          onClick={(event) => {
            // By keyboard: the row goes, and the focus must not go with it.
            if (event.detail === 0) fieldBeside(event.currentTarget)?.focus();
            remove(chat, message, thread !== undefined);
          }}
        >
          <Trash2 />
        </Action>
      )}
    </Toolbar.Root>
  );
}

function fieldBeside(element: Element): HTMLElement | null | undefined {
  return element.closest("aside, section")?.querySelector("textarea");
}

function remove(chat: Chat, { id }: Message, leavesLine: boolean): void {
  chat.remove(id);
  toast(leavesLine ? "The message is deleted, its thread stays." : "The message is deleted.", {
    action: { label: "Undo", onClick: () => chat.restore(id) },
  });
}

interface ActionProps extends ComponentProps<"button"> {
  label: string;
  children: ReactNode;
}

function Action({ label, children, ...rest }: ActionProps) {
  return (
    <Toolbar.Button type="button" {...rest} {...named(label)}>
      {children}
    </Toolbar.Button>
  );
}

function named(label: string) {
  return { "aria-label": label, title: label, className: actionLook };
}

const frame =
  "absolute -top-4 right-2 z-10 flex rounded-lg border border-line bg-raised p-0.5 shadow-[0_4px_14px_-4px_var(--shadow)]";

export const actionLook =
  "grid size-7 place-items-center rounded-md text-soft transition-colors hover:bg-hover hover:text-ink [&_svg]:size-4";
