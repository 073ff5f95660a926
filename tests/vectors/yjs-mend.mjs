// What others get of an update that Yjs would place elsewhere for them than for its author: see core/rooms/src/guard/mend.rs.
import { createRequire } from 'node:module'

const Y = createRequire(new URL('../../web/package.json', import.meta.url))('yjs')

/** Mends the updates of one person's document, whose own blocks keep the origins that Yjs gave them. */
export class Mender {
  constructor (doc) {
    this.doc = doc
    /** Own blocks that others have with other origins: from, until, these origins. */
    this.mended = []
  }

  /** The update as others get it. */
  mend (update) {
    const { structs, ds } = Y.decodeUpdate(update)
    const before = this.mended.length
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !struct.origin || !this.find(struct.id) || this.fits(struct)) continue
      const [origin, right] = this.beside(struct.id)
      this.mended.push({ from: struct.id.clock, end: struct.id.clock + struct.length, origin, right })
      Object.assign(struct, { origin, rightOrigin: right })
    }
    return this.mended.length === before ? update : encode(structs, ds)
  }

  /** Whether its origins can have been neighbours, as the guard has it. */
  fits ({ origin, rightOrigin }) {
    const left = this.find(origin)
    const right = rightOrigin && this.find(rightOrigin)
    if (!left || left.parentSub !== null || (rightOrigin && !right)) return true
    const a = place(left, origin)
    const b = right ? place(right, rightOrigin) : [Infinity, 0]
    const at = id => place(this.find(id), id)
    const behind = right && this.between(rightOrigin, right).origin
    const until = this.between(origin, left).right
    const reaches = until === null || !before(at(until), b)
    return before(a, b) && reaches && !(right && behind !== null && before(a, at(behind)))
  }

  /** Between which units a unit was written, for others. */
  between (id, item) {
    const own = id.client === this.doc.clientID && this.mended.find(({ from, end }) => from <= id.clock && id.clock < end)
    const { from, origin, right } = own || { from: item.id.clock, origin: item.origin, right: item.rightOrigin }
    return { origin: id.clock === from ? origin : Y.createID(id.client, id.clock - 1), right }
  }

  /** What was beside a block of one's own when it was made. */
  beside (id) {
    const item = this.find(id)
    const later = other => other !== null && other.id.client === id.client && other.id.clock >= id.clock
    let [left, right] = [item.left, item.right]
    while (later(left)) left = left.left
    while (later(right)) right = right.right
    const inside = item.id.clock < id.clock
    return [inside ? Y.createID(id.client, id.clock - 1) : left && left.lastId, right && right.id]
  }

  find (id) {
    const item = Y.getItem(this.doc.store, id)
    return item instanceof Y.Item ? item : null
  }
}

/** Where a unit stands in its list: how many blocks are before, and where in its block it is. */
function place (item, id) {
  let nth = 0
  for (let left = item.left; left !== null; left = left.left) nth++
  return [nth, id.clock - item.id.clock]
}

const before = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

/** Blocks of one client and deletions as an update. */
function encode (structs, ds) {
  const out = new Y.UpdateEncoderV1()
  const number = n => out.writeLen(n)
  for (const n of [1, structs.length, structs[0].id.client, structs[0].id.clock]) number(n)
  for (const struct of structs) struct.write(out, 0)
  number(ds.clients.size)
  for (const [client, ranges] of ds.clients) {
    number(client)
    number(ranges.length)
    for (const { clock, len } of ranges) [clock, len].forEach(number)
  }
  return out.toUint8Array()
}
