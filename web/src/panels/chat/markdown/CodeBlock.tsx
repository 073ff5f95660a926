/** A block of code in a message: coloured once its language is there, and easily copied. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "../../../shared/clipboard";
import type { Piece } from "./highlight";

export function CodeBlock({ code, language }: { code: string; language: string }) {
  const pieces = usePieces(code, language.toLowerCase());
  return (
    <div className="group/code relative my-1.5">
      {/* It was written, so it is shown: not everybody means a language by it. */}
      {language !== "" && <span className="block text-[0.733rem] text-soft">{language}</span>}
      <pre
        tabIndex={0}
        aria-label={language === "" ? "Code" : `Code, ${language}`}
        data-highlighted={pieces !== undefined}
      >
        <code>
          {pieces?.map(({ text, style }, i) =>
            style ? (
              <span key={i} style={style}>
                {text}
              </span>
            ) : (
              text
            ),
          ) ?? code}
        </code>
      </pre>
      <CopyButton text={code} />
    </div>
  );
}

/** The code in coloured pieces; nothing while they are made, and for languages that are not known. */
function usePieces(code: string, language: string): Piece[] | undefined {
  const [made, setMade] = useState<{ code: string; pieces: Piece[] | undefined }>();
  useEffect(() => {
    if (language === "") return;
    let current = true;
    void import("./highlight")
      .then(({ highlighted }) => highlighted(code, language))
      .then(
        (pieces) => {
          if (current) setMade({ code, pieces });
        },
        // Missing colours are not reported: the chunk may be gone from the server.
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [code, language]);
  return made?.code === code ? made.pieces : undefined;
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied ? "Copied" : "Copy code";
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => void copyText(text).then(setCopied)}
      className="absolute top-1.5 right-1.5 grid size-7 place-items-center rounded-md border border-line bg-raised text-soft opacity-0 transition-opacity group-hover/code:opacity-100 hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-100"
    >
      {copied ? <Check aria-hidden className="size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
    </button>
  );
}
