/** Runs once what a meeting takes, in memory and while the page is idle: compiled, it is quick when somebody waits. */
import { WasmRehearsal } from "../pkg/covey_wasm.js";

/** Starts it; returns what ends it early, for a page that has come to the real thing. */
export function rehearse(): () => void {
  let rehearsal: WasmRehearsal | undefined = new WasmRehearsal();
  const end = () => {
    rehearsal?.free();
    rehearsal = undefined;
  };
  const step = () => {
    if (rehearsal?.step() === true) soon(step);
    else end();
  };
  soon(step);
  return end;
}

function soon(step: () => void): void {
  // Absent in Safari.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(step);
  else setTimeout(step, 20);
}
