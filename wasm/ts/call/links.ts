/** The connections of a call, by the numbers under which the engine speaks of them. */
import { Connection, type Surroundings } from "./connection.js";
import type { CallDetails, CallTold } from "./port.js";

/** News of one connection. */
export type LinkTold = Extract<
  CallTold,
  [what: "offer" | "accept" | "answer" | "candidate" | "order" | "key" | "close", details: unknown]
>;

export class Links {
  private readonly open = new Map<number, Connection>();

  /** Makes a connection; throws where the browser makes none. */
  make(details: CallDetails["open"], around: Surroundings): void {
    this.close(details.link);
    this.open.set(details.link, new Connection(details, around));
  }

  all(): Iterable<Connection> {
    return this.open.values();
  }

  /** The connections to one page: one, or none while it is made anew. */
  of(client: number): Connection[] {
    return [...this.open.values()].filter((connection) => connection.client === client);
  }

  /** An order for a connection that was closed meanwhile is ignored. */
  told([what, details]: LinkTold): void {
    const connection = this.open.get(details.link);
    if (!connection) return;
    if (what === "offer") connection.offer(details);
    else if (what === "accept") connection.accept(details);
    else if (what === "answer") connection.answer(details);
    else if (what === "candidate") connection.candidate(details);
    else if (what === "order") connection.order(details);
    else if (what === "key") connection.key();
    else this.close(details.link);
  }

  closeAll(): void {
    for (const link of [...this.open.keys()]) this.close(link);
  }

  private close(link: number): void {
    const connection = this.open.get(link);
    this.open.delete(link);
    connection?.close();
  }
}
