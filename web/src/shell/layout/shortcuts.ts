/** Whether the sheet of keyboard shortcuts is open; menus open it too. */
import { create } from "zustand";

export const useSheet = create<{ open: boolean }>(() => ({ open: false }));

export function showShortcuts(): void {
  useSheet.setState({ open: true });
}

export function hideShortcuts(): void {
  useSheet.setState({ open: false });
}
