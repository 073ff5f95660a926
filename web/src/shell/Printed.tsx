/** The printed page: the whole of the panel that has the focus, in black on white, on as many sheets as it takes. */
import { useEffect, useState, type ReactNode } from "react";
import { createPortal, flushSync } from "react-dom";
import { visible } from "./layout/store";
import { useSession } from "../session/context";
import type { Sheets } from "../session/sheets";

export function Printed() {
  const { sheets } = useSession();
  const [sheet, setSheet] = useState<ReactNode>();
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    let panel: string | undefined;
    const before = () => {
      const made = sheetNow(sheets, panel);
      flushSync(() => setSheet(made));
    };
    const after = () => setSheet(undefined);
    const focused = ({ target }: FocusEvent) => (panel = panelOf(target) ?? panel);
    // The board's own keys would take it from the browser.
    const pressed = (event: KeyboardEvent) => {
      const isPrint = event.key.toLowerCase() === "p" && event.ctrlKey !== event.metaKey && !event.shiftKey;
      if (isPrint && !event.altKey) event.stopPropagation();
    };
    addEventListener("beforeprint", before, { signal });
    addEventListener("afterprint", after, { signal });
    addEventListener("focusin", focused, { signal });
    addEventListener("keydown", pressed, { signal, capture: true });
    return () => stop.abort();
  }, [sheets]);
  return sheet === undefined ? null : createPortal(<div className="printed">{sheet}</div>, document.body);
}

function panelOf(target: EventTarget | null): string | undefined {
  const host = target instanceof Element ? target.closest<HTMLElement>("[data-panel]") : null;
  return host?.dataset.panel;
}

/** The panel that has the focus, or had it last. */
function inUse(last: string | undefined): string | undefined {
  const shown = visible();
  return shown.find((panel) => panel === (panelOf(document.activeElement) ?? last)) ?? shown[0];
}

/** Nothing where the page is to be printed as it is, as with a dialog over it. */
function sheetNow(sheets: Sheets, last: string | undefined): ReactNode {
  const dialogs = [...document.querySelectorAll("[role=dialog], [role=alertdialog]")];
  // The board calls its palettes dialogs.
  if (dialogs.some((dialog) => panelOf(dialog) === undefined)) return undefined;
  const panel = inUse(last);
  return panel === undefined ? undefined : sheets.of(panel);
}
