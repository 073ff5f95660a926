/** How someone, or the whole room, is reached: a word with a mark that differs in shape as well as in colour. */
import type { Path, Status } from "../engine";

type State = Path | Status["reach"];

const words: Record<State, string> = {
  direct: "direct",
  relayed: "relayed",
  alone: "nobody else here yet",
  offline: "offline",
};

const meanings: Record<State, string> = {
  direct: "Connected browser to browser, with nothing in between",
  relayed: "No direct way was found: a node passes the encrypted data on",
  alone: "A node is reached, and nobody else is in the room",
  offline: "Not connected at the moment",
};

const marks: Record<State, string> = {
  direct: "bg-good",
  relayed: "border-2 border-warn bg-[linear-gradient(90deg,var(--warn)_50%,transparent_50%)]",
  alone: "bg-soft opacity-50",
  offline: "border-[1.5px] border-soft",
};

const inks: Record<State, string> = {
  direct: "text-good",
  relayed: "text-warn",
  alone: "text-soft",
  offline: "text-soft",
};

export function Reach({ state, pill = false }: { state: State; pill?: boolean }) {
  const frame = pill
    ? "min-[701px]:rounded-full min-[701px]:border min-[701px]:border-line min-[701px]:bg-surface min-[701px]:px-2.5 min-[701px]:py-1"
    : "";
  return (
    <span
      title={meanings[state]}
      className={`inline-flex items-center gap-1.5 text-[0.8rem] leading-none font-medium whitespace-nowrap ${inks[state]} ${frame}`}
    >
      <span aria-hidden className={`size-2 shrink-0 rounded-full ${marks[state]}`} />
      {words[state]}
    </span>
  );
}
