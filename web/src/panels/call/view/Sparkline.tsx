/** A small plot without axes: the last value is at the right. */
import { lineOf } from "../numbers";

const WIDTH = 64;
const HEIGHT = 16;

export function Sparkline({ values }: { values: readonly number[] }) {
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-4 w-16 shrink-0 text-accent">
      <polyline
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinejoin="round"
        points={lineOf(values, { width: WIDTH, height: HEIGHT })}
      />
    </svg>
  );
}
