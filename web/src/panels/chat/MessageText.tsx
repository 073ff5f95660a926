/** The text of a message: a long one in part at first, and a few emoji alone in large. */
import { useState } from "react";
import { useHere } from "./context";
import { excerptOf } from "./excerpt";
import { Markdown } from "./markdown/Markdown";
import { isEmoji } from "./records";
import type { Message } from "./slot";

/** So many emoji alone are large. */
const FEW = 3;

export function MessageText({ message }: { message: Message }) {
  const { chat } = useHere();
  const { id, text } = message;
  const [whole, setWhole] = useState(() => chat.whole.has(id));
  const part = whole ? undefined : excerptOf(text);
  if (isFewEmoji(text)) {
    return <p className="text-[1.9rem] leading-tight">{text}</p>;
  }
  return (
    <div>
      <Markdown text={part ?? text} />
      {part !== undefined && (
        <button
          type="button"
          onClick={() => {
            chat.whole.add(id);
            setWhole(true);
          }}
          className="mt-0.5 rounded text-[0.867rem] font-medium text-accent hover:underline"
        >
          Show all
        </button>
      )}
    </div>
  );
}

function isFewEmoji(text: string): boolean {
  if (text.length > 32 * FEW) return false;
  const parts = text.split(/\s+/).flatMap((part) => [...segmenter.segment(part)]);
  return parts.length <= FEW && parts.every(({ segment }) => isEmoji(segment));
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
