/** The files of the document: an index of names in an order, and a text for each. What others wrote is checked. */
import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import type * as Y from "yjs";
import { freshId } from "../../shared/ids";
import { cleanName, type NameLength } from "../../shared/names";

export interface File {
  id: string;
  name: string;
  order: string;
}

/** A file's entry in the index, replaced as a whole. */
interface Entry {
  name: string;
  order: string;
  gone?: true;
}

/** The file that exists without an entry, too. */
const MAIN = "main";
const MAIN_ENTRY: Entry = { name: "main.js", order: generateKeyBetween(null, null) };

const ID = /^[A-Za-z0-9_-]{1,64}$/;
export const FILE_NAME: NameLength = { letters: 80, bytes: 992 };
/** So many are shown: an index of somebody's making could name thousands. */
export const FILES = 200;
export function textOf(doc: Y.Doc, id: string): Y.Text {
  return doc.getText(`file/${id}`);
}

/** All files in their order; the main one when there is no other. */
export function filesIn(doc: Y.Doc): File[] {
  const files: File[] = [];
  const index = indexOf(doc);
  if (!index.has(MAIN)) files.push({ id: MAIN, ...MAIN_ENTRY });
  for (const [id, value] of index) {
    const entry = parsed(value);
    if (entry && !entry.gone && ID.test(id)) files.push({ id, name: entry.name, order: entry.order });
  }
  if (files.length === 0) return [{ id: MAIN, ...(parsed(index.get(MAIN)) ?? MAIN_ENTRY) }];
  return files.sort((a, b) => compared(a.order, b.order) || compared(a.id, b.id)).slice(0, FILES);
}

/** Adds an empty file at the end and tells its id. */
export function addFile(doc: Y.Doc, name: string): string {
  const id = freshId();
  const files = filesIn(doc);
  doc.transact(() => {
    const last = files.at(-1);
    if (!last || !follows(last.order)) respread(doc, files);
    const order = generateKeyBetween(filesIn(doc).at(-1)?.order, null);
    put(doc, id, { name: cleaned(name) ?? MAIN_ENTRY.name, order });
  });
  return id;
}

export function renameFile(doc: Y.Doc, id: string, name: string): void {
  const file = filesIn(doc).find((each) => each.id === id);
  const clean = cleaned(name);
  if (file && clean !== undefined && clean !== file.name) put(doc, id, { name: clean, order: file.order });
}

/** Moves a file so that it stands at this place among all. */
export function moveFile(doc: Y.Doc, id: string, to: number): void {
  const files = filesIn(doc);
  const file = files.find((each) => each.id === id);
  if (!file || files[to] === undefined || files[to] === file) return;
  const others = files.filter((each) => each !== file);
  const [before, after] = [others[to - 1]?.order ?? null, others[to]?.order ?? null];
  doc.transact(() => {
    const order = between(before, after);
    if (order === undefined) respread(doc, [...others.slice(0, to), file, ...others.slice(to)]);
    else put(doc, id, { name: file.name, order });
  });
}

/** Hides a file; its text stays, so that it can come back. */
export function deleteFile(doc: Y.Doc, id: string): void {
  const file = filesIn(doc).find((each) => each.id === id);
  if (file) put(doc, id, { name: file.name, order: file.order, gone: true });
}

export function restoreFile(doc: Y.Doc, id: string): void {
  const entry = parsed(indexOf(doc).get(id));
  if (entry?.gone) put(doc, id, { name: entry.name, order: entry.order });
}

/** A name that no file has yet: `untitled.js`, `untitled-2.js`. */
export function freeName(files: readonly File[], wanted: string): string {
  const taken = new Set(files.map(({ name }) => name));
  const [, stem = wanted, ending = ""] = /^(.+?)(\.[^.]*)?$/.exec(wanted) ?? [];
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${stem}-${n}${ending}`;
    if (!taken.has(name)) return name;
  }
}

/** A name as it may stand in the index, if anything is left of it. */
export function cleaned(name: string): string | undefined {
  const clean = cleanName(name, FILE_NAME);
  return clean === "" ? undefined : clean;
}

/** Calls back when files come, go, move or are renamed. */
export function watchFiles(doc: Y.Doc, listener: () => void): () => void {
  const index = indexOf(doc);
  index.observe(listener);
  return () => index.unobserve(listener);
}

function indexOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap("files");
}

function put(doc: Y.Doc, id: string, entry: Entry): void {
  indexOf(doc).set(id, entry);
}

function parsed(value: unknown): Entry | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, order, gone } = value as Record<string, unknown>;
  const clean = typeof name === "string" ? cleaned(name) : undefined;
  if (clean === undefined || typeof order !== "string" || order.length > 256) return undefined;
  return gone === true ? { name: clean, order, gone } : { name: clean, order };
}

/** By UTF-16 units, as keys of the order are meant to be compared everywhere. */
function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function follows(order: string): boolean {
  return between(order, null) !== undefined;
}

/** Nothing where two people chose the same key, or one is none. */
function between(before: string | null, after: string | null): string | undefined {
  // The library takes other characters for digits too, and makes keys of them that do not grow.
  if (![before, after].every((key) => key === null || /^[0-9A-Za-z]+$/.test(key))) return undefined;
  try {
    return generateKeyBetween(before, after);
  } catch {
    return undefined;
  }
}

function respread(doc: Y.Doc, files: readonly File[]): void {
  const keys = generateNKeysBetween(null, null, files.length);
  files.forEach(({ id, name }, at) => put(doc, id, { name, order: keys[at] ?? MAIN_ENTRY.order }));
}
