/**
 * The elements that panels live in. A panel is rendered into its host once and for all; arranging moves the host, so
 * that nothing in a panel begins anew: neither a drawing's history nor what was scrolled to.
 */
import type { PanelId } from "./model";

export class Hosts {
  /** Where hosts wait that are not on show. */
  private readonly parking = document.createElement("div");
  private readonly hosts = new Map<PanelId, HTMLElement>();

  constructor() {
    this.parking.hidden = true;
  }

  /** The element to append to the page, for those who are not on show. */
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
    move(host, slot);
    return () => {
      if (host.parentElement === slot) move(host, this.parking);
    };
  }
}

interface Movable extends HTMLElement {
  moveBefore?: (node: Node, before: Node | null) => void;
}

/** Keeps focus and scrolling where the browser can move elements as they are. */
function move(host: HTMLElement, parent: Movable): void {
  if (parent.moveBefore && parent.isConnected && host.isConnected) parent.moveBefore(host, null);
  else parent.append(host);
}
