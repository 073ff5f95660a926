/** A picture of the table: how far each row is from what it must reach, on a scale of powers of ten. */
import type { Measured } from "../harness/results";
import { aimShare, OURS, share } from "./judge";
import { ROWS, type Row, type RowKey } from "./rows";
import { figure } from "./table";

const [LEFT, WIDTH, LINE, TOP] = [430, 400, 22, 44];
const [LEAST, MOST] = [0.05, 50];
const GREEN = "#0f766e";
const RED = "#b91c1c";

export function plot(rows: ReadonlyMap<RowKey, Measured>): string {
  const shown = (Object.entries(ROWS) as [RowKey, Row][]).flatMap(([key, row]) => {
    const measured = rows.get(key);
    return measured && row.must.length > 0 ? [{ row, measured }] : [];
  });
  const height = TOP + shown.length * LINE + 14;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 70} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(10, 18, "What each row takes, by what it must take at most (1); shorter is better."),
    text(10, 34, "Bar: Covey. Ring: y-webrtc. Triangle: our aim."),
    ...[0.1, 1, 10].flatMap((at) => [
      `<path d="M${x(at)} ${TOP - 6}V${height - 12}" stroke="${at === 1 ? "#111" : "#ddd"}"/>`,
      text(x(at) - 4, height - 2, String(at)),
    ]),
    ...shown.map(({ row, measured }, at) => line(row, measured, TOP + at * LINE)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function line(row: Row, measured: Measured, y: number): string {
  const ours = share(row, measured, OURS);
  const rival = share(row, measured, "y-webrtc");
  const aim = aimShare(row, measured);
  const parts = [text(10, y + 12, row.title)];
  if (Number.isFinite(ours)) {
    const colour = ours <= 1 ? GREEN : RED;
    const width = round(x(ours) - x(LEAST));
    parts.push(
      `<rect x="${x(LEAST)}" y="${y + 2}" width="${width}" height="12" fill="${colour}"/>`,
    );
    const beside = Math.max(ours, 1, Number.isFinite(rival) ? rival : 0);
    parts.push(text(x(beside) + 8, y + 12, figure(ours)));
  }
  if (Number.isFinite(rival))
    parts.push(`<circle cx="${x(rival)}" cy="${y + 8}" r="4" fill="#fff" stroke="#111"/>`);
  if (Number.isFinite(aim)) parts.push(`<path d="M${x(aim)} ${y + 14}l-4 6h8z" fill="#111"/>`);
  return parts.join("");
}

/** Where a share stands. */
function x(share: number): number {
  const within = Math.min(MOST, Math.max(LEAST, share));
  return round(LEFT + (WIDTH * Math.log(within / LEAST)) / Math.log(MOST / LEAST));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function text(x: number, y: number, words: string): string {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${round(x)}" y="${y}">${safe}</text>`;
}
