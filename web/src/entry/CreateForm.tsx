/** A new room. */
import { useState, type ReactNode } from "react";
import { createRoom } from "../state/app";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";

interface CreateFormProps {
  nameField: ReactNode;
  named: (action: () => void) => void;
  blocked: boolean;
}

export function CreateForm({ nameField, named, blocked }: CreateFormProps) {
  const [title, setTitle] = useState("");
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        named(() => void createRoom(title.trim()));
      }}
    >
      {nameField}
      <Field
        label="Title"
        note="optional"
        placeholder="What the room is for"
        value={title}
        maxLength={80}
        onChange={(event) => setTitle(event.target.value)}
      />
      <Button kind="primary" type="submit" className="mt-1 w-full" disabled={blocked}>
        Create room
      </Button>
    </form>
  );
}
