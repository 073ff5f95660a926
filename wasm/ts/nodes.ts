/** Addresses of nodes, in libp2p's form. */
import { CoveyError } from "./errors.js";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const MULTIADDR = /^\/(dns[46]?|ip4|ip6)\/[\w.:-]+\/tcp\/\d{1,5}(\/tls\/ws|\/wss|\/ws)(\/p2p\/\w+)?$/;
/** Browsers differ in what else they take for a host. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])$/i;
/** The longest address that a link has room for. */
const LONGEST = 256;

/** The address of a page's own origin as a node, in libp2p's form; none for a page without a host. */
export function nodesOf(page: Pick<Location, "protocol" | "hostname" | "port">): string[] {
  const secure = page.protocol === "https:";
  if (page.hostname === "" || !(secure || page.protocol === "http:")) return [];
  const port = page.port === "" ? (secure ? "443" : "80") : page.port;
  return [`/${host(page.hostname)}/tcp/${port}${secure ? "/tls/ws" : "/ws"}`];
}

function host(name: string): string {
  if (name.startsWith("[")) return `ip6/${name.slice(1, -1)}`;
  return /^\d+(\.\d+){3}$/.test(name) ? `ip4/${name}` : `dns/${name}`;
}

/**
 * A node as people write it (`node.example.org`, `https://node.example.org:8443`) or in libp2p's form, in the latter.
 */
export function nodeAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  if (MULTIADDR.test(trimmed)) return trimmed;
  const url = urlOf(trimmed);
  if (!url || !HOST.test(url.hostname)) return undefined;
  // libp2p's WebSockets have no place for anything but a host.
  if (url.pathname !== "/" || `${url.search}${url.hash}${url.username}` !== "") return undefined;
  return nodesOf(url)[0];
}

/** As `nodeAddress`; throws for what is no address. */
export function addresses(nodes: readonly string[]): string[] {
  return nodes.map((node) => {
    const address = nodeAddress(node);
    if (address !== undefined) return address;
    throw new CoveyError("node-invalid", { node });
  });
}

function urlOf(text: string): URL | undefined {
  try {
    const web = text.replace(/^ws(s?):\/\//i, "http$1://");
    if (/^https?:\/\//i.test(web)) return new URL(web);
    // Without a scheme, a colon stands before a port.
    const url = new URL(`https://${text}`);
    return LOOPBACK.test(url.hostname) ? new URL(`http://${text}`) : url;
  } catch {
    return undefined;
  }
}
