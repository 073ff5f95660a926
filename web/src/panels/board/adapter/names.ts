/** Names for the controls of Excalidraw that have none, or one that hides what they show. */

const NAMES: readonly (readonly [selector: string, nameOf: (control: Element) => string])[] = [
  [".main-menu-trigger", () => "Menu of the board"],
  [".reset-zoom-button", ({ textContent }) => `${textContent}, reset zoom`],
  [".color-picker-container", () => "Colours"],
];

/** Keeps the names, since Excalidraw makes its controls anew, until the returned function is called. */
export function nameControls(): () => void {
  const root = document.querySelector(".excalidraw");
  if (!root) return () => undefined;
  const name = () => {
    for (const [selector, nameOf] of NAMES) {
      for (const control of root.querySelectorAll(selector))
        control.setAttribute("aria-label", nameOf(control));
    }
  };
  const observer = new MutationObserver(name);
  observer.observe(root, { childList: true, subtree: true, characterData: true });
  name();
  return () => observer.disconnect();
}
