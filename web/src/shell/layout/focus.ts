/** Takes the keyboard to a panel, and round all that is on show. */
import { flushSync } from "react-dom";
import { panels } from "../registry";
import type { PanelId } from "./model";
import { reveal, visible } from "./store";

/** Where to begin in a panel that has not had the focus before; a panel may name its own place. */
const STARTS = ["[data-panel-start]", ".cm-content", "textarea", ".excalidraw-container"];
const REACHABLE = "a[href], button, input, textarea, select, [tabindex='0'], [contenteditable='true']";

const last = new WeakMap<Element, HTMLElement>();

/** Keeps what had the focus last in each panel. */
export function rememberFocus(): () => void {
  const noted = ({ target }: FocusEvent) => {
    const host = target instanceof HTMLElement && target.closest("[data-panel]");
    if (host && host !== target) last.set(host, target);
  };
  document.addEventListener("focusin", noted);
  return () => document.removeEventListener("focusin", noted);
}

/** Shows a panel and goes into it, to where one was. */
export function focusPanel(panel: PanelId): void {
  flushSync(() => reveal(panel));
  const host = document.querySelector<HTMLElement>(`[data-panel="${panel}"]`);
  if (host) enter(host);
}

/** From the header to the first panel, from there to the next, and back to the header after the last. */
export function goRound(step: 1 | -1): void {
  const header = document.querySelector<HTMLElement>("header");
  const hosts = visible().map((panel) => document.querySelector<HTMLElement>(`[data-panel="${panel}"]`));
  const regions = [header, ...hosts].filter((region) => region !== null);
  const at = regions.findIndex((region) => areaOf(region).contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  if (next) enter(next);
}

/** After something vanished that had the focus: the control that brings it back. */
export function focusSwitch(panel: PanelId): void {
  document.querySelector<HTMLElement>(`[data-switch="${panel}"]`)?.focus();
}

export function focusMenu(panel: PanelId): void {
  document.querySelector<HTMLElement>(`[data-menu="${panel}"]`)?.focus();
}

/** `Alt` with a digit, except on a Mac, where that writes characters. */
export function shortcutOf(event: KeyboardEvent, mac: boolean): PanelId | undefined {
  const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
  if (metaKey || shiftKey || altKey === mac || ctrlKey !== mac) return undefined;
  return panels.find(({ digit }) => code === `Digit${digit}`)?.id;
}

function enter(region: HTMLElement): void {
  const candidates = [
    last.get(region),
    ...STARTS.map((start) => region.querySelector<HTMLElement>(start)),
    ...region.querySelectorAll<HTMLElement>(REACHABLE),
  ];
  const first = candidates.find((each) => each && region.contains(each) && isReachable(each));
  (first ?? region).focus();
}

function isReachable(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(":disabled") && element.getClientRects().length > 0;
}

/** A panel's bar counts as the panel. */
function areaOf(region: HTMLElement): HTMLElement {
  return region.closest<HTMLElement>("[data-group]") ?? region;
}
