/** A new room. */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { device } from "../shared/memory";
import { TITLE, tooLong } from "../shared/names";
import { siteNodes } from "../shared/nodes";
import { createRoom } from "../app/state";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { NodeField } from "./NodeField";

interface CreateFormProps {
  nameField: ReactNode;
  named: (action: () => void) => void;
  blocked: boolean;
}

export function CreateForm({ nameField, named, blocked }: CreateFormProps) {
  const [title, setTitle] = useState("");
  const [node, setNode] = useState(() => device.read("node") ?? "");

  // Known by the time that someone has typed a title.
  useEffect(() => void siteNodes(), []);

  const field = useRef<HTMLInputElement>(null);
  const create = () => {
    if (tooLong(title, TITLE) !== undefined) {
      field.current?.focus();
      return;
    }
    device.write("node", node.trim() === "" ? undefined : node.trim());
    void createRoom(title.trim(), node.trim());
  };

  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        named(create);
      }}
    >
      {nameField}
      <Field
        ref={field}
        label="Title"
        note="optional"
        placeholder="What the room is for"
        value={title}
        most={TITLE}
        onChange={(event) => setTitle(event.target.value)}
      />
      <NodeField node={node} onChange={setNode} />
      <Button kind="primary" type="submit" className="mt-1 w-full" disabled={blocked}>
        Create room
      </Button>
    </form>
  );
}
