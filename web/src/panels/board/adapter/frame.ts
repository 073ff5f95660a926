/** Does something once per frame however often it is asked for; in a tab nobody sees, a few times a second. */

const HIDDEN = 200;

export interface OnFrame {
  ask(): void;
  cancel(): void;
}

export function onFrame(act: () => void): OnFrame {
  let cancel: (() => void) | undefined;
  const run = () => {
    cancel?.();
    cancel = undefined;
    act();
  };
  return {
    ask() {
      if (cancel) return;
      if (document.hidden) {
        const timer = setTimeout(run, HIDDEN);
        cancel = () => clearTimeout(timer);
      } else {
        const frame = requestAnimationFrame(run);
        // Frames stop when the tab is hidden meanwhile.
        const timer = setTimeout(run, HIDDEN);
        cancel = () => {
          cancelAnimationFrame(frame);
          clearTimeout(timer);
        };
      }
    },
    cancel() {
      cancel?.();
      cancel = undefined;
    },
  };
}
