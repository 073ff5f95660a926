// Honest sessions of JavaScript Yjs: people who type, paste, format, undo, draw and go offline.
//
//   node generate-yjs.mjs --sessions 10000 --seed 1      streams sessions to standard output,
//     | cargo run --profile soak -p covey-rooms --example honest   which plays them to the guard
//   node generate-yjs.mjs --store .                      writes the stored ones: yjs-*.hex
//
// The same seed gives the same sessions. A session is
//
//   session <seed> <flavour> <chat|board|code|custom>
//   <author> <seen> <update>    one line for each update, in the order they were made
//   content <bytes>             what everyone has in the end, as core/rooms/src/documents/content.rs has it
//
// where <seen> is the clocks that the author had seen of everyone, `client:clock,…` or `-`, and bytes
// are hexadecimal. A client's member id is its lowest byte, 32 times.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { content } from './yjs-content.mjs'
import { acts } from './yjs-acts.mjs'
import { Mender } from './yjs-mend.mjs'

const Y = createRequire(new URL('../../web/package.json', import.meta.url))('yjs')
const MOST_CLIENT = 2 ** 53 - 1
const hex = bytes => Buffer.from(bytes).toString('hex')

/** A small generator of numbers, so that sessions can be made again. */
function dice (seed) {
  return below => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** What people do in a session of each flavour, and in which document. */
const FLAVOURS = {
  typing: { document: 'code', acts: ['text'], roots: ['file/main', 'file/b-2'] },
  files: { document: 'code', acts: ['text', 'entries'], roots: ['file/main', 'files'] },
  chat: { document: 'chat', acts: ['say'], roots: [] },
  board: { document: 'board', acts: ['entries'], roots: ['pages', 'page/main', 'page/x', 'files'] },
  rich: { document: 'custom', acts: ['rich'], roots: ['text', ''] },
  lists: { document: 'custom', acts: ['array', 'nested'], roots: ['list', 'ünï'] },
  maps: { document: 'custom', acts: ['map', 'nested'], roots: ['map', 'other'] },
  xml: { document: 'custom', acts: ['xml', 'nested'], roots: ['prosemirror'] },
  mixed: { document: 'custom', acts: ['rich', 'array', 'map', 'xml', 'nested'], roots: ['r', 's'] }
}

/** Some people with a document each, and a wire that delivers when it is told to. */
class Session {
  constructor (seed, flavour) {
    this.roll = dice(seed)
    this.plan = FLAVOURS[flavour]
    this.lines = [`session ${seed} ${flavour} ${this.plan.document}`]
    const count = 1 + this.roll(4)
    this.people = Array.from({ length: count }, (_, nth) => this.join(nth))
  }

  join (nth) {
    const roll = this.roll
    const doc = new Y.Doc({ gc: roll(4) > 0 })
    // Members have one or two seats each; the largest id there is takes part.
    doc.clientID = nth === 3 ? MOST_CLIENT : (1 + roll(1 << 20)) * 4096 + nth * 256 + (nth >> 1)
    const mender = new Mender(doc)
    const person = { doc, client: doc.clientID, inbox: [], types: [], undo: null, offline: 0 }
    doc.on('update', (update, _origin, _doc, transaction) => {
      if (!transaction.local) return
      const seen = [...transaction.beforeState].map(([client, clock]) => `${client}:${clock}`)
      this.lines.push(`${person.client} ${seen.join(',') || '-'} ${hex(update)}`)
      const mended = mender.mend(update)
      for (const other of this.people) if (other !== person) other.inbox.push(mended)
    })
    person.roots = acts.roots(Y, doc, this.plan, person.client)
    if (roll(2) === 0) {
      person.undo = new Y.UndoManager(person.roots, { captureTimeout: roll(2) * 1e9 })
    }
    return person
  }

  /** Delivers what waits for a person, all of it or the first few. */
  deliver (person, most = Infinity) {
    while (person.inbox.length > 0 && most-- > 0) Y.applyUpdate(person.doc, person.inbox.shift(), 'remote')
  }

  act (person) {
    const { roll } = this
    if (person.undo && roll(4) === 0) {
      if (roll(3) > 0) person.undo.undo()
      else person.undo.redo()
      return
    }
    if (person.undo && roll(3) === 0) person.undo.stopCapturing()
    const name = this.plan.acts[roll(this.plan.acts.length)]
    const some = roll(4) === 0 ? 1 + roll(5) : 1
    if (some === 1) acts[name](Y, person, roll)
    else person.doc.transact(() => { for (let i = 0; i < some; i++) acts[name](Y, person, roll) })
  }

  run () {
    const { roll } = this
    for (let rest = 5 + roll(40); rest > 0; rest--) {
      const person = this.people[roll(this.people.length)]
      if (person.offline > 0) person.offline--
      else if (roll(10) === 0) person.offline = 8
      else if (roll(3) > 0) this.deliver(person, 1 + roll(12))
      this.act(person)
    }
    // Tidying up formats makes updates of its own.
    while (this.people.some(person => person.inbox.length > 0)) {
      for (const person of this.people) this.deliver(person)
    }
    const ends = this.people.map(({ doc }) => hex(content(Y, doc, this.plan.document)))
    // Where people who have the same updates differ, there is nothing to compare with.
    if (ends.some(end => end !== ends[0])) return null
    return [...this.lines, `content ${ends[0]}`].join('\n') + '\n'
  }
}

function * sessions (first, count) {
  const names = Object.keys(FLAVOURS)
  for (let seed = first; seed < first + count; seed++) {
    yield new Session(seed, names[seed % names.length]).run()
  }
}

/** Writes the stored sessions: of every flavour its first ones. */
function store (directory, each) {
  for (const flavour of Object.keys(FLAVOURS)) {
    const all = Array.from({ length: each }, (_, seed) => new Session(1000 + seed, flavour).run())
    const head = `# Yjs sessions (${flavour}) made by generate-yjs.mjs\n`
    writeFileSync(join(directory, `yjs-${flavour}.hex`), head + all.filter(s => s).join(''))
  }
}

/** Writes to a pipe that may be slower than we are. */
async function stream (first, count) {
  let differ = 0
  // The reader ends at the first fault, and tells which it is.
  process.stdout.on('error', () => process.exit(1))
  for (const session of sessions(first, count)) {
    if (session === null) differ++
    else if (!process.stdout.write(session)) await new Promise(resolve => process.stdout.once('drain', resolve))
  }
  console.error(`${count - differ} sessions; ${differ} left out, after which Yjs itself differed`)
}

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : process.argv[at + 1]
}

if (option('store')) store(option('store'), 30)
else await stream(Number(option('seed', 1)), Number(option('sessions', 100)))
