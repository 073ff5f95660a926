/** What keys are called and where they may act. */

export const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** Whether keys pressed here write something. */
export function writesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
