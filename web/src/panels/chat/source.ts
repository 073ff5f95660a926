/** Reads the members' records out of the document, at first all of them and then what is added. */
import type * as Y from "yjs";
import type { Unit } from "./timeline";

const ROOT = /^from\/([0-9a-f]{64})$/;

export function rootOf(member: string): string {
  return `from/${member}`;
}

interface Listener {
  /** Records that were added by one transaction, or all that were there. */
  added: (units: Unit[]) => void;
  /** Records were taken out of the document: what was read of it no longer holds. */
  deleted: () => void;
}

type Records = Y.Array<unknown>;

/** Follows a document until the returned function is called. */
export function follow(
  doc: Y.Doc,
  lamport: (client: number, clock: number) => number,
  listener: Listener,
): () => void {
  const roots = new Map<string, [Records, (event: Y.YArrayEvent<unknown>) => void]>();
  let added: Unit[] = [];
  let deleted = false;
  let known = -1;

  const read = (member: string, item: Y.Item) => {
    const { client, clock } = item.id;
    item.content.getContent().forEach((value: unknown, i) => {
      added.push({ member, client, clock: clock + i, lamport: lamport(client, clock + i), value });
    });
  };

  const attach = (name: string, member: string) => {
    const records = doc.getArray<unknown>(name);
    for (let item = records._start; item !== null; item = item.right) {
      if (!item.deleted) read(member, item);
    }
    const observe = ({ changes }: Y.YArrayEvent<unknown>) => {
      if (changes.deleted.size > 0) deleted = true;
      for (const item of changes.added) read(member, item);
    };
    records.observe(observe);
    roots.set(name, [records, observe]);
  };

  /** Roots come without an event of their own. */
  const attachNew = () => {
    if (doc.share.size === known) return;
    for (const name of [...doc.share.keys()]) {
      const member = ROOT.exec(name)?.[1];
      if (member !== undefined && !roots.has(name)) attach(name, member);
    }
    known = doc.share.size;
  };

  const settled = () => {
    attachNew();
    const units = added;
    added = [];
    if (deleted) {
      deleted = false;
      listener.deleted();
    } else if (units.length > 0) {
      listener.added(units);
    }
  };

  doc.on("afterTransaction", settled);
  settled();
  return () => {
    doc.off("afterTransaction", settled);
    for (const [records, observe] of roots.values()) records.unobserve(observe);
  };
}
