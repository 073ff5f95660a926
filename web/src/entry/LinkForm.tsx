/** The form for a link that is not in the address bar. */
import { ArrowRight } from "lucide-react";
import { useId, useState } from "react";
import { receive } from "../app/state";
import { IconButton } from "../ui/Button";
import { inputLook } from "../ui/Field";

export function LinkForm() {
  const id = useId();
  const [text, setText] = useState("");
  return (
    <form
      noValidate
      className="mt-8 border-t border-line pt-7"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") void receive(text, false);
      }}
    >
      <label htmlFor={id} className="mb-1.5 block text-[0.867rem] font-medium">
        Invite link
      </label>
      <div className="relative">
        <input
          id={id}
          value={text}
          placeholder="Paste a link someone sent you"
          autoComplete="off"
          spellCheck={false}
          className={`${inputLook} pr-11`}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData("text/plain");
            // The field would drop the ends of lines, and what is on two lines would be one word.
            if (!/[\r\n]/.test(pasted.trim())) return;
            event.preventDefault();
            setText(pasted.replaceAll(/[\r\n]+/g, " "));
          }}
        />
        <IconButton
          label="Open link"
          type="submit"
          disabled={text.trim() === ""}
          className="absolute top-0.5 right-0.5"
        >
          <ArrowRight />
        </IconButton>
      </div>
    </form>
  );
}
