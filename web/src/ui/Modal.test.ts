// @vitest-environment jsdom
import { act, createElement, useState } from "react";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { Modal } from "./Modal";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

function Page() {
  const [open, setOpen] = useState(false);
  const inside = createElement("button", { id: "inside", autoFocus: true });
  return [
    createElement("button", { key: 1, id: "opener", onClick: () => setOpen(true) }),
    open &&
      createElement(Modal, {
        key: 2,
        open,
        title: "A dialog",
        onOpenChange: setOpen,
        children: inside,
      }),
  ];
}

test("a dialog gives the focus back to what opened it, though it is no trigger of Radix", async () => {
  const place = document.body.appendChild(document.createElement("div"));
  act(() => createRoot(place).render(createElement(Page)));
  const opener = document.getElementById("opener");
  opener?.focus();
  act(() => opener?.click());
  await vi.waitFor(() => expect(document.activeElement?.id).toBe("inside"));
  act(() => {
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  });
  expect(document.querySelector("[role=dialog]")).toBeNull();
  await vi.waitFor(() => expect(document.activeElement?.id).toBe("opener"));
});
