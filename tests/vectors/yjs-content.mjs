// What is in a Y.Doc, in the form of core/rooms/src/documents/content.rs.

class Bytes {
  parts = []

  u8 (value) {
    this.parts.push(Buffer.of(value))
    return this
  }

  varint (value) {
    const bytes = []
    for (; value > 127; value = Math.floor(value / 128)) bytes.push(128 | (value % 128))
    this.parts.push(Buffer.from([...bytes, value]))
    return this
  }

  bytes (bytes) {
    const buffer = Buffer.from(bytes)
    this.varint(buffer.length).parts.push(buffer)
    return this
  }

  float (value) {
    const buffer = Buffer.alloc(8)
    buffer.writeDoubleBE(value + 0)
    this.parts.push(buffer)
    return this
  }

  long (value) {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64BE(BigInt.asIntN(64, value))
    this.parts.push(buffer)
    return this
  }

  all () {
    return Buffer.concat(this.parts)
  }
}

const byName = (a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]))

function sorted (w, entries, write) {
  w.varint(entries.length)
  for (const [key, item] of entries.sort(byName)) write(w.bytes(key), item)
}

const exact = value => BigInt(Number(value)) === BigInt.asIntN(64, value)

/** Writers of values and containers, for the module `Y`. */
function writers (Y) {
  function value (w, item) {
    if (item === undefined) w.u8(0)
    else if (item === null) w.u8(1)
    else if (item === false) w.u8(2)
    else if (item === true) w.u8(3)
    else if (typeof item === 'number') w.u8(4).float(item === 0 ? 0 : item)
    else if (typeof item === 'bigint') exact(item) ? w.u8(4).float(Number(item)) : w.u8(5).long(item)
    else if (typeof item === 'string') w.u8(6).bytes(item)
    else if (item instanceof Uint8Array) w.u8(7).bytes(item)
    else if (Array.isArray(item)) list(w.u8(8), item)
    else if (item instanceof Y.AbstractType) type(w.u8(10), item)
    else sorted(w.u8(9), Object.entries(item), value)
  }

  function list (w, items) {
    w.varint(items.length)
    for (const item of items) value(w, item)
  }

  function rich (w, text) {
    const parts = []
    for (const { insert, attributes = {} } of text.toDelta()) {
      const same = new Bytes()
      sorted(same, Object.entries(attributes), value)
      const last = parts.at(-1)
      const joins = typeof insert === 'string' && typeof last?.insert === 'string'
      if (joins && last.attributes.equals(same.all())) last.insert += insert
      else parts.push({ insert, attributes: same.all() })
    }
    if (parts.length === 0) {
      w.u8(0)
      return
    }
    w.u8(3).varint(parts.length)
    for (const { insert, attributes } of parts) {
      value(w, insert)
      w.parts.push(attributes)
    }
  }

  const sequence = (w, items) => items.length > 0 ? list(w.u8(2), items) : w.u8(0)

  const entries = (w, type) => {
    const alive = [...type._map].filter(([, item]) => !item.deleted)
    sorted(w, alive.map(([key, item]) => [key, item.content.getContent()[item.length - 1]]), value)
  }

  function type (w, item) {
    if (item instanceof Y.XmlElement) {
      w.u8(3).bytes(item.nodeName)
      sequence(w, item.toArray())
    } else if (item instanceof Y.XmlText) rich(w.u8(6), item)
    else if (item instanceof Y.XmlFragment) sequence(w.u8(4), item.toArray())
    else if (item instanceof Y.Text) rich(w.u8(2), item)
    else if (item instanceof Y.Map) w.u8(1).u8(0)
    else sequence(w.u8(0), item.toArray())
    entries(w, item)
  }

  /** A root is read by what stands in it: as a text if there are characters. */
  function root (document, name, item) {
    const w = new Bytes()
    if (document === 'code' && name.startsWith('file/')) {
      if (item.toString() === '') w.u8(0)
      else w.u8(1).bytes(item.toString())
    } else if (item instanceof Y.Text) {
      const parts = item.toDelta()
      if (parts.some(({ insert }) => typeof insert === 'string')) rich(w, item)
      else sequence(w, parts.map(({ insert }) => insert))
    } else if (item instanceof Y.Map) w.u8(0)
    else sequence(w, item.toArray())
    entries(w, item)
    return w.all()
  }
  return { root }
}

/** What everyone sees in a document. */
export function content (Y, doc, document) {
  const { root } = writers(Y)
  const w = new Bytes()
  for (const [name, item] of [...doc.share].sort(byName)) {
    // What one has only heard of, the chat of others, has no type yet.
    const known = item.constructor === Y.AbstractType ? doc.getArray(name) : item
    const bytes = root(document, name, known)
    if (bytes.length === 2 && bytes.every(byte => byte === 0)) continue
    w.bytes(name).parts.push(bytes)
  }
  return w.all()
}
