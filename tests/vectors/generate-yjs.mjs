// Writes yjs-*.hex: what honest sessions of JavaScript Yjs send while people edit one text.
//
//   npm install yjs@13.6 && node generate-yjs.mjs [directory]
//
// Each line is one update: its author, the clocks its author had seen of everyone, the bytes.
// The last line is the text that everyone has in the end. The same seed gives the same files.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Y from 'yjs'

const FILE = 'file/main'
const directory = process.argv[2] ?? '.'

/** A small generator of numbers, so that the files can be made again. */
const dice = seed => below => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % below
}

const hex = bytes => Buffer.from(bytes).toString('hex')

/** Some people with a document each, and a wire that delivers when it is told to. */
class Session {
  constructor (people, options = {}) {
    this.lines = []
    this.people = people.map(client => {
      const doc = new Y.Doc(options)
      doc.clientID = client
      const person = { doc, client, text: doc.getText(FILE), inbox: [] }
      let seen = ''
      doc.on('beforeTransaction', () => {
        seen = [...Y.decodeStateVector(Y.encodeStateVector(doc))].map(([c, n]) => `${c}:${n}`).join(',')
      })
      doc.on('update', (update, _origin, _doc, transaction) => {
        if (!transaction.local) return
        this.lines.push(`${client} ${seen || '-'} ${hex(update)}`)
        for (const other of this.people) if (other !== person) other.inbox.push(update)
      })
      return person
    })
  }

  /** Delivers what waits for a person, all of it or the first few. */
  deliver (person, most = Infinity) {
    while (person.inbox.length > 0 && most-- > 0) Y.applyUpdate(person.doc, person.inbox.shift(), 'remote')
  }

  write (name, about) {
    for (let round = 0; round < 2; round++) for (const person of this.people) this.deliver(person)
    const texts = new Set(this.people.map(person => person.text.toString()))
    if (texts.size !== 1) throw new Error(`${name}: people have different texts`)
    const lines = [`# ${about}`, ...this.lines, `text ${hex(Buffer.from([...texts][0]))}`]
    writeFileSync(join(directory, `yjs-${name}.hex`), lines.join('\n') + '\n')
    console.log(name, this.lines.length, 'updates')
  }
}

const ANNA = 5318008131072003
const BEN = 900719925474099
const CLEO = 9007199254740991

/** One edit as an editor makes it: typing, backspace, replacing a selection, pasting. */
function edit ({ doc, text }, roll) {
  const words = ['x', 'f(y)', '\n', 'let a = 1\n', '汉字和标点。', 'é', '👩‍🚀', '𝔘𝔫', '  ', '🎉🎉']
  const word = words[roll(words.length)]
  const at = roll(text.length + 1)
  switch (roll(6)) {
    case 0: case 1:
      for (let i = 0; i < word.length;) {
        const character = String.fromCodePoint(word.codePointAt(i))
        text.insert(at + i, character)
        i += character.length
      }
      break
    case 2:
      if (at > 0) text.delete(at - 1, 1)
      break
    case 3:
      doc.transact(() => {
        text.delete(at, Math.min(roll(8), text.length - at))
        text.insert(at, word)
      })
      break
    case 4:
      text.insert(at, word.repeat(1 + roll(6)))
      break
    case 5:
      // What is written and taken back within one transaction.
      doc.transact(() => {
        text.insert(at, word + word)
        text.delete(at, 1 + roll(word.length))
      })
      break
  }
}

function alone () {
  const session = new Session([ANNA])
  const [anna] = session.people
  const roll = dice(1)
  for (let i = 0; i < 60; i++) edit(anna, roll)
  session.write('alone', 'one person types, pastes, replaces and deletes')
}

function surrogates () {
  const session = new Session([ANNA, BEN])
  const [anna, ben] = session.people
  anna.text.insert(0, '👍👍👍👍')
  session.deliver(ben)
  // Both edit in the middle of a pair, and a lone half is pasted.
  anna.text.insert(3, 'x')
  ben.text.delete(1, 2)
  ben.text.insert(1, '\ud83d')
  for (const person of session.people) session.deliver(person)
  anna.text.insert(2, '汉👍字')
  ben.text.delete(0, 3)
  session.write('surrogates', 'edits inside surrogate pairs, and half a pair pasted')
}

function together () {
  const session = new Session([ANNA, BEN, CLEO])
  const roll = dice(2)
  for (let i = 0; i < 90; i++) {
    const person = session.people[roll(3)]
    if (roll(3) === 0) session.deliver(person, 1 + roll(9))
    edit(person, roll)
  }
  session.write('together', 'three people edit at once and hear of each other late')
}

function undo () {
  const session = new Session([ANNA, BEN])
  const roll = dice(3)
  const managers = session.people.map(({ text }) => new Y.UndoManager(text, { captureTimeout: 0 }))
  for (let i = 0; i < 120; i++) {
    const who = roll(2)
    const person = session.people[who]
    session.deliver(person, roll(6))
    if (i < 20 || roll(2) === 0) edit(person, roll)
    else if (roll(3) > 0) managers[who].undo()
    else managers[who].redo()
  }
  session.write('undo', 'two people edit, undo and redo')
}

function collected () {
  const session = new Session([BEN, CLEO])
  const roll = dice(4)
  const [ben, cleo] = session.people
  ben.text.insert(0, 'a line that goes away\n'.repeat(40))
  for (let i = 0; i < 40; i++) {
    const person = session.people[i % 2]
    session.deliver(person)
    const at = roll(person.text.length + 1)
    person.text.delete(at, Math.min(roll(30), person.text.length - at))
    person.doc.transact(() => {
      person.text.insert(at, 'fresh')
      person.text.insert(at + 2, 'fresher')
      person.text.delete(at, 12)
      person.text.insert(at, 'kept')
    })
  }
  session.deliver(cleo)
  cleo.text.delete(0, cleo.text.length)
  session.write('collected', 'whole passages are deleted and collected, some in the transaction that wrote them')
}

function uncollected () {
  const session = new Session([ANNA, CLEO], { gc: false })
  const roll = dice(5)
  for (let i = 0; i < 40; i++) {
    const person = session.people[i % 2]
    session.deliver(person, roll(4))
    edit(person, roll)
  }
  session.write('uncollected', 'documents without garbage collection')
}

function sameplace () {
  const session = new Session([ANNA, BEN, CLEO])
  const roll = dice(6)
  const caret = new Map(session.people.map(person => [person, 0]))
  for (let i = 0; i < 120; i++) {
    const person = session.people[roll(3)]
    if (roll(2) === 0) session.deliver(person, 1 + roll(3))
    const at = Math.min(caret.get(person), person.text.length)
    person.text.insert(at, 'abc'[session.people.indexOf(person)])
    caret.set(person, roll(4) === 0 ? 0 : at + 1)
  }
  session.write('sameplace', 'three people type at the same place, forwards and from the front')
}

alone()
surrogates()
together()
undo()
collected()
uncollected()
sameplace()
