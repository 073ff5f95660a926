/** A message's text with all its marks, as it was written. */
import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { copies } from "../../shared/clipboard";
import { command } from "../../shared/keyboard";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";

/** So many lines are shown at once, at least and at most. */
const [FEW, MANY] = [3, 16];

export function SourceDialog({ text, onClose }: { text: string; onClose: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const copy = () => {
    field.current?.select();
    void copies(text).then(setCopied);
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title="Source of the message"
      about="The text as it was written, with all its marks."
    >
      <textarea
        ref={field}
        readOnly
        dir="auto"
        aria-label="Source"
        value={text}
        rows={Math.min(MANY, Math.max(FEW, text.split("\n").length))}
        className="mt-4 block w-full resize-y rounded-lg border border-edge bg-surface px-3 py-2 font-mono text-[0.867rem] leading-relaxed focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent"
      />
      <div className="mt-4 flex items-center justify-end gap-3">
        {copied === false && (
          <p role="alert" className="text-[0.867rem] text-bad">
            This browser did not copy it: press {command} C.
          </p>
        )}
        <Button onClick={copy}>
          {copied === true ? (
            <Check aria-hidden className="size-4" />
          ) : (
            <Copy aria-hidden className="size-4" />
          )}
          {copied === true ? "Copied" : "Copy"}
        </Button>
      </div>
    </Modal>
  );
}
