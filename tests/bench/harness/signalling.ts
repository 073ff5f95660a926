/** The signalling servers: thirty lines for the floor, and y-webrtc's own. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { join } from "node:path";
import { WebSocketServer, type WebSocket } from "ws";
import { until } from "../../e2e/harness/condition";

/** Passes on what one of a room says to the others; the second is told that there is a first. */
export class Signalling {
  private constructor(
    private readonly server: WebSocketServer,
    private readonly rooms: ReadonlyMap<string, Set<WebSocket>>,
  ) {}

  static async open(): Promise<Signalling> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    const rooms = new Map<string, Set<WebSocket>>();
    server.on("connection", (socket, request) => {
      const url = request.url ?? "";
      const room = rooms.get(url) ?? new Set();
      rooms.set(url, room.add(socket));
      if (room.size > 1) socket.send('{"ready":true}');
      socket.on("message", (data: Buffer) => {
        for (const other of room) if (other !== socket) other.send(data.toString());
      });
      socket.on("close", () => room.delete(socket));
    });
    await once(server, "listening");
    return new Signalling(server, rooms);
  }

  get address(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until somebody waits at this address. */
  async someoneAt(place: string): Promise<void> {
    const { pathname } = new URL(place);
    await until(`someone is at ${place}`, () => (this.rooms.get(pathname)?.size ?? 0) > 0);
  }

  async close(): Promise<void> {
    for (const client of this.server.clients) client.terminate();
    this.server.close();
    await once(this.server, "close");
  }
}

/** The server that the package `y-webrtc` brings along. */
export class YWebrtcServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
  ) {}

  static async open(): Promise<YWebrtcServer> {
    const main = createRequire(import.meta.url).resolve("y-webrtc");
    const script = join(main, "../../bin/server.js");
    const port = await freePort();
    const env = { ...process.env, PORT: String(port) };
    const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await until("y-webrtc's server runs", () => said.includes("running"));
    return new YWebrtcServer(child, `ws://127.0.0.1:${port}`);
  }

  async close(): Promise<void> {
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
