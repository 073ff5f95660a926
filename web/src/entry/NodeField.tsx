/**
 * The field for the node that introduces people. Only pages whose own server is no node need it, so it is folded away.
 */
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Field } from "../ui/Field";

interface NodeFieldProps {
  node: string;
  onChange: (node: string) => void;
}

export function NodeField({ node, onChange }: NodeFieldProps) {
  const [open, setOpen] = useState(node !== "");
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group [&>summary]:list-none"
    >
      <summary className="-mx-2 flex w-fit cursor-pointer items-center gap-1 rounded-md px-2 py-1 text-[0.867rem] text-soft select-none hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        More
      </summary>
      <Field
        className="mt-3"
        label="Node"
        note="optional"
        placeholder="node.example.org"
        value={node}
        maxLength={256}
        inputMode="url"
        autoCapitalize="off"
        onChange={(event) => onChange(event.target.value)}
      />
      <p className="mt-1.5 text-[0.867rem] text-soft">
        It introduces people to each other and never sees what is written. Left empty, it is the one of this
        page.
      </p>
    </details>
  );
}
