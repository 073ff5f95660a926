// What people do in the sessions of generate-yjs.mjs: each act is (Y, person, roll).

// No half of a surrogate pair: Yjs spoils what is beside one, for its author alone.
const WORDS = ['x', 'f(y)', '\n', 'let a = 1\n', '汉字和标点。', 'é', '👩‍🚀', '𝔘𝔫', '  ', '🎉🎉']
const KEYS = ['a', 'b', 'ключ', '', 'order', 'x'.repeat(70)]
const NODES = ['p', 'heading', 'li']
const pick = (list, roll) => list[roll(list.length)]

/** Any JSON value that lib0 can write. */
function any (roll, depth = 3) {
  const numbers = [0, -0, 1, -1, 63, 64, -64, 8191, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) + 1, 1.5, 0.1, 2 ** 53, 1e300, 5e-324, Infinity, NaN]
  switch (roll(depth > 0 ? 10 : 7)) {
    case 0: return pick(numbers, roll)
    case 1: return pick(WORDS, roll).repeat(roll(3))
    case 2: return roll(2) === 0
    case 3: return null
    case 4: return roll(1e6) / 7
    case 5: return new Uint8Array(roll(20)).fill(roll(256))
    case 6: return roll(1e9)
    case 7: return Array.from({ length: roll(4) }, () => roll(8) === 0 ? undefined : any(roll, depth - 1))
    default: return record(roll, depth - 1)
  }
}

function record (roll, depth = 1) {
  const entries = Array.from({ length: roll(5) }, () => [pick(KEYS, roll), any(roll, depth)])
  return Object.fromEntries(entries)
}

/** What `JSON.stringify` gives back as it was. */
function json (roll, depth = 2) {
  switch (roll(depth > 0 ? 7 : 5)) {
    case 0: return pick([0, 1, -5, 1.5, 1e21, 1e-7, 1.7976931348623157e308, 5e-324, 123456789012], roll)
    case 1: return pick(['x', 'é"\\/\n\u0001', '汉', '👍', ''], roll)
    case 2: return true
    case 3: return null
    case 4: return 'https://example.org/?a=b&c'
    case 5: return Array.from({ length: roll(3) }, () => json(roll, depth - 1))
    default: return Object.fromEntries(Array.from({ length: roll(3) }, () => [pick(KEYS, roll), json(roll, depth - 1)]))
  }
}

/** A new type with something in it, or empty. */
function fresh (Y, roll, depth = 2) {
  const inside = () => depth > 0 && roll(3) === 0 ? fresh(Y, roll, depth - 1) : any(roll)
  switch (roll(6)) {
    case 0: {
      const list = new Y.Array()
      if (roll(2) === 0) list.push([inside(), inside()].map(item => item === undefined ? null : item))
      return list
    }
    case 1: {
      const map = new Y.Map()
      for (let i = roll(4); i > 0; i--) map.set(pick(KEYS, roll), inside())
      return map
    }
    case 2: return roll(2) === 0 ? new Y.Text(pick(WORDS, roll)) : new Y.Text()
    case 3: {
      const element = new Y.XmlElement(pick(NODES, roll))
      if (depth > 0 && roll(2) === 0) element.insert(0, [node(Y, roll), node(Y, roll)])
      return element
    }
    case 4: return new Y.XmlFragment()
    default: return new Y.XmlText(pick(WORDS, roll))
  }
}

function node (Y, roll) {
  if (roll(2) === 0) return new Y.XmlText(pick(WORDS, roll))
  const element = new Y.XmlElement(pick(NODES, roll))
  if (roll(2) === 0) element.setAttribute('level', String(roll(4)))
  return element
}

/** Where, in a type of some length, and how much of what follows. */
function range (length, roll, most = 8) {
  const at = roll(length + 1)
  return [at, Math.min(roll(most), length - at)]
}

function write (text, roll) {
  const word = pick(WORDS, roll)
  const [at, length] = range(text.length, roll)
  switch (roll(7)) {
    case 0:
      for (let i = 0; i < word.length;) {
        const character = String.fromCodePoint(word.codePointAt(i))
        text.insert(at + i, character)
        i += character.length
      }
      break
    case 1: if (at > 0) text.delete(at - 1, 1); break
    case 2: text.delete(at, length); text.insert(at, word); break
    case 3: text.insert(at, word.repeat(1 + roll(6))); break
    case 4: text.insert(at, word + word); text.delete(at, 1 + roll(word.length)); break
    case 5: text.delete(at, length); break
    // Where several people type at once.
    case 6: text.insert(roll(2) * text.length, 'o'); break
  }
}

/** A place between two characters: a format inside a surrogate pair can cut it for its author alone. */
function between (text, at) {
  const units = text.toDelta().map(({ insert }) => typeof insert === 'string' ? insert : ' ').join('')
  return /[\ud800-\udbff][\udc00-\udfff]/.test(units.slice(at - 1, at + 1)) ? at - 1 : at
}

function style (Y, text, roll) {
  const [first, most] = range(text.length, roll, 12)
  const at = between(text, first)
  const length = between(text, first + most) - at
  const attribute = { [pick(['bold', 'em', 'link', 'color'], roll)]: roll(3) === 0 ? null : json(roll) }
  switch (roll(6)) {
    case 0: case 1: if (length > 0) text.format(at, length, attribute); break
    case 2: text.insert(at, pick(WORDS, roll), attribute); break
    case 3: text.insertEmbed(at, roll(3) === 0 ? fresh(Y, roll) : { image: json(roll) }, roll(2) === 0 ? attribute : undefined); break
    case 4: text.applyDelta([{ retain: at }, { insert: pick(WORDS, roll), attributes: attribute }, { delete: length }]); break
    default: text.setAttribute(pick(KEYS, roll), any(roll))
  }
}

function change (Y, type, roll, types) {
  const made = () => {
    const item = fresh(Y, roll)
    types.push(item)
    return item
  }
  if (type instanceof Y.XmlElement && roll(2) === 0) {
    if (roll(4) === 0) type.removeAttribute(pick(KEYS, roll))
    else type.setAttribute(pick(KEYS, roll), roll(2) === 0 ? 'value' : any(roll))
  } else if (type instanceof Y.XmlFragment) {
    const [at, length] = range(type.length, roll, 3)
    if (roll(3) === 0) type.delete(at, length)
    else {
      const item = node(Y, roll)
      types.push(item)
      type.insert(at, [item])
    }
  } else if (type instanceof Y.Text) {
    if (roll(2) === 0) write(type, roll)
    else style(Y, type, roll)
  } else if (type instanceof Y.Map) {
    const key = pick(KEYS, roll)
    if (roll(5) === 0) type.delete(key)
    else type.set(key, roll(4) === 0 ? made() : roll(12) === 0 ? BigInt(roll(1e9)) ** 2n : any(roll))
  } else {
    const [at, length] = range(type.length, roll, 4)
    if (roll(4) === 0) type.delete(at, length)
    else if (roll(4) === 0) type.insert(at, [made()])
    else type.insert(at, Array.from({ length: 1 + roll(4) }, () => any(roll)))
  }
}

const root = (person, roll, wanted) => pick(person.roots.filter(wanted), roll)

/** Every type inside a container that is there, and now and then one that is gone. */
function inside (Y, person, roll) {
  const found = []
  const walk = type => {
    for (const [, item] of type._map) if (!item.deleted) see(item)
    for (let item = type._start; item !== null; item = item.right) if (!item.deleted) see(item)
  }
  const see = item => {
    if (item.content instanceof Y.ContentType) {
      found.push(item.content.type)
      walk(item.content.type)
    }
  }
  for (const type of person.roots) walk(type)
  const own = person.types.filter(type => type.doc !== null)
  if (own.length > 0 && roll(10) === 0) return pick(own, roll)
  return found.length > 0 ? pick(found, roll) : null
}

export const acts = {
  /** The roots of a person's document. */
  roots (Y, doc, { document, roots }, client) {
    if (document === 'chat') {
      const member = (client % 256).toString(16).padStart(2, '0').repeat(32)
      return [doc.getArray(`from/${member}`)]
    }
    return roots.map((name, nth) => {
      if (name.startsWith('file/') || ['text', '', 'r'].includes(name)) return doc.getText(name)
      if (name === 'prosemirror') return doc.getXmlFragment(name)
      if (['list', 'ünï'].includes(name)) return doc.getArray(name)
      return doc.getMap(name)
    })
  },

  text: (Y, person, roll) => write(root(person, roll, type => type instanceof Y.Text), roll),

  entries (Y, person, roll) {
    const map = root(person, roll, type => type instanceof Y.Map)
    const key = pick(['main', 'e1', 'e2', 'e3', 'f'], roll)
    if (roll(5) === 0) map.delete(key)
    else map.set(key, { ...record(roll), order: 'a0', points: new Uint8Array(roll(40)) })
  },

  say (Y, person, roll) {
    const [said] = person.roots
    if (roll(8) === 0 && said.length > 0) said.delete(roll(said.length), 1)
    else said.push([{ k: 'say', text: pick(WORDS, roll), at: 1.7e12 + roll(1e9), ...record(roll) }])
  },

  rich: (Y, person, roll) => change(Y, root(person, roll, type => type instanceof Y.Text), roll, person.types),
  array: (Y, person, roll) => change(Y, pick(person.roots, roll), roll, person.types),
  map: (Y, person, roll) => change(Y, pick(person.roots, roll), roll, person.types),
  xml: (Y, person, roll) => change(Y, pick(person.roots, roll), roll, person.types),

  nested (Y, person, roll) {
    const type = inside(Y, person, roll) ?? pick(person.roots, roll)
    change(Y, type, roll, person.types)
  }
}
