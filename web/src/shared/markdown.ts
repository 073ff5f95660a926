/** The cost of a text for the parsers of Markdown, computed from the text alone in one pass. */

export interface Work {
  /** The costliest block: its marks times its length. Parsers look through the rest of a block for each mark. */
  most: number;
  /** All blocks together, with marks other than of emphasis for a part of one: they end sooner. */
  sum: number;
  /** Lines and marks. */
  pieces: number;
  /** Quotes and lists inside each other, as the deepest line begins with. */
  nesting: number;
}

/** A block ends at an empty line, and where a list's item or a heading begins. */
const BEGINS = /^ {0,3}(?:(?:[-*+]|1[.)]) +\S|#{1,6} )/;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const EMPHASIS = /[*_]/g;
/** How many times less another mark costs than one of emphasis. */
const CHEAPER = 20;
const MARKS = /[*_~`[\]()<>!@:&\\]/g;

export function workOf(text: string): Work {
  const work: Work = { most: 0, sum: 0, pieces: 0, nesting: 0 };
  let [length, marks, emphasis] = [0, 0, 0];
  let fence: string | undefined;
  const end = () => {
    work.most = Math.max(work.most, length * marks);
    work.sum += length * (emphasis + (marks - emphasis) / CHEAPER);
    [length, marks, emphasis] = [0, 0, 0];
  };
  for (const line of linesOf(text)) {
    work.pieces += 1;
    const opens = FENCE.exec(line)?.[1];
    // A fenced block is code, and one piece.
    if (fence !== undefined) {
      if (opens?.startsWith(fence) === true && line.trim() === opens) fence = undefined;
      continue;
    }
    if (opens !== undefined) {
      end();
      fence = opens;
      continue;
    }
    if (BEGINS.test(line)) end();
    const count = line.match(MARKS)?.length ?? 0;
    length += line.length + 1;
    marks += count;
    emphasis += count === 0 ? 0 : (line.match(EMPHASIS)?.length ?? 0);
    work.pieces += count;
    work.nesting = Math.max(work.nesting, nestingOf(line));
    if (line.trim() === "") end();
  }
  end();
  return work;
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; ;) {
    const to = text.indexOf("\n", from);
    yield text.slice(from, to < 0 ? undefined : to);
    if (to < 0) return;
    from = to + 1;
  }
}

/** Markers at the beginning of a line; a list inside of a list is indented by two at least. */
function nestingOf(line: string): number {
  const [start] = /^(?:[ \t]|>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*/.exec(line) ?? [""];
  let markers = 0;
  let indent = 0;
  for (const character of start) {
    if (character === " ") indent += 1;
    else if (character === "\t") indent += 4;
    else if (!/\d/.test(character)) markers += 1;
  }
  return markers + Math.floor(Math.max(0, indent - markers) / 2);
}
