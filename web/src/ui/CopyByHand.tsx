/** Shows what the browser did not copy, selected, so that the keyboard copies it. */
import { useUncopied } from "../shared/clipboard";
import { command } from "../shared/keyboard";
import { inputLook } from "./Field";
import { Modal } from "./Modal";

export function CopyByHand() {
  const text = useUncopied((state) => state.text);
  return (
    <Modal
      open={text !== undefined}
      onOpenChange={() => useUncopied.setState({ text: undefined })}
      title="Copy it by keyboard"
      about={`The browser did not let this page copy. The text is selected: press ${command} C.`}
    >
      <textarea
        readOnly
        autoFocus
        aria-label="Text to copy"
        rows={8}
        value={text ?? ""}
        onFocus={(event) => event.target.select()}
        className={`${inputLook} mt-4 h-auto! resize-none py-2 font-mono text-[0.8rem]`}
      />
    </Modal>
  );
}
