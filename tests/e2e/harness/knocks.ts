/** Stands where a dead node stood, and counts who tries to reach it. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";

export class Knocks {
  count = 0;

  private constructor(private readonly server: Server) {
    server.on("connection", (socket) => {
      this.count += 1;
      socket.destroy();
    });
  }

  static async at(port: number): Promise<Knocks> {
    const server = createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new Knocks(server);
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, "close");
  }
}
