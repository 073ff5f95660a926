/** Sheets of panels: all that they hold, and not only what is on the screen. */
import { useEffect, type ReactNode } from "react";

type Sheet = () => ReactNode;

const sheets = new Map<string, Sheet>();

/** The sheet that a panel prints while the component is there. */
export function useSheet(panel: string, sheet: Sheet): void {
  useEffect(() => {
    sheets.set(panel, sheet);
    return () => {
      if (sheets.get(panel) === sheet) sheets.delete(panel);
    };
  });
}

export function sheetOf(panel: string): ReactNode {
  return sheets.get(panel)?.();
}
