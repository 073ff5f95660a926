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
