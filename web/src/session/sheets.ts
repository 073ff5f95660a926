/** Sheets of panels: all that they hold, and not only what is on the screen. */
import { useEffect, type ReactNode } from "react";
import { useSession } from "./context";

type Sheet = () => ReactNode;

export class Sheets {
  private readonly sheets = new Map<string, Sheet>();

  /** Puts a panel's sheet in until the returned function is called. */
  put(panel: string, sheet: Sheet): () => void {
    this.sheets.set(panel, sheet);
    return () => {
      if (this.sheets.get(panel) === sheet) this.sheets.delete(panel);
    };
  }

  of(panel: string): ReactNode {
    return this.sheets.get(panel)?.();
  }
}

/** The sheet that a panel prints while the component is there. */
export function useSheet(panel: string, sheet: Sheet): void {
  const { sheets } = useSession();
  useEffect(() => sheets.put(panel, sheet));
}
