/** A static host as plain as they come: files on a sub-path, without a header that a page could lean on. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { settings } from "./settings";

/** The types that browsers insist on. Everything else gets the type that such hosts give to unknown files. */
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export class PlainHost {
  /** Paths that it had nothing for. */
  readonly missing: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly path: string,
    private readonly site: string,
  ) {}

  /** Serves the built page at a path such as `/some/where/`; files of `instead` take the place of its own. */
  static async open(
    path: string,
    instead: Record<string, string> = {},
    site = settings.site,
  ): Promise<PlainHost> {
    const server = createServer();
    const host = new PlainHost(server, path, site);
    server.on("request", ({ url = "" }, response) => void host.answer(url, instead, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return host;
  }

  /** The address of the page. */
  get page(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.path}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async answer(
    url: string,
    instead: Record<string, string>,
    response: ServerResponse,
  ): Promise<void> {
    const path = decodeURI(url.split("?", 1)[0] ?? "");
    const name = normalize(path.slice(this.path.length) || "index.html");
    try {
      if (!path.startsWith(this.path) || name.startsWith("..")) throw new Error("not here");
      const body = instead[name] ?? (await readFile(join(this.site, name)));
      const type = TYPES[extname(name)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type }).end(body);
    } catch {
      this.missing.push(path);
      response.writeHead(404, { "Content-Type": "text/html" }).end("<h1>Not found</h1>");
    }
  }
}
