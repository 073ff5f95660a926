/**
 * The elements that panels live in. A panel is rendered into its host once and for all; arranging moves the host, so
 * that nothing in a panel begins anew: neither a drawing's history nor what was scrolled to.
 */
import type { PanelId } from "./model";

export class Hosts {
  /** Where hosts wait that are not on show. */
  private readonly parking = document.createElement("div");
  private readonly hosts = new Map<PanelId, HTMLElement>();
  /** The element with the focus in a host that is being moved. */
  private held: HTMLElement | undefined;

  constructor() {
    this.parking.hidden = true;
  }

  /** Appends the element that holds the panels that are not on show. */
  attach(parent: HTMLElement): () => void {
    parent.append(this.parking);
    return () => this.parking.remove();
  }

  of(panel: PanelId): HTMLElement {
    const known = this.hosts.get(panel);
    if (known) return known;
    const host = document.createElement("div");
    host.className = "panel-host";
    host.dataset.panel = panel;
    host.tabIndex = -1;
    this.hosts.set(panel, host);
    this.parking.append(host);
    return host;
  }

  /** Puts a panel's host at a place until the returned function is called. */
  lodge(panel: PanelId, slot: HTMLElement): () => void {
    const host = this.of(panel);
    this.move(host, slot);
    this.giveBack(host);
    return () => {
      if (host.parentElement !== slot) return;
      this.take(host);
      this.move(host, this.parking);
    };
  }

  /** Keeps scrolling where the browser can move elements as they are. */
  private move(host: HTMLElement, parent: Movable): void {
    if (parent.moveBefore && parent.isConnected && host.isConnected) parent.moveBefore(host, null);
    else parent.append(host);
  }

  /** Takes the focus for the moment of a move: an editor that kept it would lose its selection. */
  private take(host: HTMLElement): void {
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLElement) || !host.contains(activeElement)) return;
    activeElement.blur();
    this.held = activeElement;
    // Another arrangement lodges it in the same turn; a panel that is hidden loses the focus for good.
    queueMicrotask(() => (this.held = undefined));
  }

  private giveBack(host: HTMLElement): void {
    if (this.held && host.contains(this.held)) this.held.focus({ preventScroll: true });
  }
}

interface Movable extends HTMLElement {
  moveBefore?: (node: Node, before: Node | null) => void;
}
