/** The rows of the table, the most important first, and what each must and should reach. */

export type Statistic = "median" | "p95";

/** A bound on a statistic: a number in the row's unit, or a multiple of another contender's. */
export interface Bound {
  of: Statistic;
  value: number;
  /** The contender whose value is multiplied. */
  times?: string;
}

export interface Row {
  title: string;
  unit: string;
  /** Whether less is better. */
  less: boolean;
  must: Bound[];
  aim: Bound[];
}

const floor = (of: Statistic, value: number): Bound => ({ of, value, times: "floor" });
const bare = (value: number): Bound => ({ of: "median", value, times: "bare" });
const yjs = (of: Statistic, value: number): Bound => ({ of, value, times: "yjs" });
const plain = (value: number, of: Statistic = "median"): Bound => ({ of, value });
const row = (title: string, unit: string, must: Bound[], aim: Bound[], less = true): Row => ({
  title,
  unit,
  less,
  must,
  aim,
});

const BLOCKED = [[plain(50, "p95")], [plain(16, "p95")]] as const;
const STROKE = [
  [floor("median", 1.6), floor("p95", 2)],
  [floor("median", 1.25), floor("p95", 1.4)],
] as const;

export const ROWS = {
  connect: row("connect, both start at once", "ms", [floor("median", 6)], [floor("median", 3)]),
  "connect-page": row(
    "connect by the page: one is there, one presses “Join room”",
    "ms",
    [floor("median", 6)],
    [floor("median", 3)],
  ),
  keystroke: row("keystroke there and back, empty document", "ms", [...STROKE[0]], [...STROKE[1]]),
  "keystroke-long": row(
    "keystroke there and back, 100,000 characters",
    "ms",
    [...STROKE[0]],
    [...STROKE[1]],
  ),
  "keystroke-busy": row(
    "keystroke there and back while 10 MB are synced to a third",
    "ms",
    [plain(50, "p95")],
    [plain(15, "p95")],
  ),
  "keystroke-paste": row(
    "keystroke there and back while a third pastes 10 MB",
    "ms",
    [plain(50, "p95")],
    [plain(15, "p95")],
  ),
  "paste-arrives": row("10 MB pasted by a third, until both have them", "ms", [], []),
  "keystroke-own": row("keystroke there and back behind 10 MB of one's own", "ms", [], []),
  join: row("join the paper, replayed", "ms", [yjs("median", 1.5)], [yjs("median", 1.1)]),
  "join-typed": row(
    "join the beginning of the paper, typed by hand",
    "ms",
    [yjs("median", 1.5)],
    [yjs("median", 1.1)],
  ),
  live: row("100,000 edits live", "edits/s", [plain(10_000)], [plain(20_000)], false),
  apply: row(
    "CPU of the one who receives them, without a view",
    "ms",
    [yjs("median", 0.8)],
    [yjs("median", 0.4)],
  ),
  open: row("open the stored paper, replayed", "ms", [plain(1000)], [plain(150)]),
  "open-typed": row(
    "open the stored beginning of the paper, typed by hand",
    "ms",
    [plain(1000)],
    [plain(150)],
  ),
  "block-type": row("longest block: typing in 100,000 characters", "ms", ...bounds(BLOCKED)),
  "block-join": row("longest block: joining the paper", "ms", ...bounds(BLOCKED)),
  "block-paste": row("longest block: pasting 1,000,000 characters", "ms", ...bounds(BLOCKED)),
  ten: row(
    "ten people: the last joins until all 45 links are up",
    "ms",
    [plain(6000)],
    [{ of: "median", value: 5, times: "two people" }],
  ),
  "call-frame": row(
    "call: from the order to join to the first frame",
    "ms",
    [bare(2)],
    [bare(1.3)],
  ),
  "call-sound": row(
    "call: from the order to join to the first sound",
    "ms",
    [bare(2)],
    [bare(1.3)],
  ),
  "call-cpu": row("call: processor of one who sends, two of all do", "% of a core", [], []),
  "call-uplink": row("call: uplink of one who sends, two of all do", "Mbit/s", [], []),
  module: row("module, brotli", "KiB", [plain(540)], [plain(480)]),
  first: row("first load, brotli", "KiB", [plain(780)], [plain(680)]),
  paint: row(
    "first paint, cold",
    "ms",
    [{ of: "median", value: 1, times: "module there" }],
    [{ of: "median", value: 1, times: "module there" }],
  ),
  "node-base": row("node: memory with nobody there", "MiB", [plain(25)], [plain(12)]),
  "node-peer": row("node: memory per idle peer", "KiB", [plain(40)], [plain(15)]),
  "node-crowd": row("node: memory with 10,000 idle peers", "MiB", [plain(200)], []),
  "node-page": row("node: page for others under a flood, 99th percentile", "ms", [plain(100)], []),
  "node-join": row(
    "node: introduction of others under a flood, 99th percentile",
    "ms",
    [plain(100)],
    [],
  ),
  "node-introduction": row("node: CPU per introduction", "ms", [], []),
  stun: row(
    "node: STUN answers per second and core",
    "1/s",
    [plain(50_000)],
    [plain(150_000)],
    false,
  ),
} satisfies Record<string, Row>;

export type RowKey = keyof typeof ROWS;

function bounds([must, aim]: readonly [readonly Bound[], readonly Bound[]]): [Bound[], Bound[]] {
  return [[...must], [...aim]];
}
