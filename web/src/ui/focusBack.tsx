/** Gives the focus back to what opened a dialog. Radix does so for its own triggers only. */
import { useLayoutEffect, useRef, useState, type RefObject } from "react";

type Opener = RefObject<Element | null>;

/** For a dialog's content: what it does when it has closed, and the reference that `<Opener>` in it fills. */
export function useFocusBack(): { openerRef: Opener; onClosed: (event: Event) => void } {
  const openerRef = useRef<Element>(null);
  const onClosed = (event: Event) => {
    const { current: element } = openerRef;
    if (!(element instanceof HTMLElement) || !element.isConnected) return;
    event.preventDefault();
    element.focus();
  };
  return { openerRef, onClosed };
}

/** Stands in the dialog: it is rendered before anything in there takes the focus. */
export function Opener({ openerRef }: { openerRef: Opener }) {
  const [element] = useState(() =>
    document.activeElement === document.body ? null : document.activeElement,
  );
  useLayoutEffect(() => {
    openerRef.current = element;
  }, [openerRef, element]);
  return null;
}
